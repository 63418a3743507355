// From one latent to another, straight and round: what G makes of the points between, and how long they are. Only of a run that is not training.

import {h, replace, say, uid} from "./dom.js";
import {number} from "./format.js";
import {latents, link} from "./models/way.js";
import {dice} from "./settings.js";
import {tiles} from "./tiles.js";
import {bitmap, Lengths, WAYS} from "./ways.js";

const N = 9, ROOM = 6, EDGE = 10;           // px between two pictures; left and right of the plot of |z| where there are none

/** The shell hears of another address as of a step back. */
function visit(address) {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}

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
    this.pictures = h("div", {class: "two-ways"}, ...this.rows.map(({name, image}) => h("figure", {}, name, image)));
    this.lengths = new Lengths();
    this.note = h("p", {class: "note", role: "status"});
    this.more = h("span", {class: "more-of note"});
    this.way = h("div", {class: "way"}, this.pictures, this.lengths.element);
    this.element = h("section", {class: "strip", hidden: true, "aria-label": "Between two latents"},
      h("div", {class: "cap"}, h("h2", {}, "Between two latents"), this.more),
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
    if (run) {
      replace(this.more, link(latents(run), visit, {}, "More with its latents"));
      this.ask();
    }
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
    this.lengths.draw(made, sheets ? made.default : asked, width, sheets ? (width - this.room() * (N - 1)) / N / 2 : EDGE, !sheets);
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
}
