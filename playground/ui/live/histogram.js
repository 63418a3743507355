// Scores of real, held-out and fake samples on one axis: what D has learned, and whether it has learned by heart.

import {h, replace, say, svg, symbol} from "./dom.js";
import {short, tick} from "./format.js";
import {marks} from "./colourbar.js";
import {part, score} from "./landscape.js";
import {Table} from "./table.js";
import {dotted, places, wide} from "./wording.js";

const HEIGHT = 196, LEFT = 6, TOP = 14, BOTTOM = 20, LARGER = 1.15, APART = 1.5, SHARE = 0.2;     // px; of the letters of mathematics; held-out over real that means a memory, as a factor or as a share of the axis
const FEW = 20, STROKE = 12, MOST = 6;          // samples below which no shape is drawn and nothing concluded; px of the stroke of one, and of how many a stroke may be
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
    this.table = new Table("energies of samples", () => this.numbers());
    this.element = h("figure", {class: "chart empty", "data-which": "histogram", "data-word": "histogram", role: "group", "aria-label": "Chart: energies of samples"}, h("figcaption", {class: "cap"}, this.what, this.table.toggle, this.note), this.box, this.says, this.table.element);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = Math.floor(width);
      this.draw();
    }).observe(this.box);
  }

  begin() {
    Object.assign(this, {look: null, stood: {}});
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

  /** How many samples of each kind lie from a score on; where none does, it is left out. */
  numbers() {
    const {hist, unit} = this.look ?? {};
    if (!hist) return null;
    const rows = hist.real.map((_, i) => [short(score(hist, i / hist.bins)), ...KINDS.map((kind) => hist[kind][i])]).filter((row) => row.slice(1).some(Boolean));
    return {head: [`${unit === "energy" ? "energy" : "score"} from`, ...KINDS.map((kind) => CALLED[kind])], rows: rows.map((row) => row.map(String))};
  }

  draw() {
    if (!this.look || !this.width) return;
    const {hist, unit, rising, levels} = this.look, {bins, mean} = hist, width = this.width - 2 * LEFT, low = HEIGHT - BOTTOM;
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, hist[kind].reduce((a, b) => a + b, 0)])), few = KINDS.filter((kind) => counts[kind] < FEW), many = KINDS.filter((kind) => counts[kind] >= FEW);
    const shares = Object.fromEntries(KINDS.map((kind) => [kind, hist[kind].map((n) => n / (counts[kind] || 1))]));
    const most = Math.max(...many.flatMap((kind) => shares[kind]), 1e-9), X = (i) => LEFT + i / bins * width, Y = (v) => low - v / most * (low - TOP), at = (value) => LEFT + Math.min(1, Math.max(0, part(hist, value))) * width;
    const steps = (values) => `M${X(0)} ${low}${values.map((v, i) => `V${Y(v).toFixed(1)}H${X(i + 1).toFixed(1)}`).join("")}V${low}`;
    const {named: all, apart} = marks(hist), told = [];
    for (const value of all) if (!told.length || at(value) - at(told.at(-1)) > 34) told.push(value);
    const now = levels.filter(({past, value}) => !past && part(hist, value) > 0 && part(hist, value) < 1);
    this.picture.setAttribute("width", this.width);
    const bars = many.flatMap((kind) => shares[kind].flatMap((v, i) => (v ? dotted([[X(i + 0.5), Y(v)], [X(i + 0.5), low]], () => 0.5) : []))), pins = ["real", "fake"].flatMap((kind) => dotted([[at(mean[kind]), 0], [at(mean[kind]), low]], () => 1));
    const beside = (x) => [4, 12, 22].flatMap((away) => [12, 30, 48].flatMap((y) => [[x + away, TOP + y], [x - away, TOP + y, "end"]]));
    const named = places(now.map(({value, symbol: letter}) => ({key: letter, wide: wide(letter) * LARGER, at: beside(at(value))})), [...bars, ...pins], {left: 0, top: 0, right: this.width, bottom: low}, this.stood);
    const rug = (kind) => hist[kind].flatMap((n, i) => (n ? [`M${X(i + 0.5).toFixed(1)} ${low}v${-STROKE * Math.min(n, MOST)}`] : [])).join("");
    replace(this.picture, ...many.map((kind) => svg("path", {class: kind, d: `${steps(shares[kind])}${kind === "real" ? "Z" : ""}`})), ...few.map((kind) => svg("path", {class: `${kind} rug`, d: rug(kind)})),
      svg("line", {class: "ground", x1: LEFT, x2: LEFT + width, y1: low, y2: low}),
      ...told.flatMap((value) => [svg("line", {class: "tick", x1: at(value), x2: at(value), y1: low, y2: low + 4}), svg("text", {x: at(value), y: HEIGHT - 3, "text-anchor": at(value) > width - 12 ? "end" : at(value) < 20 ? "start" : "middle"}, apart ? tick(value, apart) : short(value, 1))]),
      ...now.flatMap(({value, symbol: letter}) => [svg("line", {class: "level", x1: at(value), x2: at(value), y1: TOP, y2: low}), named[letter] && svg("text", {class: "sy", ...named[letter]}, letter)]),
      ...["real", "fake"].flatMap((kind) => [svg("line", {class: `pin ${kind}`, x1: at(mean[kind]), x2: at(mean[kind]), y1: 10, y2: low}), svg("circle", {class: `pin ${kind}`, cx: at(mean[kind]), cy: 6, r: 3.8})]));
    replace(this.what, unit === "energy" ? "Energies" : ["Scores, ", symbol(rising ? "L" : "D")]);
    replace(this.note, ...["real", "fake"].map((kind) => h("span", {}, h("span", {class: `dot ${kind}`}), short(mean[kind], 2))));
    const learnt = memorises(hist, rising), n = few.map((kind) => `${counts[kind]} ${CALLED[kind]}`).join(", ");
    say(this.says, n ? `${n}, a stroke each: too few for a shape, and to tell whether D has learned by heart.` : learnt ? `Held-out data score ${short(mean.held, 2)}, what D was trained on ${short(mean.real, 2)}: D knows its data by heart.` : "Dotted: held-out data. It lies on real, so D has not learned by heart.");
    this.table.draw();
    this.picture.setAttribute("aria-label", `${unit}: ${KINDS.map((kind) => `${CALLED[kind]} ${short(mean[kind])} in the mean`).join(", ")}${now.length ? `; ${now.map(({name, value}) => `${name} ${short(value)}`).join(", ")}` : ""}.`);
  }
}
