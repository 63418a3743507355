// The right column: readings, then every chart; on a phone one chart at a time.

import {variantOn} from "../core/catalogue.js";
import {h, replace, setText} from "../core/dom.js";
import {whole} from "../core/format.js";
import {Chart} from "./chart.js";
import {groupMetrics, shortTitle} from "./metric_groups.js";
import {ScoreHistogram} from "./score_histogram.js";
import {PhasePlot} from "./phase_plot.js";
import {Readings} from "./readings.js";

const WIDE = 680;
const GAP = 24; // px of a column that holds two charts abreast

export class MetricsPanel {
  constructor(advisor) {
    this.advisor = advisor;
    this.readings = new Readings();
    this.zoomed = h("button", {type: "button", class: "link zoomed", hidden: true, onclick: () => this.zoom(null)});
    this.which = h("div", {class: "which", role: "radiogroup", "aria-label": "Chart"});
    this.phase = new PhasePlot();
    this.histogram = new ScoreHistogram();
    this.pair = h("div", {class: "pair"}, this.phase.element, this.histogram.element);
    this.box = h("div", {class: "charts"});
    this.source = h("p", {class: "note source", hidden: true});
    this.phases = h("p", {class: "note phases", hidden: true, "data-testid": "phases"});
    this.element = h(
      "section",
      {class: "right", "aria-label": "Readings", tabindex: "-1"},
      h("div", {class: "cap"}, h("h2", {}, "Readings"), this.zoomed),
      this.readings.element,
      advisor.element,
      this.which,
      this.pair,
      this.phases,
      this.box,
    );
    this.charts = [];
    this.view = {width: 0, heldStep: null, zoom: null, theme: 0};
    this.seen = new Set();
    this.phone = matchMedia("(max-width: 700px)");
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const {target, isIntersecting} of entries)
          if (isIntersecting) this.seen.add(target);
          else this.seen.delete(target);
        this.scheduleDraw();
      },
      {rootMargin: "80px"},
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => this.fit(width),
    ).observe(this.box);
  }

  fit(width) {
    const isWide = width >= WIDE;
    this.view.isWide = isWide;
    this.box.classList.toggle("two", isWide);
    this.view.width = Math.floor(isWide ? (width - GAP) / 2 : width);
    this.scheduleDraw();
  }

  begin(declared, data, spec, history, catalogue) {
    const {measures} = catalogue;
    const {kind} = data;
    const variant = variantOn(declared, data, catalogue);
    this.variant = variant;
    this.spec = spec;
    this.history = history;
    this.measures = measures;
    const scalars = {...variant.scalars, ...measures};
    const knobs = Object.fromEntries(variant.knobs[kind].map((k) => [k.name, k]));
    const groups = groupMetrics(variant.scalars, measures);
    this.observer.disconnect();
    this.seen.clear();
    for (const chart of this.charts) chart.plot?.destroy();
    this.charts = groups.map((group) => new Chart(group, scalars, knobs, {zoom: (ends) => this.zoom(ends)}));
    const last = groups.findLastIndex(({measured}) => measured);
    replace(
      this.box,
      ...this.charts.flatMap((chart, i) => (i === last ? [chart.element, this.source] : [chart.element])),
    );
    this.source.hidden = true;
    for (const chart of this.charts) this.observer.observe(chart.element);
    this.advisor.begin(variant.knobs[kind]);
    this.phase.begin(variant, kind, spec, history);
    this.histogram.begin();
    const plots = [...this.pair.children].map((element) => ({
      element,
      key: element.dataset.which,
      word: element.dataset.word,
      measured: false,
    }));
    const charts = this.charts.map((chart) => ({
      element: chart.element,
      key: chart.group.key,
      word: shortTitle(chart.group),
      measured: chart.measured,
    }));
    this.entries = [...plots, ...charts].map((found) => {
      const choose = h("input", {
        type: "radio",
        name: "play-which",
        value: found.key,
        onchange: () => this.showOnly(entry),
      });
      const entry = {...found, label: h("label", {"data-which": found.key}, choose, h("span", {}, found.word))};
      return entry;
    });
    replace(this.which, ...this.entries.map((entry) => entry.label));
    this.view.zoom = this.view.heldStep = null;
    this.readings.key = null;
    this.zoomed.hidden = true;
    this.showOnly(this.entries[0]);
  }

  /** The chart that a phone shows. */
  showOnly(shown) {
    this.shown = shown;
    shown.label.firstChild.checked = true;
    for (const {element, key} of this.entries) element.classList.toggle("on", key === shown.key);
    this.source.classList.toggle("on", Boolean(shown.measured));
    const label = this.which.querySelector(":checked")?.parentElement.getBoundingClientRect();
    const box = this.which.getBoundingClientRect();
    // sideways alone: the page stays where it is
    if (label) this.which.scrollLeft += label.left + label.width / 2 - box.left - box.width / 2;
    this.scheduleDraw();
  }

  zoom(ends) {
    this.view.zoom = ends;
    this.zoomed.hidden = !ends;
    if (ends) this.zoomed.textContent = `steps ${whole(ends[0])} to ${whole(ends[1])}: show all`;
    this.scheduleDraw();
  }

  /** Shows another snapshot of D. */
  showSnapshot(snapshot) {
    this.histogram.showSnapshot(snapshot);
    this.phase.showSnapshot(snapshot);
    this.updateChoices();
  }

  /** Shows the timeline's step; null is the newest. */
  holdAt(step) {
    this.view.heldStep = step;
    this.advisor.element.classList.toggle("past", step != null); // it speaks of the newest step
    this.scheduleDraw();
  }

  /** The theme changed. */
  restyle() {
    this.view.theme += 1;
    this.scheduleDraw();
  }

  /** Draw what is in view, once, at the next animation frame. */
  scheduleDraw() {
    if (!this.variant) return;
    this.pendingFrame ??= requestAnimationFrame(() => {
      this.pendingFrame = null;
      this.draw();
    });
  }

  draw() {
    const {history, spec, view} = this;
    this.readings.draw(this.variant, spec, history, this.measures, view.heldStep ?? Infinity);
    for (const chart of this.charts) {
      const empty = chart.empty(history);
      if (chart.isEmpty !== empty) {
        chart.isEmpty = empty;
        chart.element.classList.toggle("empty", empty);
      }
    }
    this.phase.element.classList.toggle("empty", this.phase.empty);
    this.phase.draw(view.heldStep);
    this.updateChoices();
    this.updateNotes(history);
    if (!view.width) return;
    const shown = this.charts.filter((chart) => !chart.isEmpty);
    shown.forEach((chart, i) => {
      const isLast = i + 1 === shown.length || shown[i + 1].group.section !== chart.group.section;
      chart.element.classList.toggle("ends", isLast);
      if (this.seen.has(chart.element)) chart.draw(history, spec, view, isLast || view.isWide || this.phone.matches);
    });
  }

  /** On a phone: only what has something to show can be chosen. */
  updateChoices() {
    const isEmpty = ({element}) => element.hidden || element.classList.contains("empty");
    const first = this.entries.find((entry) => !isEmpty(entry));
    for (const entry of this.entries) entry.label.hidden = isEmpty(entry);
    if (first && isEmpty(this.shown)) this.showOnly(first);
  }

  /** Updates the notes on shaded phases and on how measures were taken. */
  updateNotes(history) {
    const {quality} = history;
    const spans = history.phaseSpans();
    this.phases.hidden = !spans.length;
    const words = spans.map(({phase, to}) => (to === Infinity ? `${phase} now` : `${phase} to step ${whole(to)}`));
    setText(this.phases, `${words.join(", ")}; then the game itself.`);
    this.source.hidden = !quality || !this.charts.some((chart) => chart.measured && !chart.isEmpty);
    if (quality)
      setText(
        this.source,
        `Measured on ${whole(quality.n)} fakes of seed ` +
          `${quality.seed}${quality.extractor ? `, digits through extractor ${quality.extractor}` : ""}. Blue: the ` +
          `best possible (real vs ` +
          `real)${quality.draws > 1 ? `, mean and deviation of ${whole(quality.draws)} draws` : ""}.`,
      );
  }

  /** The first charts in one sentence, for screen readers. */
  inWords() {
    return this.charts
      .filter((chart) => chart.isEmpty === false && chart.history)
      .slice(0, 4)
      .map((chart) => chart.inWords())
      .join(" ");
  }
}
