// One lane of pictures: what it is, at which step, and its samples of eight latents.

import {h} from "../../core/dom.js";
import {LaneHeading} from "./lane_heading.js";
import {COLUMNS, drawRow, tilesHeight} from "./tiles.js";

const NARROW = 460; // px: eight tiles stand in two rows

export class ImagesRow {
  /**
   * @param {any} lane
   * @param {any} model the comparison
   * @param {(z: number) => void} open shows one latent along the steps
   */
  constructor(lane, model, open) {
    this.lane = lane;
    this.model = model;
    this.heading = new LaneHeading(lane);
    this.canvas = h("canvas", {
      role: "img",
      "data-testid": `lane-picture-${lane.index}`,
      onclick: (event) => open(this.latentAt(event)),
    });
    this.element = h(
      "figure",
      {class: "lane-row of-lane", "data-lane": lane.index},
      this.heading.element,
      h("div", {class: "lane-tiles"}, this.canvas),
    );
  }

  /** How many tiles stand beside each other. */
  get across() {
    return this.width < NARROW ? COLUMNS / 2 : COLUMNS;
  }

  latentAt({offsetX, offsetY}) {
    const {across} = this;
    const column = Math.min(across - 1, Math.floor((offsetX / this.width) * across));
    const row = across === COLUMNS ? 0 : Math.floor((2 * offsetY) / this.canvas.clientHeight);
    return Math.floor(this.model.view.z / COLUMNS) * COLUMNS + Math.min(1, row) * across + column;
  }

  fit(width, gap) {
    this.width = width;
    this.gap = gap;
    this.draw();
  }

  draw() {
    if (!this.width) return;
    const {view} = this.model;
    const picture = this.model.picture(this.lane);
    this.canvas.style.height = `${tilesHeight(this.width, this.gap, this.across)}px`;
    this.heading.draw(picture, this.model);
    drawRow(this.canvas, picture?.frame, picture?.run.spec.size, view.z, this.width, this.gap, this.across);
    this.canvas.setAttribute(
      "aria-label",
      picture?.frame ? `Eight samples of ${this.lane.title}, ${this.heading.text}` : `No picture of ${this.lane.title}`,
    );
  }
}
