// The right column: readings, then every chart; on a phone one chart at a time.

import {h, replace, say} from "./dom.js";
import {whole} from "./format.js";
import {Chart} from "./chart.js";
import {grouped, word} from "./groups.js";
import {Histogram} from "./histogram.js";
import {Phase} from "./phase.js";
import {Readings} from "./readings.js";

const WIDE = 680, GAP = 24;         // px of a column that holds two charts abreast

export class Panel {
  constructor(advisor) {
    this.advisor = advisor;
    this.readings = new Readings();
    this.zoomed = h("button", {type: "button", class: "link zoomed", hidden: true, onclick: () => this.zoom(null)});
    this.which = h("div", {class: "which", role: "radiogroup", "aria-label": "Chart"});
    this.phase = new Phase();
    this.histogram = new Histogram();
    this.pair = h("div", {class: "pair"}, this.phase.element, this.histogram.element);
    this.box = h("div", {class: "charts"});
    this.source = h("p", {class: "note source", hidden: true});
    this.phases = h("p", {class: "note phases", hidden: true, "data-testid": "phases"});
    this.element = h("section", {class: "right", "aria-label": "Readings", tabindex: "-1"}, h("div", {class: "cap"}, h("h2", {}, "Readings"), this.zoomed), this.readings.element, advisor.element, this.which, this.pair, this.phases, this.box);
    this.charts = [];
    this.view = {width: 0, held: null, zoom: null, theme: 0};
    this.seen = new Set();
    this.phone = matchMedia("(max-width: 700px)");
    this.watch = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) if (isIntersecting) this.seen.add(target); else this.seen.delete(target);
      this.later();
    }, {rootMargin: "80px"});
    new ResizeObserver(([{contentRect: {width}}]) => this.fit(width)).observe(this.box);
  }

  fit(width) {
    const two = width >= WIDE;
    this.view.two = two;
    this.box.classList.toggle("two", two);
    this.view.width = Math.floor(two ? (width - GAP) / 2 : width);
    this.later();
  }

  /** `measures`: what is measured of any run, as the catalogue declares it. */
  begin(variant, kind, spec, history, measures) {
    Object.assign(this, {variant, spec, history, measures});
    const scalars = {...variant.scalars, ...measures}, declared = Object.fromEntries(variant.knobs[kind].map((k) => [k.name, k]));
    const groups = grouped(variant.scalars, measures);
    this.watch.disconnect();
    this.seen.clear();
    for (const chart of this.charts) chart.plot?.destroy();
    this.charts = groups.map((group) => new Chart(group, scalars, declared, {zoom: (ends) => this.zoom(ends)}));
    const last = groups.findLastIndex(({measured}) => measured);
    replace(this.box, ...this.charts.flatMap((chart, i) => (i === last ? [chart.element, this.source] : [chart.element])));
    this.source.hidden = true;
    for (const chart of this.charts) this.watch.observe(chart.element);
    this.advisor.begin(variant.knobs[kind]);
    this.phase.begin(variant, kind, spec, history);
    this.histogram.begin();
    const rooms = [...[...this.pair.children].map((element) => ({element, key: element.dataset.which, word: element.dataset.word})), ...this.charts.map((chart) => ({element: chart.element, key: chart.group.key, word: word(chart.group), measured: chart.measured}))];
    for (const room of rooms) room.label = h("label", {"data-which": room.key}, h("input", {type: "radio", name: "play-which", value: room.key, onchange: () => this.only(room)}), h("span", {}, room.word));
    this.rooms = rooms;
    replace(this.which, ...this.rooms.map((room) => room.label));
    this.view.zoom = this.view.held = null;
    this.readings.key = null;
    this.zoomed.hidden = true;
    this.only(this.rooms[0]);
  }

  /** The chart that a phone shows. */
  only(shown) {
    this.shown = shown;
    shown.label.firstChild.checked = true;
    for (const {element, key} of this.rooms) element.classList.toggle("on", key === shown.key);
    this.source.classList.toggle("on", Boolean(shown.measured));
    const label = this.which.querySelector(":checked")?.parentElement.getBoundingClientRect(), box = this.which.getBoundingClientRect();
    if (label) this.which.scrollLeft += label.left + label.width / 2 - box.left - box.width / 2;        // sideways alone: the page stays where it is
    this.later();
  }

  zoom(ends) {
    this.view.zoom = ends;
    this.zoomed.hidden = !ends;
    if (ends) this.zoomed.textContent = `steps ${whole(ends[0])} to ${whole(ends[1])}: show all`;
    this.later();
  }

  /** Another look at D. */
  see(look) {
    this.histogram.see(look);
    this.offer();
  }

  /** Where the timeline stands, null at the end. */
  hold(step) {
    this.view.held = step;
    this.advisor.element.classList.toggle("past", step != null);           // it speaks of the newest step
    this.later();
  }

  /** The theme changed. */
  dress() {
    this.view.theme += 1;
    this.later();
  }

  /** Draw what is in view, once, at the next animation frame. */
  later() {
    if (!this.variant) return;
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.draw();
    });
  }

  draw() {
    const {history, spec, view} = this;
    this.readings.draw(this.variant, spec, history, this.measures, view.held ?? Infinity);
    for (const chart of this.charts) {
      const empty = chart.empty(history);
      if (chart.isEmpty !== empty) {
        chart.isEmpty = empty;
        chart.element.classList.toggle("empty", empty);
      }
    }
    this.phase.element.classList.toggle("empty", this.phase.empty);
    this.phase.draw(view.held);
    this.offer();
    this.tell(history);
    if (!view.width) return;
    const shown = this.charts.filter((chart) => !chart.isEmpty);
    shown.forEach((chart, i) => {
      const ends = i + 1 === shown.length || shown[i + 1].group.section !== chart.group.section;
      chart.element.classList.toggle("ends", ends);
      if (this.seen.has(chart.element)) chart.draw(history, spec, view, ends || view.two || this.phone.matches);
    });
  }

  /** On a phone: only what has something to show can be chosen. */
  offer() {
    const bare = ({element}) => element.hidden || element.classList.contains("empty"), first = this.rooms.find((room) => !bare(room));
    for (const room of this.rooms) room.label.hidden = bare(room);
    if (first && bare(this.shown)) this.only(first);
  }

  /** What the shades are, and what stands behind the measures. */
  tell(history) {
    const {quality} = history, shaded = history.stretches();
    this.phases.hidden = !shaded.length;
    say(this.phases, `${shaded.map(({phase, to}) => (to === Infinity ? `${phase} now` : `${phase} to step ${whole(to)}`)).join(", ")}; then the game itself.`);
    this.source.hidden = !quality || !this.charts.some((chart) => chart.measured && !chart.isEmpty);
    if (quality) say(this.source, `Measured on ${whole(quality.n)} fakes of seed ${quality.seed}${quality.extractor ? `, digits through extractor ${quality.extractor}` : ""}. Blue: real data against other real data.`);
  }

  /** The charts that say most, in one sentence, for those who listen. */
  inWords() {
    return this.charts.filter((chart) => chart.isEmpty === false && chart.history).slice(0, 4).map((chart) => chart.inWords()).join(" ");
  }
}
