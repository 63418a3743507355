// From one latent to another, straight and round: what G makes of the points between, and how long they are. Only of a run that is not training.

import {h, replace, say, svg, uid} from "./dom.js";
import {number, short} from "./format.js";
import {dice} from "./settings.js";
import {tiles} from "./tiles.js";

const N = 9, ROOM = 6, HIGH = 64, TOP = 18, GROUND = 58.5, EDGE = 10;       // the plot of |z|: px
const WAYS = {lerp: "lerp, straight", slerp: "slerp, along the sphere"};

export class Strip {
  /** `thread(points or null)`: on points the way is drawn over the large picture. */
  constructor(api, thread) {
    Object.assign(this, {api, thread});
    const seed = (value, label) => h("input", {type: "text", inputmode: "numeric", class: "num", value, "aria-label": label, autocomplete: "off", onchange: () => this.ask()});
    this.a = seed(1, "Seed of the first latent");
    this.b = seed(2, "Seed of the last latent");
    const id = uid("way"), ask = () => this.ask(), end = (word, field, label) => h("span", {class: "row"}, h("span", {}, word), field, dice(label, field, ask));
    this.mode = h("select", {id, onchange: () => this.draw()}, ...Object.entries({auto: "as the prior asks", ...WAYS}).map(([value, text]) => h("option", {value}, text)));
    this.choice = h("span", {class: "row way-of"}, h("label", {for: id}, "way"), this.mode);
    this.canvas = h("canvas");
    this.rows = Object.keys(WAYS).map((way) => ({way, name: h("figcaption", {class: "note"}), image: h("img", {"data-testid": `strip-${way}`})}));
    this.pictures = h("div", {class: "ways"}, ...this.rows.map(({name, image}) => h("figure", {}, name, image)));
    this.lengths = svg("svg", {class: "lengths", height: HIGH, role: "img"});
    this.note = h("p", {class: "note", role: "status"});
    this.way = h("div", {class: "way"}, this.pictures, this.lengths);
    this.element = h("section", {class: "strip", hidden: true, "aria-label": "Between two latents"},
      h("h2", {}, "Between two latents"),
      h("div", {class: "ends"}, end("from", this.a, "Another first latent"), end("to", this.b, "Another last latent"), this.choice),
      this.way, this.note);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = width;
      this.draw();
    }).observe(this.way);
  }

  /** `run` null hides it. A run that trained on is asked again. */
  for(run, step) {
    const key = run && `${run} ${step}`;
    if (this.key === key) return;
    Object.assign(this, {key, run, made: null, sheets: null});
    this.element.hidden = true;
    this.thread(null);
    if (run) this.ask();
  }

  async ask() {
    const {key, run} = this, asked = (this.asked = {run, a: number(this.a.value) ?? this.a.value, b: number(this.b.value) ?? this.b.value, n: N});
    try {
      const made = await this.api.strip(asked), sheets = made.lerp.image ? await Promise.all(this.rows.map(({way}) => bitmap(made[way].image))) : null;
      if (key !== this.key || asked !== this.asked) return;
      Object.assign(this, {made, sheets});
      this.element.hidden = false;
      this.draw();
    } catch (error) {
      if (key !== this.key || error.field === "run") return;        // no checkpoint (yet): there is nothing to walk through
      say(this.note, error.message);
    }
  }

  draw() {
    const {made, sheets, width} = this;
    if (!made || !width) return;
    const asked = this.mode.value === "auto" ? made.default : this.mode.value;
    this.pictures.hidden = !sheets;
    this.choice.hidden = Boolean(sheets);
    if (sheets) this.samples(sheets);
    this.plot(sheets ? made.default : asked);
    say(this.note, sheets ? `${made.default} is what the prior asks for; the lines are |z|, the length of the latent` : `${asked}; |z| is the length of the latent. Its way is drawn over the points, from the filled end`);
    if (!sheets) this.thread(made[asked].points);
  }

  samples(sheets) {
    this.rows.forEach(({way, name, image}, i) => {
      tiles(this.canvas, sheets[i], this.made[way].size, N, this.width, this.room());
      image.src = this.canvas.toDataURL();
      image.alt = `${N} samples between the two latents, ${WAYS[way]}`;
      name.textContent = WAYS[way];
    });
  }

  room() {
    return this.width < 440 ? ROOM - 3 : ROOM;
  }

  /** |z| from one end to the other, above 0: flat along the sphere, sagging along a straight line. The pictures' own places, where there are some. */
  plot(chosen) {
    const {made, width} = this, tile = (width - this.room() * (N - 1)) / N, edge = this.sheets ? tile / 2 : EDGE, top = Math.max(...made.lerp.norms, ...made.slerp.norms) || 1;
    const X = (i) => edge + i / (N - 1) * (width - 2 * edge), Y = (v) => GROUND - v / top * (GROUND - TOP), middle = (N - 1) / 2;
    const line = (way) => [svg("path", {class: way === chosen ? "" : "other", d: `M${made[way].norms.map((v, i) => `${X(i).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}`}),
      svg("text", {x: X(middle), y: way === "slerp" ? Y(made.slerp.norms[middle]) - 6 : Math.min(Y(made.lerp.norms[middle]) + 14, GROUND - 3), "text-anchor": "middle"}, `${way} ${short(made[way].norms[middle])}`)];
    this.lengths.setAttribute("width", width);
    replace(this.lengths, svg("path", {d: `M0 ${GROUND}H${width}`, class: "ground"}), ...Object.keys(WAYS).sort((a) => (a === chosen ? 1 : -1)).flatMap(line),
      ...made[chosen].norms.map((v, i) => svg("circle", {cx: X(i), cy: Y(v), r: i % (N - 1) ? 2 : 3.5, class: i ? "open" : ""})),
      ...[0, N - 1].map((i) => svg("text", {x: X(i), y: Y(made[chosen].norms[i]) - 8, "text-anchor": this.sheets ? "middle" : i ? "end" : "start"}, short(made[chosen].norms[i]))));
    this.lengths.setAttribute("aria-label", `|z| from one latent to the other: ${Object.keys(WAYS).map((way) => `${way} ${made[way].norms.map((v) => short(v)).join(", ")}`).join("; ")}`);
  }
}

const bitmap = async (uri) => createImageBitmap(await (await fetch(uri)).blob());
