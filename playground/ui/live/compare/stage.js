// What is seen of the lanes: the pictures in one of three views, tables and charts.

import {h} from "../core/dom.js";
import {segments} from "../controls/segments.js";
import {OverlayPanel} from "./charts/overlay_panel.js";
import {Differences} from "./tables/differences.js";
import {Scoreboard} from "./tables/scoreboard.js";
import {GridView} from "./views/grid_view.js";
import {TimeView} from "./views/time_view.js";
import {TwoView} from "./views/pair/two_view.js";

const TITLES = {grid: "Grid", two: "Two", time: "Time × z"};

export class Stage {
  /** @param {any} tab */
  constructor(tab) {
    this.tab = tab;
    this.pending = new Set(); // lanes that have another picture
    this.begun = new Set(); // views that know the lanes
    this.views = {
      grid: new GridView({
        chooseZ: (z) => tab.set({z}),
        chooseLane: (lane) => tab.set({lane}),
        openTime: (lane, z) => tab.set({lane, z, view: "time"}),
      }),
      two: new TwoView({set: (change) => tab.set(change)}),
      time: new TimeView({set: (change) => tab.set(change)}),
    };
    this.choice = h("div", {class: "seg view-of", role: "radiogroup", "aria-label": "View"});
    this.centre = h(
      "section",
      {class: "centre", "aria-label": "Pictures"},
      h("div", {class: "cap"}, h("h2", {}, "Pictures"), this.choice),
      ...Object.values(this.views).map(({element}) => element),
    );
    this.charts = new OverlayPanel();
    this.differences = new Differences();
    this.scoreboard = new Scoreboard(tab.api, {set: (change) => tab.set(change)});
    this.right = h(
      "section",
      {class: "right", "aria-label": "Numbers", tabindex: "-1"},
      this.differences.element,
      this.scoreboard.element,
      this.charts.element,
    );
    this.columns = [this.centre, this.right];
  }

  /** The view that is shown. */
  get view() {
    return this.views[this.model.view.view] ?? this.views.grid;
  }

  begin(model) {
    this.model = model;
    this.begun = new Set();
    this.charts.begin(model);
    this.differences.begin(model);
    this.scoreboard.begin(model);
  }

  /** `fresh`: whether the lanes have new numbers; else only what is shown of them is another. */
  draw(fresh) {
    const {model, tab} = this;
    segments(this.choice, Object.entries(TITLES), model.view.view, (view) => tab.set({view}));
    for (const view of Object.values(this.views)) view.element.hidden = view !== this.view;
    if (!this.begun.has(this.view)) {
      this.begun.add(this.view);
      this.view.begin(model);
    } else this.view.drawAll();
    this.charts.update(fresh);
    this.scoreboard.update();
  }

  /** A lane has another picture. */
  drawLane(lane) {
    if (!this.pending.size) requestAnimationFrame(() => this.drawPending());
    this.pending.add(lane);
  }

  drawPending() {
    const lanes = [...this.pending];
    this.pending.clear();
    if (this.begun.has(this.view)) for (const lane of lanes) this.view.draw(lane);
  }

  focus(lane) {
    this.charts.focus(lane);
  }

  /** The theme changed. */
  restyle() {
    this.charts.restyle();
  }
}
