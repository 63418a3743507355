// What a variant's own codes came to mean: samples along each continuous one, and categories against classes.

import {h, replace} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Slot} from "../slot.js";
import {SortingTable} from "../views/sorting_table.js";
import {Tool} from "../tool.js";

const N = 9;
const MIN_SIDE = 30; // px
const MAX_SIDE = 84; // px
const GRID_SIDE = 46; // px
const PLANE = 360; // px

export class CodesTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "codes",
      "Nobody told G what its codes mean: this is what came of them. Along a continuous code all else stays, the " +
        "category too.",
    );
    this.fields = {place: new Slot(workbench, "sample", 1, () => this.ask())};
    this.slots = [this.fields.place];
    this.controls.append(this.fields.place.element);
    this.rows = [];
    this.box = h("div", {class: `ways-of${workbench.points ? " on-points" : ""}`});
    this.sorting = new SortingTable(workbench);
    this.gridCaption = h("figcaption", {class: "note"});
    this.gridView = new ResultView(workbench, {
      label: "Both codes",
      columns: () => N,
      gap: 2,
      maxSide: GRID_SIDE,
      plane: PLANE,
      sampleName: (i) => `row ${Math.floor(i / N) + 1}, column ${(i % N) + 1}`,
    });
    this.grid = h("figure", {hidden: true}, this.gridCaption, this.gridView.element);
    this.stage.append(this.box, this.grid, this.sorting.element);
    this.latest = new LatestOnly(
      (message) => workbench.ask("traversals", message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  show() {
    super.show();
    this.sorting.load();
  }

  ask() {
    this.latest.schedule({place: this.fields.place.place, n: N});
  }

  showAnswer({codes, values, grid}) {
    const names = Object.keys(codes);
    const [low, high] = [values[0], values.at(-1)].map((value) => short(value));
    if (names.length !== this.rows.length) this.build(names);
    this.controls.hidden = !names.length;
    for (const {name, view, caption} of this.rows) {
      const {points} = codes[name];
      replace(caption, h("b", {}, name), ` from ${low} to ${high}`);
      const marks = points && [
        {at: points[0], kind: "fake", name: low},
        {at: points.at(-1), kind: "fake", name: high},
      ];
      view.set(codes[name], {layers: points ? {path: points, marks} : {}});
    }
    this.grid.hidden = !grid;
    if (grid) {
      replace(this.gridCaption, h("b", {}, names[0]), " to the right, ", h("b", {}, names[1]), " upwards");
      this.gridView.set(grid, {layers: grid.points ? {mesh: {points: grid.points, side: N}, marks: []} : {}});
    }
    this.showNote(names.length ? "" : "It has no continuous codes: its category alone is a code of its own.");
  }

  /** A row for each continuous code. */
  build(names) {
    this.rows = names.map((name) => {
      const caption = h("figcaption", {class: "note"});
      const view = new ResultView(this.workbench, {
        label: `Along ${name}`,
        gap: 4,
        minSide: MIN_SIDE,
        maxSide: MAX_SIDE,
        plane: PLANE,
        sampleName: (i) => `${name}, ${i + 1} of ${N}`,
      });
      return {name, caption, view, element: h("figure", {}, caption, view.element)};
    });
    replace(this.box, ...this.rows.map(({element}) => element));
  }

  draw() {
    for (const {view} of this.rows) view.draw();
    if (!this.grid.hidden) this.gridView.draw();
  }
}
