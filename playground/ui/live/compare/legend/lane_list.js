// The legend: each lane with its line, its name, which opens it in Play, and how it stands. The lane under the pointer,
// or with the focus, stands out everywhere.

import {h, replace, setText} from "../../core/dom.js";
import {link} from "../../core/links.js";
import {LaneTuner} from "./lane_tuner.js";
import {laneTunes, laneWords, tuneWords} from "../lane_words.js";
import {lanePen, laneStyle} from "../lane_style.js";

class LaneItem {
  constructor(lane, handlers) {
    this.lane = lane;
    const {index, runs} = lane;
    this.name = h("b");
    this.about = h("span", {class: "note about"});
    this.status = h("span", {class: "note stands-at", "data-testid": `lane-status-${index}`});
    this.tunes = h("span", {class: "note hand", hidden: true, "data-testid": `lane-tunes-${index}`});
    this.tuner = new LaneTuner(lane, handlers.api, handlers.tuned);
    const focus = (on) => () => handlers.focus(on ? index : null);
    this.element = h(
      "li",
      {
        class: "lane",
        "data-lane": index,
        style: `--lane: ${laneStyle(index).css}`,
      },
      h("span", {class: "lane-mark"}, laneStyle(index).name),
      h(
        "div",
        {
          class: "lane-text",
          onpointerenter: focus(true),
          onpointerleave: focus(false),
          onfocusin: focus(true),
          onfocusout: focus(false),
        },
        runs.length
          ? link(`?run=${runs[0].id}`, handlers.go, {class: "lane-name", title: "Open in Play"}, this.name)
          : this.name,
        lanePen(index),
        this.about,
        this.status,
        this.tunes,
      ),
      this.tuner.element,
    );
  }

  draw() {
    const {lane} = this;
    const {text, bad} = laneWords(lane);
    const declared = lane.ready[0] ? lane.ready[0].variant.knobs[lane.kind] : [];
    const tunes = laneTunes(lane).slice(-2);
    this.tuner.draw();
    setText(this.name, lane.title);
    setText(this.about, lane.runs.length > 1 ? `n = ${lane.runs.length}` : "");
    setText(this.status, text);
    this.status.classList.toggle("wrong", bad);
    this.tunes.hidden = !tunes.length;
    setText(
      this.tunes,
      tunes
        .map((mark) =>
          tuneWords(
            mark,
            declared.find(({name}) => name === mark.knob),
          ),
        )
        .join("; "),
    );
  }
}

export class LaneList {
  /** @param {any} handlers api, focus(lane or null), go(address), tuned() */
  constructor(handlers) {
    this.handlers = handlers;
    this.items = [];
    this.element = h("ul", {class: "lane-list", "aria-label": "Lanes"});
  }

  begin(lanes) {
    this.items = lanes.map((lane) => new LaneItem(lane, this.handlers));
    replace(this.element, ...this.items.map(({element}) => element));
  }

  draw() {
    for (const item of this.items) item.draw();
  }
}
