// Scores of real, held-out and fake samples on one axis: what D has learned, and whether it has learned by heart.

import {h, replace, say, svg, symbol} from "./dom.js";
import {short, tick} from "./format.js";
import {marks} from "./colourbar.js";
import {part} from "./landscape.js";

const HEIGHT = 196, LEFT = 6, TOP = 14, BOTTOM = 20, APART = 1.5, SHARE = 0.2;     // px; held-out over real that means a memory, as a factor or as a share of the axis
const KINDS = ["real", "held", "fake"], CALLED = {real: "real", held: "held-out", fake: "fake"};

/** Whether D scores what it has seen otherwise than what it has not: then it knows its training data by heart. */
export function memorises({scale, range: [low, high], mean: {real, held}}, rising) {
  const [seen, unseen] = rising ? [real, held] : [held, real];
  return scale === "log" ? unseen > APART * seen : unseen - seen > SHARE * (high - low);
}

export class Histogram {
  constructor() {
    this.what = h("span", {class: "what"});
    this.note = h("span", {class: "note keys"});
    this.picture = svg("svg", {class: "histogram", height: HEIGHT, role: "img", "data-testid": "histogram"});
    this.box = h("div", {class: "plane"}, this.picture);
    this.says = h("p", {class: "note", "data-testid": "memory"});
    this.element = h("figure", {class: "chart empty", "data-which": "histogram", "data-word": "histogram", role: "group", "aria-label": "Chart: energies of samples"}, h("figcaption", {class: "cap"}, this.what, this.note), this.box, this.says);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = Math.floor(width);
      this.draw();
    }).observe(this.box);
  }

  begin() {
    this.look = null;
    this.element.classList.add("empty");
  }

  get empty() {
    return !this.look;
  }

  see(look) {
    this.look = look;
    this.element.classList.remove("empty");
    this.draw();
  }

  draw() {
    if (!this.look || !this.width) return;
    const {hist, unit, rising, levels} = this.look, {bins, mean} = hist, width = this.width - 2 * LEFT, low = HEIGHT - BOTTOM;
    const shares = Object.fromEntries(KINDS.map((kind) => { const all = hist[kind].reduce((a, b) => a + b, 0) || 1; return [kind, hist[kind].map((n) => n / all)]; }));
    const most = Math.max(...KINDS.flatMap((kind) => shares[kind])), X = (i) => LEFT + i / bins * width, Y = (v) => low - v / most * (low - TOP), at = (value) => LEFT + Math.min(1, Math.max(0, part(hist, value))) * width;
    const steps = (values) => `M${X(0)} ${low}${values.map((v, i) => `V${Y(v).toFixed(1)}H${X(i + 1).toFixed(1)}`).join("")}V${low}`;
    const named = marks(hist), apart = hist.scale === "linear" && named.length > 1 ? named[1] - named[0] : null, told = [];
    for (const value of named) if (!told.length || at(value) - at(told.at(-1)) > 34) told.push(value);
    const now = levels.filter(({past, value}) => !past && part(hist, value) > 0 && part(hist, value) < 1);
    this.picture.setAttribute("width", this.width);
    replace(this.picture, svg("path", {class: "real", d: `${steps(shares.real)}Z`}), svg("path", {class: "held", d: steps(shares.held)}), svg("path", {class: "fake", d: steps(shares.fake)}),
      svg("line", {class: "ground", x1: LEFT, x2: LEFT + width, y1: low, y2: low}),
      ...told.flatMap((value) => [svg("line", {class: "tick", x1: at(value), x2: at(value), y1: low, y2: low + 4}), svg("text", {x: at(value), y: HEIGHT - 3, "text-anchor": at(value) > width - 12 ? "end" : at(value) < 20 ? "start" : "middle"}, apart ? tick(value, apart) : short(value, 1))]),
      ...now.flatMap(({value, symbol: letter}) => [svg("line", {class: "level", x1: at(value), x2: at(value), y1: TOP, y2: low}), svg("text", {class: "sy", x: at(value) + (at(value) > width - 40 ? -4 : 4), y: TOP + 12, "text-anchor": at(value) > width - 40 ? "end" : "start"}, letter)]),
      ...["real", "fake"].flatMap((kind) => [svg("line", {class: `pin ${kind}`, x1: at(mean[kind]), x2: at(mean[kind]), y1: 10, y2: low}), svg("circle", {class: `pin ${kind}`, cx: at(mean[kind]), cy: 6, r: 3.8})]));
    replace(this.what, unit === "energy" ? "Energies" : ["Scores, ", symbol(rising ? "L" : "D")]);
    replace(this.note, ...["real", "fake"].map((kind) => h("span", {}, h("span", {class: `dot ${kind}`}), short(mean[kind], 2))));
    const learnt = memorises(hist, rising);
    say(this.says, learnt ? `Held-out data score ${short(mean.held, 2)}, what D was trained on ${short(mean.real, 2)}: D knows its data by heart.` : "Dotted: held-out data. It lies on real, so D has not learned by heart.");
    this.picture.setAttribute("aria-label", `${unit}: ${KINDS.map((kind) => `${CALLED[kind]} ${short(mean[kind])} in the mean`).join(", ")}${now.length ? `; ${now.map(({name, value}) => `${name} ${short(value)}`).join(", ")}` : ""}.`);
  }
}
