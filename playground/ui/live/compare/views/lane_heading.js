// The line over a lane's picture: its number, its name, the step of what is shown, and whether it has ended before.

import {h, setText} from "../../core/dom.js";
import {whole} from "../../core/format.js";
import {lanePen, laneStyle} from "../lane_style.js";

export class LaneHeading {
  constructor(lane) {
    this.lane = lane;
    this.name = h("b");
    this.step = h("span", {class: "note", "data-testid": `lane-step-${lane.index}`});
    this.element = h(
      "figcaption",
      {class: "lane-heading", style: `--lane: ${laneStyle(lane.index).css}`},
      h("span", {class: "lane-mark"}, laneStyle(lane.index).name),
      this.name,
      lanePen(lane.index),
      this.step,
    );
  }

  /** What is said of the step, for those who hear it. */
  get text() {
    return this.step.textContent;
  }

  draw(picture, {view}) {
    const {lane} = this;
    setText(this.name, lane.title);
    const {run, frameStep} = picture ?? {};
    const what = !picture
      ? lane.runs.every((r) => r.gone)
        ? "deleted"
        : "waits"
      : frameStep == null
        ? "no picture yet"
        : `step ${whole(frameStep)}`;
    const seed = lane.runs.length > 1 && run ? `, seed ${run.spec.seed}` : "";
    const bad = run && ["diverged", "failed", "interrupted"].includes(run.state.status) ? ` · ${run.state.status}` : "";
    const ended = !bad && run?.endedBefore(view.at, view.align) ? " · ended there" : "";
    setText(this.step, `${what}${seed}${bad}${ended}`);
  }
}
