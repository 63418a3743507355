// One timeline for all lanes: a slider over the common axis, and above it a line for each lane, as far as it has come.

import {h, replace, setText, svg} from "../../core/dom.js";
import {positionOf, reached} from "../alignment.js";
import {laneTunes} from "../lane_words.js";
import {laneStyle} from "../lane_style.js";
import {whole} from "../../core/format.js";

const PAGE = 10; // stops that Page Up and Page Down go
const HEIGHT = 24; // of the lanes' lines together
const UNIT_WORDS = {step: "step", images: "sample", seconds: "second"};

/** A position in words: "300", "12.4 s". */
export const positionText = (position, axis) =>
  axis === "seconds" ? `${position < 100 ? position.toFixed(1) : whole(position)} s` : whole(position);

export class LanesTimeline {
  /** @param {{scrub: (at: number) => void, nudge: (by: number) => void, toEnd: (newest: boolean) => void}} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.range = h("input", {
      type: "range",
      class: "time",
      min: 0,
      max: 1,
      step: "any",
      value: 0,
      "aria-label": "Timeline of all lanes",
      oninput: () => handlers.scrub(Number(this.range.value)),
      onkeydown: (event) => this.onKey(event),
    });
    this.lines = svg("svg", {
      class: "lane-lines",
      viewBox: `0 0 1000 ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    this.tunes = h("div", {class: "marks", "aria-hidden": "true"});
    this.at = h("span", {class: "at", "data-testid": "position"});
    this.first = h("span", {}, "0");
    this.last = h("span");
    this.element = h(
      "div",
      {class: "line"},
      this.lines,
      this.tunes,
      this.range,
      h("div", {class: "ends", "aria-hidden": "true"}, this.first, this.at, this.last),
    );
  }

  /** Keys move by stored frames, because single steps are too fine. */
  onKey(event) {
    const by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE}[event.key];
    if (by) this.handlers.nudge(by);
    else if (event.key === "Home" || event.key === "End") this.handlers.toEnd(event.key === "End");
    else return;
    event.preventDefault();
  }

  /**
   * @param {any[]} lanes
   * @param {string} axis
   * @param {number | null} at the position that is shown, null for the newest
   * @param {number} end of the axis
   */
  draw(lanes, axis, at, end) {
    const come = lanes.map((lane) => Math.max(0, ...lane.ready.map((run) => reached(run, axis))));
    const newest = Math.min(end, Math.max(0, ...come));
    const value = Math.min(at ?? newest, end);
    const share = value / end;
    this.range.max = String(end);
    this.range.value = String(value);
    this.range.style.setProperty("--done", `${((newest / end) * 100).toFixed(2)}%`);
    const where = `${UNIT_WORDS[axis]} ${positionText(value, axis)} of ${positionText(end, axis)}`;
    this.range.setAttribute("aria-valuetext", `${where}${at == null ? ", the newest" : ""}`);
    setText(this.at, positionText(value, axis));
    this.at.style.left = `clamp(14px, ${(share * 100).toFixed(2)}%, 100% - 18px)`;
    setText(this.last, positionText(end, axis));
    this.first.hidden = share < 0.08;
    this.last.hidden = share > 0.86;
    this.drawLanes(lanes, axis, come, end);
  }

  drawLanes(lanes, axis, come, end) {
    const tunes = lanes.map((lane) => laneTunes(lane));
    const key = `${axis} ${end} ${come.map((x) => Math.round((x / end) * 1000))} ${tunes.map((t) => t.length)}`;
    if (this.key === key) return;
    this.key = key;
    const gap = Math.min(6, HEIGHT / lanes.length);
    const y = (i) => HEIGHT - 2 - (lanes.length - 1 - i) * gap;
    replace(
      this.lines,
      ...lanes.map((_, i) => {
        const {css, dash} = laneStyle(i);
        return svg("path", {
          d: `M0 ${y(i)}H${((come[i] / end) * 1000).toFixed(1)}`,
          style: `stroke:${css}`,
          "stroke-dasharray": dash.join(" "),
          class: "of-lane",
          "data-lane": i,
        });
      }),
    );
    const at = (lane, {step}) => (lane.ready[0] ? positionOf(lane.ready[0], step, axis) / end : 0);
    replace(
      this.tunes,
      ...lanes.flatMap((lane, i) =>
        tunes[i].map((mark) =>
          h("span", {
            class: "lane-tune",
            style: `left:${(at(lane, mark) * 100).toFixed(2)}%;top:${y(i) + 2}px`,
            "data-testid": "tune-mark",
          }),
        ),
      ),
    );
  }
}
