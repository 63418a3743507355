// Two lanes in one place: a divider between them, one after the other, or what differs.

import {h, replace, setText} from "../../../core/dom.js";
import {RAMP} from "../../../canvas/cividis.js";
import {segments} from "../../../controls/segments.js";
import {short} from "../../../core/format.js";
import {laneStyle} from "../../lane_style.js";
import {Divider} from "./divider.js";
import {FULL} from "./difference.js";
import {LaneHeading} from "../lane_heading.js";
import {drawnSide, PairCanvas} from "./pair_canvas.js";
import {listenToGestures} from "./pair_gestures.js";
import {Zoom} from "./zoom.js";

const BLINK_MS = 800;
const PAN = 0.1; // of what is shown, by an arrow key
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class TwoView {
  /** @param {any} handlers set(change of the view) */
  constructor(handlers) {
    this.handlers = handlers;
    this.pair = new PairCanvas();
    this.zoom = new Zoom(() => this.drawAll());
    this.divider = new Divider(() => this.drawAll());
    this.second = false; // of blinking: whether the second lane is shown
    this.modes = h("div", {class: "seg", role: "radiogroup", "aria-label": "How two lanes are shown"});
    this.selects = ["Left", "Right"].map((label, side) =>
      h("select", {"aria-label": `${label} lane`, onchange: ({target}) => this.choose(side, Number(target.value))}),
    );
    const button = (text, label, action) =>
      h("button", {type: "button", class: "icon boxed", "aria-label": label, title: label, onclick: action}, text);
    this.size = h("button", {type: "button", class: "link", onclick: () => this.whole()}, "100%");
    this.flip = h("button", {type: "button", class: "ghost", onclick: () => this.turn()}, "Show the other");
    this.heads = h("div", {class: "two-heads"});
    this.scale = h(
      "div",
      {class: "difference-scale note", hidden: true},
      "0 ",
      h("canvas", {width: 256, height: 1, "aria-hidden": "true"}),
      ` ${FULL} of black against white`,
    );
    this.scale
      .querySelector("canvas")
      .getContext("2d")
      .putImageData(new ImageData(RAMP, 256, 1), 0, 0);
    this.note = h("p", {class: "note", "data-testid": "two-note"});
    this.pane = h(
      "div",
      {class: "two-pane", role: "group", tabindex: "0", onkeydown: (event) => this.onKey(event)},
      Object.assign(this.pair.canvas, {ariaHidden: "true"}),
      this.divider.element,
    );
    this.element = h(
      "div",
      {class: "two-view"},
      h(
        "div",
        {class: "two-tools"},
        this.modes,
        h("div", {class: "row"}, ...this.selects),
        h(
          "div",
          {class: "row zooms"},
          this.flip,
          button("−", "Smaller", () => this.zoom.step(-1)),
          this.size,
          button("+", "Larger", () => this.zoom.step(1)),
        ),
      ),
      this.heads,
      this.pane,
      this.scale,
      this.note,
    );
    listenToGestures(this.pane, this.zoom, this.divider, () => this.mode === "swipe");
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.side = Math.floor(width);
        this.drawAll();
      },
    ).observe(this.pane);
  }

  get mode() {
    return this.model?.view.mode ?? "swipe";
  }

  begin(model) {
    this.model = model;
    this.headings = model.lanes.map((lane) => new LaneHeading(lane));
    const name = (lane) => `${laneStyle(lane.index).name} ${lane.title}`;
    for (const select of this.selects)
      replace(select, ...model.lanes.map((lane) => h("option", {value: lane.index}, name(lane))));
    this.drawAll();
  }

  /** The two lanes that are shown. */
  get lanes() {
    const {lanes, view} = this.model;
    return view.pair.map((i) => lanes[i] ?? lanes[0]);
  }

  /** Takes a lane to one side; the one that was there goes to the other, if it was that. */
  choose(side, lane) {
    const pair = [...this.model.view.pair];
    if (pair[1 - side] === lane) pair[1 - side] = pair[side];
    pair[side] = lane;
    this.handlers.set({pair});
  }

  turn() {
    this.second = !this.second;
    this.drawAll();
  }

  whole() {
    this.zoom.reset();
    this.drawAll();
  }

  onKey(event) {
    const move = {ArrowLeft: [-PAN, 0], ArrowRight: [PAN, 0], ArrowUp: [0, -PAN], ArrowDown: [0, PAN]}[event.key];
    if (event.target !== this.pane || event.ctrlKey || event.metaKey) return;
    if (move && this.zoom.scale > 1) this.zoom.pan(...move);
    else if (["+", "=", "-"].includes(event.key)) this.zoom.step(event.key === "-" ? -1 : 1);
    else if (event.key === "0") this.whole();
    else return;
    event.preventDefault();
  }

  /** Blinks while it is seen; not for whom things must stay still. */
  keepTime() {
    clearTimeout(this.timer);
    if (this.mode !== "blink" || STILL.matches) return;
    this.timer = setTimeout(() => {
      if (this.element.offsetParent && !document.hidden) this.turn();
      else this.keepTime();
    }, BLINK_MS);
  }

  draw(lane) {
    if (this.lanes.includes(lane)) this.drawAll();
  }

  drawAll() {
    const {model, side} = this;
    if (!model || !side || !this.element.offsetParent) return;
    const points = this.lanes.every((lane) => lane.kind === "points");
    segments(
      this.modes,
      [
        ["swipe", "Swipe"],
        ["blink", "Blink"],
        ["difference", points ? "Overlay" : "Difference"],
      ],
      this.mode,
      (mode) => this.handlers.set({mode}),
    );
    this.selects.forEach((select, i) => {
      select.value = String(this.lanes[i].index);
    });
    setText(this.size, `${Math.round(100 * this.zoom.scale)}%`);
    this.divider.element.hidden = this.mode !== "swipe";
    this.flip.hidden = this.mode !== "blink";
    this.pane.classList.toggle("zoomed", this.zoom.scale > 1);
    const pictures = this.lanes.map((lane) => model.picture(lane));
    this.drawHeads(pictures);
    if (pictures.every(Boolean)) this.paint(pictures, points);
    else setText(this.note, "One of the two has no picture.");
    this.keepTime();
  }

  drawHeads(pictures) {
    const shown = this.lanes.map((lane, i) => {
      const heading = this.headings[lane.index];
      heading.draw(pictures[i], this.model);
      heading.element.classList.toggle("away", this.mode === "blink" && this.second !== (i === 1));
      return heading.element;
    });
    if (shown.some((element, i) => this.heads.children[i] !== element)) replace(this.heads, ...shown);
    const says = {swipe: "left and right of the divider", blink: "one after the other", difference: "together"};
    this.pane.setAttribute(
      "aria-label",
      `${this.lanes.map((lane, i) => `${lane.title}, ${this.headings[this.lanes[i].index].text}`).join(" and ")}: ` +
        says[this.mode],
    );
  }

  paint(pictures, points) {
    const {mode, side, zoom} = this;
    const drawn = drawnSide(side, zoom.scale);
    const sheets = pictures.map((picture, i) => this.pair.lane(i, picture, drawn));
    const first = sheets.find(Boolean);
    let shown = sheets;
    let at = this.divider.at;
    let note = "";
    if (mode === "blink") [shown, at] = [[sheets[this.second ? 1 : 0]], 1];
    if (mode === "difference") {
      const together = points
        ? this.pair.overlay(pictures[0], pictures[1], this.model.view.pair, drawn)
        : this.pair.difference(pictures[0], pictures[1], drawn);
      [shown, at] = [[together], 1];
      const [a, b] = this.lanes.map((lane) => lane.title);
      if (points) note = `Circles: ${a}; crosses: ${b}; filled: held-out data.`;
      else if (together) note = `Mean difference ${short(this.pair.mean, 2)} of that of black and white.`;
      else note = "They are not of one size: there is no difference to show.";
    }
    this.scale.hidden = mode !== "difference" || points;
    setText(this.note, note);
    const height = first ? (first.height / first.width) * side : side;
    this.pair.canvas.style.height = `${height}px`;
    this.pair.show(shown, side, height, zoom, at);
  }
}
