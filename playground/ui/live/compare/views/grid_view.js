// All lanes at once: of pictures a row each, with the same eight latents as columns; of points a plane each, with D's
// landscape in its own scale and unit.

import {h, replace} from "../../core/dom.js";
import {classesOf} from "../../core/catalogue.js";
import {ImagesRow} from "./images_row.js";
import {LaneFlip} from "./lane_flip.js";
import {PlaneTile} from "./plane_tile.js";
import {COLUMNS} from "./tiles.js";

const GAP = 6;
const MIN_PLANE = 200; // px of a plane's side
const PLANE_GAP = 20;
const ROWS = 8;

/** How many planes stand beside each other: as many as leave the rows even, and each large enough. */
export function planeColumns(count, width) {
  const most = Math.max(1, Math.min(count, Math.floor((width + PLANE_GAP) / (MIN_PLANE + PLANE_GAP))));
  const rows = Math.ceil(count / most);
  return Math.ceil(count / rows);
}

export class GridView {
  /** @param {any} handlers chooseZ(z), openTime(lane, z), chooseLane(lane) */
  constructor(handlers) {
    this.handlers = handlers;
    this.items = [];
    this.latents = h("div", {class: "latents-row", role: "group", "aria-label": "Latents"});
    this.box = h("div", {class: "lanes-box"});
    this.flip = new LaneFlip(this.box, (lane) => handlers.chooseLane(lane));
    this.element = h("div", {class: "grid-view"}, this.latents, this.flip.element, this.box);
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = width;
        this.drawAll();
      },
    ).observe(this.box);
  }

  /** @param {any} model the comparison */
  begin(model) {
    this.model = model;
    this.items = model.lanes.map((lane) =>
      lane.kind === "points"
        ? new PlaneTile(lane, model)
        : new ImagesRow(lane, model, (z) => this.handlers.openTime(lane.index, z)),
    );
    replace(this.box, ...this.items.map(({element}) => element));
    this.latentsKey = null;
    this.drawAll();
  }

  /** The choice of the eight latents, and their numbers above the columns. */
  drawLatents() {
    const {model} = this;
    const images = model.lanes.find((lane) => lane.kind === "images");
    this.latents.hidden = !images;
    if (!images) return;
    const row = Math.floor(model.view.z / COLUMNS);
    const [run] = images.ready;
    const classes = run ? classesOf(run.variant, run.data, run.spec.knobs) : [];
    const key = `${row} ${classes}`;
    if (this.latentsKey === key) return;
    this.latentsKey = key;
    const name = (i) => classes[i] ?? `${i * COLUMNS + 1} to ${(i + 1) * COLUMNS}`;
    const select = h(
      "select",
      {"aria-label": "Latents that are shown", onchange: () => this.handlers.chooseZ(Number(select.value) * COLUMNS)},
      ...Array.from({length: ROWS}, (_, i) => h("option", {value: i, selected: i === row}, name(i))),
    );
    const numbers = Array.from({length: COLUMNS}, (_, i) => h("span", {}, `${row * COLUMNS + i + 1}`));
    replace(
      this.latents,
      h("label", {class: "note"}, "The same ", h("i", {}, "z"), " in each column: ", select),
      h("div", {class: "latent-numbers note", "aria-hidden": "true"}, ...numbers),
    );
  }

  drawAll() {
    if (!this.width || !this.model) return;
    const planes = this.items.filter((item) => item instanceof PlaneTile).length;
    const columns = planes && !this.flip.one ? planeColumns(planes, this.width) : 1;
    const side = Math.floor((this.width - PLANE_GAP * (columns - 1)) / columns);
    this.box.style.setProperty("--columns", String(columns));
    this.drawLatents();
    this.flip.draw(this.items, this.model);
    for (const item of this.items) item.fit(item instanceof PlaneTile ? Math.min(side, this.most) : this.width, GAP);
  }

  /** The largest side of a plane, so that one row of them is seen whole. */
  get most() {
    return Math.max(MIN_PLANE, window.innerHeight - 300);
  }

  /** A run's picture changed, or its lane does. */
  draw(lane) {
    this.items[lane.index]?.draw();
  }
}
