// The right column: readings, then all charts; on a phone one chart at a time.

import {h, replace} from "./dom.js";
import {Chart, grouped, MEASURES} from "./charts.js";
import {Readings} from "./readings.js";

const NAMES = {modes: "Modes", sample: "Spread", loss: "Losses", grad: "Gradients", lr: "Rates"};

export class Panel {
  constructor(root) {
    this.root = root;
    this.readings = new Readings();
    this.which = h("div", {class: "seg which", role: "radiogroup", "aria-label": "Chart"});
    this.charts = h("div", {class: "charts"});
    this.element = h("section", {class: "right", "aria-label": "Readings"}, this.readings.element, this.which, this.charts);
    this.seen = new Set();
    this.watch = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) if (isIntersecting) this.seen.add(target); else this.seen.delete(target);
      this.later();
    }, {rootMargin: "80px"});
    new ResizeObserver(() => this.later()).observe(this.charts);
  }

  begin(variant, spec, history) {
    Object.assign(this, {variant, spec, history});
    const groups = grouped(variant.scalars);
    const late = groups.findIndex((g) => /^(loss|grad|lr) /.test(g.key));
    groups.splice(late, 0, ...Object.entries(MEASURES).map(([name, m]) => ({key: `${name.split("/")[0]} ${m.unit}`, names: [name], measured: true})));
    const scalars = {...variant.scalars, ...MEASURES};
    this.drawn = groups.map((group) => new Chart(this.root, group, scalars, "play"));
    this.seen.clear();
    this.watch.disconnect();
    replace(this.charts, ...this.drawn.map((c) => c.element));
    for (const chart of this.drawn) this.watch.observe(chart.element);
    const kinds = [...new Set(groups.map((g) => g.key.split(" ")[0]))];
    replace(this.which, ...kinds.map((kind, i) => h("label", {}, h("input", {type: "radio", name: "which", value: kind, checked: i === 0, onchange: () => this.only(kind)}), h("span", {}, NAMES[kind] ?? kind[0].toUpperCase() + kind.slice(1)))));
    this.only(kinds[0]);
  }

  /** Which group a phone shows. */
  only(kind) {
    for (const chart of this.drawn) chart.element.classList.toggle("on", chart.group.key.startsWith(`${kind} `));
    this.later();
  }

  /** Draw what is in view, once, at the next animation frame. `step` is where the timeline stands, if not at the end. */
  later(step = this.step) {
    this.step = step;
    if (this.waiting || !this.variant) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.readings.draw(this.variant, this.spec, this.history, this.step ?? Infinity);
      for (const chart of this.drawn) {
        const empty = Boolean(chart.measured) && chart.names.every((n) => this.history.measured(n) == null);
        chart.element.classList.toggle("empty", empty);
        if (!empty && this.seen.has(chart.element)) chart.draw(this.history, this.spec);
      }
    });
  }

  /** All in one sentence, for those who listen. */
  inWords() {
    return this.drawn.filter((c) => !c.element.classList.contains("empty")).slice(0, 4).map((c) => c.spec ? c.inWords(this.history) : "").join(" ");
  }
}
