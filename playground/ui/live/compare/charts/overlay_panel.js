// The charts of all lanes, those in view drawn; and a line on what is not drawn together.

import {h, replace, setText} from "../../core/dom.js";
import {positionText} from "../timeline/lanes_timeline.js";
import {OverlayChart} from "./overlay_chart.js";
import {overlayGroups} from "./overlay_groups.js";

const WIDE = 680;
const GAP = 24; // px of a column that holds two charts abreast

export class OverlayPanel {
  constructor() {
    this.view = {width: 0, at: null, zoom: null, theme: 0, focus: null, version: 0};
    this.charts = [];
    this.seen = new Set();
    this.box = h("div", {class: "charts"});
    this.zoomed = h("button", {type: "button", class: "link zoomed", hidden: true, onclick: () => this.zoom(null)});
    this.band = h("p", {class: "note"});
    this.apart = h("p", {class: "note", hidden: true, "data-testid": "charts-apart"});
    this.element = h(
      "section",
      {class: "overlays", "aria-label": "Charts"},
      h("div", {class: "cap"}, h("h2", {}, "Charts"), this.zoomed),
      this.band,
      this.apart,
      this.box,
    );
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const {target, isIntersecting} of entries)
          if (isIntersecting) this.seen.add(target);
          else this.seen.delete(target);
        this.scheduleDraw();
      },
      {rootMargin: "60px"},
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        const wide = width >= WIDE;
        this.box.classList.toggle("two", wide);
        this.view.width = Math.floor(wide ? (width - GAP) / 2 : width);
        this.scheduleDraw();
      },
    ).observe(this.box);
  }

  begin(model) {
    this.model = model;
    this.observer.disconnect();
    this.seen.clear();
    for (const chart of this.charts) chart.destroy();
    const {charts, apart} = overlayGroups(model.lanes, model.catalogue.measures);
    this.charts = charts.map((group) => new OverlayChart(group, model, {zoom: (range) => this.zoom(range)}));
    replace(this.box, ...this.charts.map(({element}) => element));
    for (const {element} of this.charts) this.observer.observe(element);
    const seeds = [...new Set(model.lanes.map((lane) => lane.runs.length))].sort().join(" and ");
    setText(
      this.band,
      model.lanes.some((lane) => lane.runs.length > 1)
        ? `Line: the mean of n = ${seeds} seeds; band: from the lowest to the highest of them.`
        : "",
    );
    this.apart.hidden = !apart.length;
    setText(this.apart, `Not drawn together, for lanes of other objectives or units: ${apart.join(", ")}.`);
    this.zoom(null);
  }

  /** @param {number[] | null} range on the axis */
  zoom(range) {
    this.view.zoom = range;
    this.zoomed.hidden = !range;
    if (range) {
      const {align} = this.model.view;
      setText(this.zoomed, `${range.map((v) => positionText(v, align)).join(" to ")}: show all`);
    }
    this.scheduleDraw();
  }

  /** The lanes have something new, or the position or the axis is another. `fresh`: whether numbers are. */
  update(fresh) {
    if (fresh) this.view.version += 1;
    const {at, align} = this.model.view;
    this.view.at = at;
    if (this.axis !== align && this.view.zoom) this.zoom(null);
    this.axis = align;
    this.scheduleDraw();
  }

  focus(lane) {
    this.view.focus = lane;
    this.scheduleDraw();
  }

  /** The theme changed. */
  restyle() {
    this.view.theme += 1;
    this.scheduleDraw();
  }

  scheduleDraw() {
    if (!this.model) return;
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.draw();
    });
  }

  draw() {
    for (const chart of this.charts) {
      const {empty} = chart;
      if (chart.isEmpty !== empty) chart.element.classList.toggle("empty", (chart.isEmpty = empty));
      if (!empty && this.view.width && this.seen.has(chart.element)) chart.draw(this.view);
    }
  }
}
