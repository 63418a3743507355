// One lane of points: the plane with D's landscape, and the scale of its scores.

import {h} from "../../core/dom.js";
import {ColourBar} from "../../canvas/colourbar.js";
import {drawPlane} from "../../canvas/plane_canvas.js";
import {landscapeInWords} from "../../canvas/sample_words.js";
import {LaneHeading} from "./lane_heading.js";

export const LAYERS = {land: true, level: true, force: false, mesh: false};

export class PlaneTile {
  /**
   * @param {any} lane
   * @param {any} model the comparison
   */
  constructor(lane, model) {
    this.lane = lane;
    this.model = model;
    this.heading = new LaneHeading(lane);
    this.canvas = h("canvas", {role: "img", "data-testid": `lane-picture-${lane.index}`});
    this.bar = new ColourBar();
    this.element = h(
      "figure",
      {class: "lane-plane of-lane", "data-lane": lane.index},
      this.heading.element,
      this.canvas,
      this.bar.element,
    );
  }

  fit(side) {
    this.side = side;
    this.draw();
  }

  draw() {
    const {side} = this;
    if (!side) return;
    const picture = this.model.picture(this.lane);
    const landscape = picture?.landscape ?? null;
    this.canvas.style.width = this.canvas.style.height = this.bar.element.style.width = `${side}px`;
    this.heading.draw(picture, this.model);
    drawPlane(this.canvas, side, {real: picture?.real, fake: picture?.frame, landscape, shown: LAYERS});
    this.bar.draw(landscape?.snapshot ?? null);
    this.canvas.setAttribute(
      "aria-label",
      picture?.frame
        ? `${this.lane.title}, ${this.heading.text}: 512 fakes${landscapeInWords(landscape, picture.frame)}`
        : `No picture of ${this.lane.title}`,
    );
  }
}
