// D's score at the pointer.

import {h, setText} from "../core/dom.js";
import {short} from "../core/format.js";
import {planeFrame, VIEW} from "./plane_canvas.js";
import {scoreAt} from "./score_landscape.js";

const NEAR = 22; // px from a cross to a tap on it

export class PlaneProbe {
  /** @param {() => void} moved the cross is at another place */
  constructor(moved) {
    this.moved = moved;
    this.side = 0;
    this.element = h("span", {class: "probe", "data-testid": "probe"});
    this.begin();
  }

  /** Resets it for another run. */
  begin() {
    this.landscape = null;
    this.at = null;
    this.cross = null; // what a finger left, as [x, y]
    this.update();
  }

  /** A moving finger scrolls the page, so only taps are read. */
  listen(canvas) {
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.point(event);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (event.pointerType === "touch") this.point(event, true);
    });
    canvas.addEventListener("pointerleave", ({pointerType}) => {
      if (pointerType !== "touch") this.point(null);
    });
  }

  /** Reads from a landscape, null for none, that is `side` px wide. */
  show(landscape, side) {
    this.landscape = landscape;
    this.side = side ?? 0;
    this.update();
  }

  /**
   * Reads the score under a pointer; null for none. A tap leaves a cross, which the next tap beside it moves and a tap
   * on it removes.
   * @param {PointerEvent | null} event
   * @param {boolean} isTap
   */
  point(event, isTap = false) {
    const previousCross = this.cross;
    const {pad, span} = planeFrame(this.side);
    this.at =
      event && this.landscape
        ? [((event.offsetX - pad) / span) * 2 * VIEW - VIEW, VIEW - (event.offsetY / span) * 2 * VIEW]
        : null;
    if (
      isTap &&
      previousCross &&
      this.at &&
      Math.hypot(previousCross[0] - this.at[0], previousCross[1] - this.at[1]) * span < NEAR * 2 * VIEW
    )
      this.at = null;
    this.cross = isTap ? this.at : null;
    if (previousCross !== this.cross) this.moved();
    this.update();
  }

  update() {
    const {landscape, at} = this;
    const value = landscape && at ? scoreAt(landscape, at[0], at[1]) : null;
    setText(
      this.element,
      value == null
        ? ""
        : `${landscape.snapshot.unit} ${short(value)} at ${at.map((v) => v.toFixed(1).replace("-", "−")).join(", ")}`,
    );
  }
}
