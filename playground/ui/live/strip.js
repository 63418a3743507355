// From one latent to another: what G makes of the points between. Only of a run that is not training.

import {h, replace, say, svg, uid} from "./dom.js";
import {number, short} from "./format.js";
import {dice} from "./settings.js";
import {tiles} from "./tiles.js";

const N = 9, ROOM = 6;
const WAYS = {auto: "as the prior asks", slerp: "slerp, along the sphere", lerp: "lerp, straight"};

export class Strip {
  /** `thread(points or null)`: on points the way is drawn over the large picture. */
  constructor(api, thread) {
    Object.assign(this, {api, thread});
    const seed = (value, label) => h("input", {type: "text", inputmode: "numeric", class: "num", value, "aria-label": label, autocomplete: "off", onchange: () => this.ask()});
    this.a = seed(1, "Seed of the first latent");
    this.b = seed(2, "Seed of the last latent");
    const id = uid("way"), ask = () => this.ask(), end = (word, field, label) => h("span", {class: "row"}, h("span", {}, word), field, dice(label, field, ask));
    this.mode = h("select", {id, onchange: ask}, ...Object.entries(WAYS).map(([value, text]) => h("option", {value}, text)));
    this.canvas = h("canvas");
    this.image = h("img", {"data-testid": "strip"});
    this.norms = h("p", {class: "norms", "aria-hidden": "true"});
    this.lengths = svg("svg", {class: "lengths", viewBox: "0 0 300 60", role: "img"});
    this.note = h("p", {class: "note", role: "status"});
    this.way = h("div", {class: "way"}, this.image, this.lengths, this.norms);
    this.element = h("section", {class: "strip", hidden: true, "aria-label": "Between two latents"},
      h("h2", {}, "Between two latents"),
      h("div", {class: "ends"}, end("from", this.a, "Another first latent"), end("to", this.b, "Another last latent"), h("span", {class: "row way-of"}, h("label", {for: id}, "way"), this.mode)),
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
    Object.assign(this, {key, run, made: null, sheet: null});
    this.element.hidden = true;
    this.thread(null);
    if (run) this.ask();
  }

  async ask() {
    const {key, run} = this, asked = (this.asked = {run, a: number(this.a.value) ?? this.a.value, b: number(this.b.value) ?? this.b.value, mode: this.mode.value, n: N});
    try {
      const made = await this.api.strip(asked), sheet = made.image ? await createImageBitmap(await (await fetch(made.image)).blob()) : null;
      if (key !== this.key || asked !== this.asked) return;
      Object.assign(this, {made, sheet});
      this.element.hidden = false;
      this.draw();
    } catch (error) {
      if (key !== this.key || error.field === "run") return;        // no checkpoint (yet): there is nothing to walk through
      say(this.note, error.message);
    }
  }

  draw() {
    const {made, sheet, width} = this;
    if (!made || !width) return;
    const norms = made.norms.map((v) => short(v));
    this.image.hidden = this.norms.hidden = !sheet;
    this.lengths.toggleAttribute("hidden", Boolean(sheet));
    if (sheet) this.samples(sheet, norms);
    else this.plot(made.norms);
    say(this.note, `${made.mode}; |z| ${sheet ? "is under each" : "is the length of the latent. Its way is drawn over the points, from the filled end"}`);
    if (made.points) this.thread(made.points);
  }

  samples(sheet, norms) {
    tiles(this.canvas, sheet, this.made.size, norms.length, this.width, this.width < 440 ? ROOM - 3 : ROOM);
    this.image.src = this.canvas.toDataURL();
    this.image.alt = `${norms.length} samples between the two latents`;
    replace(this.norms, ...norms.map((v) => h("span", {}, v)));
  }

  /** |z| from one end to the other: flat along the sphere, sagging along a straight line. */
  plot(norms) {
    const top = Math.max(...norms) || 1, at = norms.map((v, i) => [8 + i / (norms.length - 1) * 284, 52 - v / top * 28]), last = norms.length - 1;
    replace(this.lengths, svg("path", {d: "M8 52H292", class: "ground"}), svg("path", {d: `M${at.map((p) => p.join(" ")).join("L")}`}),
      ...at.map(([cx, cy], i) => svg("circle", {cx, cy, r: i % last ? 2.5 : 4, class: i ? "open" : ""})),
      ...[0, last].map((i) => svg("text", {x: at[i][0], y: at[i][1] - 9, "text-anchor": i ? "end" : "start"}, short(norms[i]))));
    this.lengths.setAttribute("aria-label", `|z| from one latent to the other: ${norms.map((v) => short(v)).join(", ")}`);
  }
}
