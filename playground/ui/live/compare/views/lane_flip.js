// On a phone one lane is seen at a time: a finger that goes sideways, or a press, shows the next one at the same
// position and z.

import {h, icon, replace} from "../../core/dom.js";
import {laneStyle} from "../lane_style.js";

const PHONE = matchMedia("(max-width: 700px)");
const FAR = 40; // px that a finger has to go sideways, and twice as far as up or down

export class LaneFlip {
  /**
   * @param {HTMLElement} box that a finger moves over
   * @param {(lane: number) => void} choose
   */
  constructor(box, choose) {
    this.choose = choose;
    const button = (label, path, by) =>
      h("button", {type: "button", class: "icon", "aria-label": label, onclick: () => this.turn(by)}, icon(path));
    this.marks = h("div", {class: "flip-marks", role: "group", "aria-label": "Lane that is shown"});
    this.element = h(
      "div",
      {class: "lane-flip", hidden: true},
      button("Lane before", "M15 5l-7 7 7 7", -1),
      this.marks,
      button("Next lane", "M9 5l7 7-7 7", 1),
    );
    this.listen(box);
  }

  /** Whether one lane is shown at a time. */
  get one() {
    return PHONE.matches;
  }

  listen(box) {
    let from = null;
    box.addEventListener("pointerdown", ({pointerType, clientX, clientY}) => {
      from = this.one && pointerType !== "mouse" ? [clientX, clientY] : null;
    });
    const end = ({clientX, clientY}) => {
      if (!from) return;
      const [dx, dy] = [clientX - from[0], clientY - from[1]];
      from = null;
      if (Math.abs(dx) > FAR && Math.abs(dx) > 2 * Math.abs(dy)) this.turn(dx < 0 ? 1 : -1);
    };
    box.addEventListener("pointerup", end);
    box.addEventListener("pointercancel", () => {
      from = null;
    });
  }

  turn(by) {
    const {lanes, view} = this.model;
    this.choose((view.lane + by + lanes.length) % lanes.length);
  }

  /**
   * @param {any[]} items of the lanes, of which on a phone one is shown
   * @param {any} model the comparison
   */
  draw(items, model) {
    this.model = model;
    const {lane} = model.view;
    this.element.hidden = !this.one || items.length < 2;
    for (const item of items) item.element.hidden = this.one && item.lane.index !== lane;
    const key = `${items.length} ${lane}`;
    if (this.key === key) return;
    this.key = key;
    replace(
      this.marks,
      ...items.map((item, i) =>
        h(
          "button",
          {
            type: "button",
            class: "flip-mark",
            style: `--lane: ${laneStyle(i).css}`,
            "aria-pressed": String(i === lane),
            "aria-label": `${laneStyle(i).name} ${item.lane.title}`,
            onclick: () => this.choose(i),
          },
          h("span", {class: "lane-mark", "aria-hidden": "true"}, laneStyle(i).name),
        ),
      ),
    );
  }
}
