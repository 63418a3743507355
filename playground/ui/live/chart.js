// One strip of history: envelope, mean line, references, phases, tune marks. uPlot draws; hover and zoom are shared by all strips.

import {edges} from "./bands.js";
import {h, say, svg, symbol} from "./dom.js";
import {plain, short, tick, whole} from "./format.js";
import {answers, called, pens, role, says, title} from "./groups.js";
import * as marks from "./marks.js";
import {before} from "./history.js";
import {around, decades, height, steep, thinned, ticks} from "./scale.js";
import {few, Table} from "./table.js";
import {palette} from "./theme.js";

const REAL = "real against real", LEARNT = /^quality\/(fd|precision|recall|entropy|classes)$/, CLASSES = 10;
const LEFT = 40, RIGHT = 48, HEIGHT = 70, AXIS = 18;
const FEW = 60;                                     // measures that are drawn as points besides
const SHARED = ["mousemove", "mouseleave"];        // a drag belongs to the chart that it is made on

/** A line's key: a piece of it. */
const stroke = (dash) => svg("svg", {class: "pen", viewBox: "0 0 16 6", width: 16, height: 6, "aria-hidden": "true"}, svg("path", {d: "M0 3H16", "stroke-dasharray": dash.join(" ")}));

export class Chart {
  /** `hears`: zoom([from, to] or null). */
  constructor(group, scalars, declared, hears) {
    Object.assign(this, {group, scalars, declared, hears, names: group.names, measured: group.measured, plot: null});
    const named = title(group, scalars), alone = this.names.length === 1;
    this.values = this.names.map(() => h("b"));
    this.note = h("span", {class: "note"}, this.says = says(group, scalars));
    this.pens = pens(this.names);
    this.lanes = answers(group, scalars);
    const letter = (name) => (this.lanes && scalars[name].symbol ? symbol(scalars[name].symbol) : called(name));
    this.keys = alone ? [] : this.names.map((name, i) => h("span", {class: "key"}, this.lanes ? h("span", {class: "light"}) : role(name) ? h("span", {class: `dot ${role(name)}`}) : stroke(this.pens[i].dash), letter(name), " ", this.values[i]));
    this.summary = h("p", {class: "sr"});
    this.plotBox = h("div", {class: "plot"});
    this.table = new Table(this.names.join(", "), () => this.numbers());
    this.element = h("figure", {class: "chart", "data-chart": group.key, role: "group", "aria-label": `Chart: ${this.names.join(", ")}`},
      this.caption = h("figcaption", {class: "cap"}, h("span", {class: "what"}, named.symbol ? symbol(named.symbol) : named.text), this.table.toggle, this.note, alone ? null : h("span", {class: "keys"}, this.keys)),
      this.plotBox, this.summary, this.table.element);
  }

  /** Whether there is anything to see: a number at all, and not only the factor 1. */
  empty(history) {
    if (this.measured) return history.measured(this.names[0]) == null;
    const idle = this.scalars[this.names[0]].unit === "factor", bare = (v) => v == null || (idle && v === 1);
    return this.names.every((name) => !history.series[name] || (history.series[name].low.every(bare) && history.series[name].high.every(bare)));
  }

  columns(history) {
    if (this.measured) {
      const rows = history.measures.filter((m) => this.names.some((name) => m[name] != null));
      return [rows.map((m) => m.step), ...this.names.flatMap((name) => { const mid = rows.map((m) => m[name] ?? null); return [mid, mid, mid]; })];
    }
    return thinned(history, this.names, this.view.zoom);
  }

  /** What may be counted at most: of modes, of classes. */
  get most() {
    return {modes: this.spec.modes, classes: CLASSES}[this.scalars[this.names[0]].unit] ?? null;
  }

  /** Bands to stay in, as declared: [{name, range, colour}], the same one once. */
  bands() {
    const found = this.names.flatMap((name, i) => (this.scalars[name].healthy ? [{name, range: this.scalars[name].healthy, colour: this.pens[i].colour}] : []));
    const same = found.every(({range}) => !range.flat().includes("median") && JSON.stringify(range) === JSON.stringify(found[0].range));
    return same || found.length === 1 ? found.slice(0, 1).map((band) => ({...band, colour: "trace"})) : found;
  }

  /** The same as they lie: [{low, high, colour}], a value of both for each step. */
  lying() {
    const [steps] = this.data, column = (name) => this.data[3 * this.names.indexOf(name) + 1], knob = (name) => this.history.knob(name, this.spec.knobs[name]);
    return this.bands().map(({name, range, colour}) => ({...edges(range, steps, column(name), column, knob), colour}));
  }

  /** Whether its numbers are parts of a whole, so that all of it is shown. */
  get whole() {
    return ["share", "probability"].includes(this.scalars[this.names[0]].unit);
  }

  /** Lines to compare with: [{colour, label, steps: [[from, value], ...]}]. Measures have what real data reach against real data. */
  references() {
    const {line} = this.scalars[this.names[0]], {history, spec} = this, floors = history.quality?.floors ?? {};
    if (this.measured) return this.names.filter((name) => floors[name] != null).map((name, i) => ({colour: "real", label: i ? "" : REAL, steps: [[0, floors[name]]]}));
    if (line == null) return [];
    if (typeof line === "number") return [{colour: "hand", label: "", steps: [[0, line]]}];
    return [{colour: "hand", label: this.declared[line]?.symbol || line, steps: history.knob(line, spec.knobs[line])}];
  }

  /** What a measure's name leaves out: how many samples, of which seed, through which extractor. */
  about(name) {
    const {quality} = this.history ?? {}, {help} = this.scalars[name];
    if (!this.measured || !quality) return help;
    return `${help}; n = ${whole(quality.n)}, seed ${quality.seed}${quality.extractor && LEARNT.test(name) ? `, extractor ${quality.extractor}` : ""}`;
  }

  /** `view`: {width, held: step or null, zoom: [from, to] or null, theme}. `axis`: with the steps beneath, for those above it too. */
  draw(history, spec, view, axis) {
    Object.assign(this, {history, spec, view});
    this.data = this.columns(history);
    const log = this.measured && this.most == null && steep(this.names.flatMap((_, i) => this.data[3 * i + 1]), this.references());
    if (!this.plot || this.theme !== view.theme || this.axis !== axis || this.log !== log) {
      this.plot?.destroy();
      Object.assign(this, {theme: view.theme, axis, log});
      this.element.classList.toggle("axis", axis);
      this.plot = new window.uPlot(this.options(), this.data, this.plotBox);
      this.width = view.width;
    } else {
      if (this.width !== view.width) this.plot.setSize({width: this.width = view.width, height: HEIGHT + (axis ? AXIS : 0)});
      this.plot.setData(this.data);
    }
    if (this.plot.cursor.idx == null) this.tell(null);
    this.table.draw();
    if (!(performance.now() - this.spoken < 5000)) {
      this.spoken = performance.now();
      say(this.summary, this.inWords());
      this.caption.title = this.names.map((name) => this.about(name)).join("\n");
    }
  }

  options() {
    const colour = this.pens.map((pen) => palette[pen.colour]), font = `11px ${palette.sans}`;
    const axis = {stroke: palette.ink3, font, ticks: {show: false}, border: {show: false}};
    const envelope = {points: {show: false}, width: 0};
    return {
      width: this.view.width, height: HEIGHT + (this.axis ? AXIS : 0), padding: [6, RIGHT, this.axis ? 0 : 4, 0], legend: {show: false}, pxAlign: 0,
      cursor: {sync: {key: "play", filters: {pub: (type) => SHARED.includes(type), sub: () => true}}, y: false, drag: {x: true, y: false, setScale: false}, points: {size: (u, i) => (i % 3 === 1 ? 7 : 0), width: (u, i) => (i % 3 === 1 ? 2 : 0), fill: palette.paper}},
      scales: {x: {time: false, range: () => this.view.zoom ?? [0, Math.max(1, this.history.end)]}, y: {distr: this.log ? 3 : 1, range: (u, low, high) => this.range(u, low, high)}},
      axes: [{...axis, show: this.axis, grid: {show: false}, size: AXIS, gap: 4, space: 64, values: (u, found) => found.map(whole)},
        {...axis, size: LEFT, gap: 5, grid: {stroke: palette.rule, width: 1}, splits: (u) => this.splits(u.scales.y), filter: (u, found) => found,
          values: (u, found) => found.map((v, i) => tick(v, this.log ? v : found.length > 1 ? found[1] - found[0] : Math.abs(v) || 1))}],
      series: [{}, ...this.names.flatMap((name, i) => [{stroke: colour[i], width: this.lanes ? 0 : 1.5, dash: this.pens[i].dash, spanGaps: this.measured, paths: name.endsWith("/margin") ? window.uPlot.paths.stepped({align: -1}) : null, points: {show: !this.lanes, filter: (u, at) => this.dots(u.data[at]), size: this.measured ? 5 : 4, fill: colour[i]}}, envelope, envelope])],
      bands: this.measured || this.lanes ? [] : this.names.map((_, i) => ({series: [3 * i + 3, 3 * i + 2], fill: `${colour[i]}24`})),
      hooks: {
        drawClear: [(u) => marks.healthy(u, this.lying(), this.references()), (u) => this.lanes && marks.lanes(u, this.names.length), (u) => marks.phases(u, this.history.stretches())],
        drawAxes: [(u) => marks.tunes(u, this.history.marks), (u) => marks.held(u, this.view.held), (u) => this.references().forEach((line) => marks.reference(u, line))],
        draw: [(u) => !this.lanes && marks.ends(u, this.names.length, colour), (u) => this.references().forEach((line) => (line.label === REAL ? marks.floor(u, line, u.data[1]) : marks.label(u, line)))],
        setCursor: [(u) => this.tell(u.cursor.left >= 0 ? u.cursor.idx : null)],
        setSelect: [(u) => this.selected(u)],
        ready: [(u) => u.over.addEventListener("dblclick", () => this.hears.zoom(null))],
      },
    };
  }

  /** Which of a line's values are points: a few measures, and a number that stands alone between two gaps. */
  dots(values) {
    const here = values.flatMap((v, i) => (v == null ? [] : [i]));
    return this.measured ? (here.length <= FEW ? here : []) : here.filter((i) => values[i - 1] == null && values[i + 1] == null);
  }

  splits({min, max}) {
    if (this.lanes) return [];
    return this.most ? [0, this.most / 2, this.most] : this.log ? decades(min, max) : ticks(min, max);
  }

  range(u, low, high) {
    if (this.most) return [0, this.most * 1.1];
    if (this.lanes) return [0, this.names.length];
    if (this.whole && !this.measured) return [0, 1.02];
    const [from, to] = u.series[0].idxs ?? [0, this.data[0].length - 1], lines = this.references().flatMap(({steps}) => steps.map(([, value]) => value));
    if (this.log) return [Math.min(low, ...lines) / 1.35, Math.max(high, ...lines) * 1.35];
    const fitted = height(this.names.map((_, i) => u.data[3 * i + 1]), [low, high], from ?? 0, to ?? 0, lines, Boolean(this.view.zoom) || this.group.kind === "modes");
    return this.measured ? around(fitted, lines) : fitted;
  }

  selected(u) {
    const {left, width} = u.select;
    if (width < 5) return;
    const ends = [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
    u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
    if (ends[1] - ends[0] >= 1) this.hears.zoom(ends);
  }

  /** The numbers of one bucket (or the newest, or where the timeline stands) beside the name. */
  tell(index) {
    const at = index ?? (this.view.held == null ? null : before(this.data[0], this.view.held)), row = at ?? this.data[0].length - 1;
    const told = (v) => (this.lanes && v != null ? (v < 0.5 ? "no" : "yes") : short(v));
    const shown = this.names.map((name, i) => told(at == null ? this.history.value(name) : this.data[3 * i + 1][row]));
    const step = index == null ? "" : `step ${whole(this.data[0][index])}`;
    if (this.names.length > 1) {
      shown.forEach((value, i) => {
        say(this.values[i], value);
        if (this.lanes) this.keys[i].classList.toggle("yes", value === "yes");
        this.keys[i].hidden = this.measured && this.history.measured(this.names[i]) == null;
      });
      say(this.note, step || this.says);
    } else say(this.note, step ? `${step}: ${shown[0]}` : this.says);
    this.element.classList.toggle("told", Boolean(step));
  }

  inWords() {
    const said = this.names.map((name) => `${name.replace("/", " ")} ${short(this.history.value(name))}`).join(", "), aims = this.references().filter(({label, colour}) => label || colour === "real");
    return `${said}${aims.length ? `, ${aims[0].label === REAL ? REAL : "target"} ${aims.map(({steps}) => plain(steps.at(-1)[1])).join(" and ")}` : ""}.`;
  }

  numbers() {
    if (!this.data) return null;
    const [steps, ...parts] = this.data;
    return {head: ["step", ...this.names.map((name) => name.replace("/", " "))], rows: few(steps.map((step, i) => [whole(step), ...this.names.map((_, k) => short(parts[3 * k][i]))]))};
  }
}
