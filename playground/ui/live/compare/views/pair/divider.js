// The divider of two pictures: dragged, touched, or moved with the arrow keys.

import {h} from "../../../core/dom.js";

const KEY_STEP = 0.02;
const PAGE_STEP = 0.1;

export class Divider {
  /** @param {() => void} moved */
  constructor(moved) {
    this.moved = moved;
    this.at = 0.5; // of the width
    this.element = h(
      "div",
      {
        class: "divider",
        role: "slider",
        tabindex: "0",
        "aria-label": "Divider of the two lanes",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "data-testid": "divider",
        onkeydown: (event) => this.onKey(event),
      },
      h("span", {class: "grip", "aria-hidden": "true"}),
    );
    this.move(this.at);
  }

  onKey(event) {
    const {key} = event;
    const by = {
      ArrowLeft: -KEY_STEP,
      ArrowDown: -KEY_STEP,
      ArrowRight: KEY_STEP,
      ArrowUp: KEY_STEP,
      PageDown: -PAGE_STEP,
      PageUp: PAGE_STEP,
    }[key];
    if (by) this.move(this.at + by);
    else if (key === "Home" || key === "End") this.move(key === "End" ? 1 : 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at as a share of the width */
  move(at) {
    this.at = Math.min(1, Math.max(0, at));
    const percent = Math.round(100 * this.at);
    this.element.style.left = `${(100 * this.at).toFixed(2)}%`;
    this.element.setAttribute("aria-valuenow", String(percent));
    this.element.setAttribute("aria-valuetext", `${percent}% of the left lane`);
    this.moved();
  }
}
