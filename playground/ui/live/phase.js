// The phase plot: what D gives fakes over what it gives real data; the way there fades into the past, the lines to read it against are dashed.

import {h, replace, say, svg, symbol} from "./dom.js";
import {plain, short, tick, whole} from "./format.js";
import {before} from "./history.js";
import {Plane, pairing, past, ranges, sides} from "./phasing.js";
import {thinned} from "./scale.js";
import {few, Table} from "./table.js";
import {dotted, places, wide} from "./wording.js";

const HEIGHT = 196, CHUNKS = 28, NEAR = 40, CALM = 5;         // px; pieces of the way, each of one ink; px from the pointer to a moment that is told of; points that make one
const APART = 4, CROWD = 16;             // px between two older lines; and that one of them needs for its name
const HERE = 12, DASHED = 0.3;           // what words had better not hide: where the run stands, and a dash of a line, beside 1 for the newest ink of its way

const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

const three = (value) => plain(Number(value.toPrecision(3)));
const letter = (text) => svg("tspan", {class: "sy"}, text.split("_")[0]);

export class Phase {
  constructor() {
    this.what = h("span", {class: "what"});
    this.note = h("span", {class: "note"});
    this.picture = svg("svg", {class: "phase", height: HEIGHT, role: "img", onpointermove: (event) => this.point(event), onpointerdown: (event) => this.point(event), onpointerleave: () => this.point(null)});
    this.box = h("div", {class: "plane"}, this.picture);
    this.table = new Table("the phase plot", () => this.numbers());
    this.element = h("figure", {class: "chart empty", "data-which": "phase", "data-word": "phase", role: "group", "aria-label": "Chart: phase"}, h("figcaption", {class: "cap"}, this.what, this.table.toggle, this.note), this.box, this.table.element);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = Math.floor(width);
      if (this.history) this.draw(this.held);
    }).observe(this.box);
  }

  /** What a run's variant declares decides what can be shown. */
  begin(variant, kind, spec, history) {
    const {scalars} = variant, pair = pairing(scalars), called = (name) => scalars[name].symbol || name.replace("/", " ");
    const knob = (name) => (variant.knobs[kind].find((k) => k.name === name)?.symbol || name);
    Object.assign(this, {variant, spec, history, pair, kept: {}, stood: {}, log: false, at: null, held: null, told: null});
    this.element.classList.add("empty");
    if (!pair) return;
    this.names = {real: called(pair.real), fake: called(pair.fake), line: pair.slope ? knob(pair.slope) : pair.series ? called(pair.series) : pair.level ? knob(pair.level) : ""};
    replace(this.what, symbol(this.names.fake), " over ", symbol(this.names.real));
  }

  /** Whether G and D have met yet. */
  get empty() {
    return !this.pair || ![this.pair.real, this.pair.fake].every((name) => this.history.series[name]?.mid.some((v) => v != null));
  }

  /** [{step, real, fake}], each the mean of a few, as the readings are. */
  way() {
    const [steps, real, , , fake] = thinned(this.history, [this.pair.real, this.pair.fake], null), found = steps.flatMap((step, i) => (real[i] == null || fake[i] == null ? [] : [{step, real: real[i], fake: fake[i]}]));
    const mean = (few, of) => few.reduce((sum, p) => sum + p[of], 0) / few.length;
    return found.map(({step}, i) => { const few = found.slice(Math.max(0, i + 1 - CALM), i + 1); return {step, real: mean(few, "real"), fake: mean(few, "fake")}; });
  }

  /** `step`: where the timeline stands, null at the end. */
  draw(step) {
    this.held = step;
    if (!this.width || this.empty) return;
    const {history, pair} = this, way = this.way(), last = step == null ? way.length - 1 : Math.max(0, before(way.map((p) => p.step), step));
    const now = {...way[last], step: step ?? history.end};
    this.told = [...way.slice(0, last), now];
    this.lines = past(pair, history, this.spec, step ?? Infinity);
    this.kept = ranges(way, this.lines.at(-1), pair, this.kept);
    this.plane = new Plane(this.kept, this.width, HEIGHT);
    const {X, Y} = this.plane, px = (p) => [X(p.real), Y(p.fake)], {left, top, width, height} = this.plane, points = this.told.map(px);
    const inside = svg("svg", {x: left, y: top, width, height, overflow: "hidden", "aria-hidden": "true", viewBox: `${left} ${top} ${width} ${height}`}, ...this.beneath(), ...this.trail(points), step == null ? null : this.ahead(way.slice(last).map(px)));
    this.ring = svg("circle", {class: "ring", r: 4, hidden: true});
    this.picture.setAttribute("width", this.width);
    const [cx, cy] = points.at(-1);
    replace(this.picture, ...this.grid(), inside, ...this.words(points), svg("circle", {class: "now", cx: Math.min(left + width, Math.max(left, cx)), cy: Math.min(top + height, Math.max(top, cy)), r: 4.5}), this.ring);
    this.picture.setAttribute("aria-label", this.inWords(now));
    this.table.draw();
    this.tell();
  }

  /** The way up to now. */
  numbers() {
    return this.told && {head: ["step", this.names.real, this.names.fake], rows: few(this.told).map(({step, real, fake}) => [whole(step), short(real), short(fake)])};
  }

  grid() {
    const {X, Y, left, top, width, height, xs, ys, apart, log} = this.plane, name = (v, all) => tick(v, log ? v : apart(all));
    return [...ys.map((v) => svg("line", {class: "rule", x1: left, x2: left + width, y1: Y(v), y2: Y(v)})), ...ys.map((v) => svg("text", {x: left - 6, y: Y(v) + 4, "text-anchor": "end"}, name(v, ys))),
      ...xs.map((v) => svg("line", {class: "tick", x1: X(v), x2: X(v), y1: top + height, y2: top + height + 4})),
      ...xs.map((v) => svg("text", {x: X(v), y: HEIGHT - 3, "text-anchor": X(v) > left + width - 14 ? "end" : X(v) < left + 4 && !log ? "start" : "middle"}, name(v, xs))),
      svg("line", {class: "ground", x1: left, x2: left + width, y1: top + height, y2: top + height})];
  }

  /** Both ends of the line of a value. */
  ends(value) {
    return this.pair.slope ? this.plane.line(value) : this.plane.level(value);
  }

  /** The older lines, the newest first, but for those that would lie on another. */
  older() {
    const height = (value) => this.ends(value)[1][1], [now, ...before] = [...this.lines].reverse(), kept = [];
    for (const value of before) if ([now, ...kept].every((other) => Math.abs(height(value) - height(other)) >= APART)) kept.push(value);
    return kept;
  }

  /** The ground on one side of the line, and the lines: the older ones dotted. */
  beneath() {
    const {plane, lines, pair} = this, own = pair.series ? "measured" : "set", now = lines.length ? this.ends(lines.at(-1)) : null;
    return [now && svg("path", {class: `under ${own}`, d: `${path(now)}L${plane.left + plane.width} ${HEIGHT}L${plane.left} ${HEIGHT}Z`}), !pair.slope && svg("path", {class: "even", d: path(plane.line(1))}),
      ...this.older().map((value) => svg("path", {class: `line ${own} was`, d: path(this.ends(value))})), now && svg("path", {class: `line ${own}`, d: path(now)})].filter(Boolean);
  }

  /** The way so far: the nearer to now, the more ink. */
  trail(points) {
    const pieces = Math.min(CHUNKS, points.length - 1), cut = (i) => Math.round(i / pieces * (points.length - 1));
    return Array.from({length: Math.max(0, pieces)}, (_, i) => {
      const age = (i + 1) / pieces;
      return svg("path", {class: "way", d: path(points.slice(cut(i), cut(i + 1) + 1)), "stroke-opacity": (0.12 + 0.88 * age ** 2).toFixed(2), "stroke-width": (0.9 + 0.9 * age).toFixed(2)});
    });
  }

  /** What comes after the held step, barely. */
  ahead(points) {
    return points.length > 1 && svg("path", {class: "way", d: path(points), "stroke-opacity": 0.12, "stroke-width": 0.9});
  }

  /** What is written on the plane: the lines' names, and what the two sides mean. */
  words(points) {
    const {plane, pair, lines, names} = this, told = sides(pair, this.variant), value = lines.at(-1), own = pair.series ? "measured" : "set", even = plane.line(1), line = value == null ? even : this.ends(value);
    const older = this.older(), drawn = [...(value == null ? [] : [line]), ...older.map((v) => this.ends(v))], was = older.find((v) => Math.abs(this.ends(v)[1][1] - line[1][1]) >= CROWD);
    const side = (text, above) => { const w = text && wide(text.replace(/[{}]/g, "")); return text && {key: text, wide: w, at: plane.beyond(line, above, w), parts: text.split(/[{}]/).flatMap((part, i) => (i % 2 ? [letter(part)] : part || []))}; };
    const name = (key, cls, text, at, parts = [text]) => ({key, cls, wide: wide(text), at, parts});
    const words = [value != null && name("now", own, `${names.line.split("_")[0]} ${three(value)}`, plane.names(line, drawn), [letter(names.line), ` ${three(value)}`]), side(told[0], true), side(told[1], false),
      was != null && name("was", own, `was ${three(was)}`, plane.names(this.ends(was), drawn)), !pair.slope && name("alike", "quiet", "alike", plane.names(even))].filter(Boolean);
    const [x, y] = points.at(-1), here = [[0, 0], [5, 0], [-5, 0], [0, 5], [0, -5]].map(([u, v]) => [x + u, y + v, HERE]);
    const ink = [...here, ...dotted(points, (i) => 0.6 + 0.6 * (i / points.length) ** 2), ...[...drawn, ...(pair.slope ? [] : [even])].flatMap((at) => dotted(at, () => DASHED))];
    const found = places(words, ink, {left: plane.left, right: plane.left + plane.width, top: plane.top, bottom: plane.top + plane.height}, this.stood);
    return words.flatMap(({key, cls, parts}) => (found[key] ? [svg("text", {class: cls, ...found[key]}, ...parts)] : []));
  }

  /** Under the pointer: the nearest moment of the way. */
  point(event) {
    const box = event && this.picture.getBoundingClientRect(), {X, Y} = this.plane ?? {};
    this.at = null;
    if (event && X) {
      const far = (p) => Math.hypot(X(p.real) - event.clientX + box.left, Y(p.fake) - event.clientY + box.top);
      const best = this.told.reduce((found, p) => (far(p) < far(found) ? p : found));
      if (far(best) < NEAR) this.at = best;
    }
    this.tell();
  }

  tell() {
    const {at, told, plane} = this;
    if (this.ring && plane) {
      this.ring.toggleAttribute("hidden", !at);
      if (at) Object.entries({cx: plane.X(at.real), cy: plane.Y(at.fake)}).forEach(([name, v]) => this.ring.setAttribute(name, v));
    }
    this.element.classList.toggle("told", Boolean(at));
    say(this.note, at ? `step ${whole(at.step)}: ${short(at.fake)} / ${short(at.real)}` : told ? `${whole(told.at(-1).step - told[0].step)} steps${plane.log ? ", log" : ""}` : "");
  }

  /** The same for those who listen. */
  inWords({step, real, fake}) {
    const {pair, names, lines, variant} = this, line = lines.at(-1), over = pair.slope ? fake > line * real : fake > (line ?? real), word = sides(pair, variant)[over ? 0 : 1]?.replace(/[{}]/g, "");
    const where = line == null ? "" : `, ${over ? "above" : "below"} the line ${names.line} ${three(line)}`;
    return `At step ${whole(step)} ${names.fake} is ${short(fake)} over ${names.real} ${short(real)}${where}${word ? `: ${word}` : ""}.`;
  }
}
