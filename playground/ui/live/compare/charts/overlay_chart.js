// A chart of one number of several lanes: a line each, a band over seeds, what real data reach, and tunes.

import {h, setText, symbol} from "../../core/dom.js";
import {lastIndexAtMost} from "../../core/run_history.js";
import {short} from "../../core/format.js";
import {needsLogScale} from "../../charts/axis_range.js";
import {BEST_POSSIBLE} from "../../charts/readings.js";
import {thinRows, Table} from "../../controls/table.js";
import {positionOf} from "../alignment.js";
import {laneStyle} from "../lane_style.js";
import {laneTunes} from "../lane_words.js";
import {positionText} from "../timeline/lanes_timeline.js";
import {newestMean, overlayData} from "./overlay_data.js";
import {applyFocus, overlayOptions} from "./overlay_options.js";

const CLASSES = 10;

export class OverlayChart {
  /**
   * @param {any} group as `overlayGroups` returns it
   * @param {any} model the comparison
   * @param {{zoom: (range: number[] | null) => void}} handlers
   */
  constructor(group, model, handlers) {
    this.group = group;
    this.model = model;
    this.handlers = handlers;
    this.lanes = group.lanes.map((i) => model.lanes[i]);
    this.plot = null;
    this.labelPlaces = {};
    const {title, scalar, name} = group;
    const text = title.text ?? name.replace("/", " ");
    this.values = this.lanes.map(() => h("b"));
    this.keys = this.lanes.map((lane, i) =>
      h(
        "span",
        {class: "key of-lane", "data-lane": lane.index, style: `--lane: ${laneStyle(lane.index).css}`},
        h("span", {class: "lane-mark", title: lane.title}, laneStyle(lane.index).name),
        this.values[i],
      ),
    );
    this.where = h("span", {class: "note"});
    this.table = new Table(text, () => this.numbers());
    this.plotBox = h("div", {class: "plot"});
    this.summary = h("p", {class: "sr"});
    this.element = h(
      "figure",
      {class: "chart overlay", "data-chart": group.name, role: "group", "aria-label": `Chart of all lanes: ${text}`},
      h(
        "figcaption",
        {class: "cap", title: scalar.help},
        h("span", {class: "what"}, title.symbol ? symbol(title.symbol) : text),
        this.table.toggle,
        this.where,
        h("span", {class: "keys"}, this.keys),
      ),
      this.plotBox,
      this.summary,
      this.table.element,
    );
  }

  /** Whether no lane has a value: nothing is drawn then. */
  get empty() {
    const {name, measured} = this.group;
    return !this.lanes.some((lane) =>
      lane.ready.some(({history}) =>
        measured ? history.lastMeasure(name) != null : name === "steps/s" ? history.steps.length : history.series[name],
      ),
    );
  }

  /** The largest possible count, of modes or of classes. */
  get maxCount() {
    const modes = this.lanes[0].ready[0]?.spec.modes;
    return {modes, classes: CLASSES}[this.group.scalar.unit] ?? null;
  }

  get showsWhole() {
    return ["share", "probability"].includes(this.group.scalar.unit);
  }

  /** What real data reach: the same for all lanes, for they have the same data. */
  references() {
    const {name, measured} = this.group;
    const run = measured && this.lanes.flatMap((lane) => lane.ready).find(({history}) => history.quality);
    const {floors = {}, deviations = {}} = run ? run.history.quality : {};
    if (floors[name] == null) return [];
    return [{colour: "real", label: BEST_POSSIBLE, steps: [[0, floors[name]]], within: deviations[name] ?? 0}];
  }

  /** Where a lane was tuned, on the axis. */
  tunes() {
    const {align} = this.model.view;
    return this.lanes.flatMap((lane) =>
      laneTunes(lane).map(({step}) => ({step: positionOf(lane.ready[0], step, align)})),
    );
  }

  /** @param {any} view {width, at, zoom, theme, focus, version} */
  draw(view) {
    const {model} = this;
    this.view = view;
    this.range = view.zoom ?? [0, model.chartEnd];
    const {align} = model.view;
    const key = `${view.version} ${align} ${this.range}`;
    const fresh = this.dataKey !== key;
    if (fresh) {
      this.dataKey = key;
      this.data = overlayData(this.lanes, this.group, align, this.range);
    }
    const means = this.lanes.flatMap((_, i) => this.data[3 * i + 1]);
    const log = this.group.measured && this.maxCount == null && needsLogScale(means, this.references());
    if (!this.plot || this.theme !== view.theme || this.log !== log) {
      this.plot?.destroy();
      this.theme = view.theme;
      this.log = log;
      this.width = view.width;
      this.plot = new window.uPlot(overlayOptions(this), this.data, this.plotBox);
    } else {
      if (this.width !== view.width) this.plot.setSize({width: (this.width = view.width), height: this.plot.height});
      if (fresh) this.plot.setData(this.data);
    }
    applyFocus(this.plot, this);
    if (!fresh) this.plot.redraw(false);
    if (this.plot.cursor.idx == null) this.showValues(null);
    this.table.draw();
    this.summarise();
  }

  destroy() {
    this.plot?.destroy();
  }

  /** Shows the values under the pointer, else those at the timeline's position, else the newest. */
  showValues(index) {
    const {at} = this.view;
    const [places] = this.data;
    const row = index ?? (at == null ? null : lastIndexAtMost(places, at));
    const measured = index == null && this.group.measured; // then the value itself, not one of a place nearby
    setText(this.where, index == null ? "" : `at ${positionText(places[index], this.model.view.align)}`);
    this.lanes.forEach((lane, i) => {
      const means = this.data[3 * i + 1];
      const drawn = () => (row == null ? means.findLast((v) => v != null) : means[Math.max(0, row)]);
      const value = measured ? newestMean(lane, this.group, this.model.view.align, at) : drawn();
      setText(this.values[i], short(value ?? null));
    });
    this.element.classList.toggle("told", index != null);
  }

  /** In words, for screen readers, now and then. */
  summarise() {
    if (performance.now() - this.spoken < 5000) return;
    this.spoken = performance.now();
    const newest = (i) => short(this.data[3 * i + 1].findLast((v) => v != null) ?? null);
    setText(this.summary, `${this.lanes.map((lane, i) => `${lane.title} ${newest(i)}`).join(", ")}.`);
  }

  numbers() {
    if (!this.data) return null;
    const [places, ...parts] = this.data;
    const {align} = this.model.view;
    const band = (i, k) => {
      const [low, high] = [parts[3 * i + 1][k], parts[3 * i + 2][k]];
      return low == null ? "" : ` (${short(low)} to ${short(high)})`;
    };
    return {
      head: [align, ...this.lanes.map((lane) => `${laneStyle(lane.index).name} ${lane.title}`)],
      rows: thinRows(
        places.map((place, k) => [
          positionText(place, align),
          ...this.lanes.map((_, i) => `${short(parts[3 * i][k])}${band(i, k)}`),
        ]),
      ),
    };
  }
}
