// A chart of metrics over steps: envelope, mean line, references, phases, tunes. uPlot draws; hover and zoom are
// shared.

import {edges} from "./healthy_ranges.js";
import {h, setText, svg, symbol} from "../core/dom.js";
import {capitalise, plain, short, whole} from "../core/format.js";
import {isCriteria, seriesName, seriesPens, seriesRole, chartSummary, title} from "./metric_groups.js";
import {chartOptions, AXIS, HEIGHT} from "./chart_options.js";
import {lastIndexAtMost} from "../core/run_history.js";
import {needsLogScale, thinned} from "./axis_range.js";
import {BEST_POSSIBLE} from "./readings.js";
import {thinRows, Table} from "../controls/table.js";

const REAL = BEST_POSSIBLE;
const LEARNT = /^quality\/(fd|precision|recall|entropy|classes)$/;
const CLASSES = 10;

/** A sample of a line, for the key. */
const penSample = (dash) =>
  svg(
    "svg",
    {class: "pen", viewBox: "0 0 16 6", width: 16, height: 6, "aria-hidden": "true"},
    svg("path", {d: "M0 3H16", "stroke-dasharray": dash.join(" ")}),
  );

export class Chart {
  /**
   * @param {any} group as `groupMetrics` returns it
   * @param {Record<string, Scalar>} scalars
   * @param {Record<string, Knob>} declared
   * @param {{zoom?: (range: number[] | null) => void}} handlers
   */
  constructor(group, scalars, declared, handlers) {
    this.group = group;
    this.scalars = scalars;
    this.declared = declared;
    this.handlers = handlers;
    this.names = group.names;
    this.measured = group.measured;
    this.plot = null;
    this.labelPlaces = {};
    const named = title(group, scalars);
    const alone = this.names.length === 1;
    this.values = this.names.map(() => h("b"));
    this.note = h("span", {class: "note"}, (this.says = chartSummary(group, scalars)));
    this.pens = seriesPens(this.names);
    this.lanes = isCriteria(group, scalars);
    const label = (name) => (this.lanes && scalars[name].symbol ? symbol(scalars[name].symbol) : seriesName(name));
    this.keys = alone
      ? []
      : this.names.map((name, i) =>
          h(
            "span",
            {class: "key"},
            this.lanes
              ? h("span", {class: "light"})
              : seriesRole(name)
                ? h("span", {class: `dot ${seriesRole(name)}`})
                : penSample(this.pens[i].dash),
            label(name),
            " ",
            this.values[i],
          ),
        );
    this.summary = h("p", {class: "sr"});
    this.plotBox = h("div", {class: "plot"});
    this.table = new Table(this.names.join(", "), () => this.numbers());
    this.element = h(
      "figure",
      {class: "chart", "data-chart": group.key, role: "group", "aria-label": `Chart: ${this.names.join(", ")}`},
      (this.caption = h(
        "figcaption",
        {class: "cap"},
        h("span", {class: "what"}, named.symbol ? symbol(named.symbol) : named.text),
        this.table.toggle,
        this.note,
        alone ? null : h("span", {class: "keys"}, this.keys),
      )),
      this.plotBox,
      this.summary,
      this.table.element,
    );
  }

  /** Whether there is nothing to draw: no value, or only the factor 1. */
  empty(history) {
    if (this.measured) return history.lastMeasure(this.names[0]) == null;
    const isFactor = this.scalars[this.names[0]].unit === "factor";
    const isIdle = (v) => v == null || (isFactor && v === 1);
    return this.names.every(
      (name) =>
        !history.series[name] || (history.series[name].low.every(isIdle) && history.series[name].high.every(isIdle)),
    );
  }

  columns(history) {
    if (this.measured) {
      const rows = history.measures.filter((m) => this.names.some((name) => m[name] != null));
      return [
        rows.map((m) => m.step),
        ...this.names.flatMap((name) => {
          const mid = rows.map((m) => m[name] ?? null);
          return [mid, mid, mid];
        }),
      ];
    }
    return thinned(history, this.names, this.view.zoom);
  }

  /** The largest possible count, of modes or of classes. */
  get maxCount() {
    return {modes: this.spec.modes, classes: CLASSES}[this.scalars[this.names[0]].unit] ?? null;
  }

  /** Healthy ranges as declared: [{name, range, colour}]; equal ones once. */
  bands() {
    const found = this.names.flatMap((name, i) =>
      this.scalars[name].healthy ? [{name, range: this.scalars[name].healthy, colour: this.pens[i].colour}] : [],
    );
    const same = found.every(
      ({range}) => !range.flat().includes("median") && JSON.stringify(range) === JSON.stringify(found[0].range),
    );
    return same || found.length === 1 ? found.slice(0, 1).map((band) => ({...band, colour: "trace"})) : found;
  }

  /** The healthy ranges at each step: [{low, high, colour}]. */
  bandEdges() {
    const [steps] = this.data;
    const column = (name) => this.data[3 * this.names.indexOf(name) + 1];
    const knob = (name) => this.history.knobValues(name, this.spec.knobs[name]);
    return this.bands().map(({name, range, colour}) => ({...edges(range, steps, column(name), column, knob), colour}));
  }

  /** Whether its values are shares, so that the axis goes from 0 to 1. */
  get showsWhole() {
    return ["share", "probability"].includes(this.scalars[this.names[0]].unit);
  }

  /**
   * Lines to compare with: [{colour, label, words, steps: [[from, value], ...], within}]. Measures have what real data
   * reach against real data, and how far single draws lie from it.
   */
  references() {
    const {line} = this.scalars[this.names[0]];
    const {history, spec} = this;
    const {floors = {}, deviations = {}} = history.quality ?? {};
    if (this.measured)
      return this.names
        .filter((name) => floors[name] != null)
        .map((name, i) => ({
          colour: "real",
          label: i ? "" : REAL,
          steps: [[0, floors[name]]],
          within: deviations[name] ?? 0,
        }));
    if (line == null) return [];
    if (typeof line === "number") return [{colour: "hand", label: "", steps: [[0, line]]}];
    const {symbol: label, title: words} = this.declared[line];
    return [
      {colour: "hand", label: label, words: capitalise(words), steps: history.knobValues(line, spec.knobs[line])},
    ];
  }

  /** Details of a measure: number of samples, seed, extractor. */
  about(name) {
    const {quality} = this.history ?? {};
    const {help} = this.scalars[name];
    if (!this.measured || !quality) return help;
    return (
      `${help}; n = ${whole(quality.n)}, seed ` +
      `${quality.seed}${quality.extractor && LEARNT.test(name) ? `, extractor ${quality.extractor}` : ""}`
    );
  }

  /**
   * `view`: {width, held: step or null, zoom: [from, to] or null, theme}. `axis`: with the steps beneath, for those
   * above it too.
   */
  draw(history, spec, view, axis) {
    this.history = history;
    this.spec = spec;
    this.view = view;
    this.data = this.columns(history);
    const log =
      this.measured &&
      this.maxCount == null &&
      needsLogScale(
        this.names.flatMap((_, i) => this.data[3 * i + 1]),
        this.references(),
      );
    if (!this.plot || this.theme !== view.theme || this.axis !== axis || this.log !== log) {
      this.plot?.destroy();
      this.theme = view.theme;
      this.axis = axis;
      this.log = log;
      this.element.classList.toggle("axis", axis);
      this.plot = new window.uPlot(chartOptions(this), this.data, this.plotBox);
      this.width = view.width;
    } else {
      if (this.width !== view.width)
        this.plot.setSize({width: (this.width = view.width), height: HEIGHT + (axis ? AXIS : 0)});
      this.plot.setData(this.data);
    }
    if (this.plot.cursor.idx == null) this.showValues(null);
    this.table.draw();
    if (!(performance.now() - this.spoken < 5000)) {
      this.spoken = performance.now();
      setText(this.summary, this.inWords());
      this.caption.title = this.names.map((name) => this.about(name)).join("\n");
    }
  }

  /** Shows the values of one bucket, or of the newest, or of the timeline's step. */
  showValues(index) {
    const at = index ?? (this.view.heldStep == null ? null : lastIndexAtMost(this.data[0], this.view.heldStep));
    const row = at ?? this.data[0].length - 1;
    const format = (v) => (this.lanes && v != null ? (v < 0.5 ? "no" : "yes") : short(v));
    const texts = this.names.map((name, i) =>
      format(at == null ? this.history.value(name) : this.data[3 * i + 1][row]),
    );
    const step = index == null ? "" : `step ${whole(this.data[0][index])}`;
    if (this.names.length > 1) {
      texts.forEach((value, i) => {
        setText(this.values[i], value);
        if (this.lanes) this.keys[i].classList.toggle("yes", value === "yes");
        this.keys[i].hidden = this.measured && this.history.lastMeasure(this.names[i]) == null;
      });
      setText(this.note, step || this.says);
    } else setText(this.note, step ? `${step}: ${texts[0]}` : this.says);
    this.element.classList.toggle("told", Boolean(step));
  }

  inWords() {
    const values = this.names.map((name) => `${name.replace("/", " ")} ${short(this.history.value(name))}`).join(", ");
    const targets = this.references().filter(({label, colour}) => label || colour === "real");
    const targetText = targets.map(({steps}) => plain(steps.at(-1)[1])).join(" and ");
    return `${values}${targets.length ? `, ${targets[0].label === REAL ? REAL : "target"} ${targetText}` : ""}.`;
  }

  numbers() {
    if (!this.data) return null;
    const [steps, ...parts] = this.data;
    return {
      head: ["step", ...this.names.map((name) => name.replace("/", " "))],
      rows: thinRows(steps.map((step, i) => [whole(step), ...this.names.map((_, k) => short(parts[3 * k][i]))])),
    };
  }
}
