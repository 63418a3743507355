// One lane and one latent along the steps: as many places as fit, evenly apart, each with the newest frame at or before
// it. Places belong to the whole budget, so that none moves while a run goes on.

import {h, replace, setText} from "../../core/dom.js";
import {drawPlane, planeFrame} from "../../canvas/plane_canvas.js";
import {lastIndexAtMost} from "../../core/run_history.js";
import {palette} from "../../core/theme.js";
import {whole} from "../../core/format.js";
import {endOf, positionOf, stepAt} from "../alignment.js";
import {laneStyle} from "../lane_style.js";
import {TimeFrames} from "./time_frames.js";
import {drawTile} from "./tiles.js";

const PLACES = 24;
const LATENTS = 64;
const DOT = 4.5;

export class TimeView {
  /** @param {any} handlers set(change of the view) */
  constructor(handlers) {
    this.handlers = handlers;
    this.lane = h("select", {"aria-label": "Lane", onchange: () => handlers.set({lane: Number(this.lane.value)})});
    this.latent = h(
      "select",
      {"aria-label": "Latent", onchange: () => handlers.set({z: Number(this.latent.value)})},
      ...Array.from({length: LATENTS}, (_, i) => h("option", {value: i}, `z ${i + 1}`)),
    );
    this.note = h("p", {class: "note"});
    this.list = h("ol", {class: "time-list"});
    this.element = h(
      "div",
      {class: "time-view"},
      h("div", {class: "two-tools"}, h("div", {class: "row"}, this.lane, this.latent)),
      this.note,
      this.list,
    );
    new ResizeObserver(() => this.drawAll()).observe(this.list);
  }

  begin(model) {
    this.model = model;
    const name = (lane) => `${laneStyle(lane.index).name} ${lane.title}`;
    replace(this.lane, ...model.lanes.map((lane) => h("option", {value: lane.index}, name(lane))));
    this.key = null;
    this.drawAll();
  }

  /** The run that is shown; null where there is none. */
  get run() {
    const {lanes, view} = this.model;
    return (lanes[view.lane] ?? lanes[0]).shown(view.seed);
  }

  /** The steps of the frames at each place, null where the run has not come yet. */
  places(run) {
    const {align} = this.model.view;
    const end = endOf(run, align);
    const frames = run.history.frames;
    const reached = positionOf(run, run.history.end, align);
    const gap = end / (PLACES - 1);
    return Array.from({length: PLACES}, (_, i) => {
      const at = i * gap;
      if (at > reached + gap * 0.01) return null;
      const index = lastIndexAtMost(frames, stepAt(run, i === PLACES - 1 ? null : at, align));
      return frames[Math.max(0, index)] ?? null;
    });
  }

  draw(lane) {
    if (this.model.lanes[this.model.view.lane] === lane) this.drawAll();
  }

  drawAll() {
    const {model} = this;
    if (!model || !this.element.offsetParent) return;
    const {view} = model;
    const {run} = this;
    this.lane.value = String(view.lane);
    this.latent.value = String(view.z);
    if (!run) {
      setText(this.note, "There is no picture of this lane.");
      return replace(this.list);
    }
    const steps = this.places(run).filter((step, i, all) => step == null || all.indexOf(step) === i);
    const key = `${run.id} ${run.feed.epoch} ${run.data.kind} ${steps.length}`;
    if (this.key !== key) {
      this.key = key;
      this.frames?.end();
      this.frames = new TimeFrames(run, (step) => this.drawStep(step));
      this.items = steps.map(() => this.item());
      replace(this.list, ...this.items.map(({element}) => element));
    }
    this.steps = steps;
    this.frames.request(steps.filter((step) => step != null));
    const points = run.data.kind === "points";
    setText(
      this.note,
      points
        ? "The same z at every step: filled, among all that G makes."
        : "The same z at every step; press one to go there.",
    );
    this.items.forEach((item, i) => this.drawItem(item, i, run));
    return undefined;
  }

  item() {
    const canvas = h("canvas", {"aria-hidden": "true"});
    const text = h("span", {class: "note"});
    const button = h("button", {type: "button", class: "time-item"}, canvas, text);
    return {canvas, text, button, element: h("li", {}, button)};
  }

  drawStep(step) {
    const i = this.steps.indexOf(step);
    if (i >= 0 && this.run) this.drawItem(this.items[i], i, this.run);
  }

  drawItem({canvas, text, button}, i, run) {
    const {view} = this.model;
    const step = this.steps[i];
    const frame = step == null ? null : this.frames.frames.get(step);
    const side = button.clientWidth;
    const [shown] = run.shownAt(view.at, view.align);
    const next = this.steps[i + 1];
    setText(text, step == null ? "–" : whole(step));
    button.disabled = step == null;
    button.setAttribute("aria-label", step == null ? "not there yet" : `step ${whole(step)}`);
    button.setAttribute("aria-current", String(step != null && step <= shown && !(next != null && next <= shown)));
    button.onclick = () => this.handlers.set({at: positionOf(run, step, view.align)});
    if (!side) return;
    canvas.style.width = canvas.style.height = `${side}px`;
    if (run.data.kind === "points") this.drawPoints(canvas, side, run, frame);
    else if (frame) drawTile(canvas, frame, run.spec.size, view.z, side);
    else canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  drawPoints(canvas, side, run, frame) {
    const {z} = this.model.view;
    const picture = this.model.picture(this.model.lanes[this.model.view.lane]);
    drawPlane(canvas, side, {real: picture?.real, fake: frame});
    if (!frame) return;
    const {X, Y} = planeFrame(side);
    const g = canvas.getContext("2d");
    g.beginPath();
    g.arc(X(frame[2 * z]), Y(frame[2 * z + 1]), DOT, 0, 2 * Math.PI);
    Object.assign(g, {fillStyle: palette.ink, strokeStyle: palette.surface, lineWidth: 2});
    g.stroke();
    g.fill();
  }
}
