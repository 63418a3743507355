// The pad: a plane through a latent, explored by mouse, finger or arrow keys.

import {h, pixelRatio, setText} from "../../core/dom.js";
import {plain, short} from "../../core/format.js";
import {NumberField, button} from "../fields.js";
import {drawGround} from "../views/pad_background.js";
import {DirectionField, KINDS} from "../direction_field.js";
import {LatestOnly} from "../latest_only.js";
import {APART, GROUND, PadMap, REACH} from "../views/pad_map.js";
import {Slot} from "../slot.js";
import {drawSample} from "../views/sample_tile.js";
import {Tool} from "../tool.js";

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const SMALL = 0.2;
const ROOM = 6;
const TAP = 4;
const SPAN = 2;
// a neighbour's share of the width; px between; px that a press may slip; what a drag across the picture is worth; ms
const SPOKEN = 600;

const signed = (v) => plain(v).replace("-", "−");

export class PadTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "pad",
      "A plane through one latent. Drag on either picture, press a neighbour, or use the arrow keys: the large " +
        "picture is where you stand.",
    );
    const ask = () => this.begin();
    this.at = [0, 0];
    this.page = Math.random().toString(36).slice(2);
    this.centre = new Slot(workbench, "middle", 1, ask);
    this.u = new DirectionField(workbench, "to the right", "layer 1", 1, ask);
    this.v = new DirectionField(workbench, "upwards", "layer 2", 2, ask);
    this.step = new NumberField("Distance of the neighbours", {low: 0.05, high: 1, step: 0.05, value: 0.25}, () =>
      this.ask(),
    );
    this.fields = {centre: this.centre, u: this.u, v: this.v, step: this.step};
    this.slots = [this.centre];
    this.controls.append(
      ...Object.values(this.fields).map(({element}) => element),
      h(
        "div",
        {class: "acts-of"},
        button("Pin this one", () => this.pin()),
        button("Back to the middle", () => this.moveTo([0, 0])),
      ),
    );
    this.picture = h("canvas", {class: "compass", "aria-hidden": "true"});
    this.mapCanvas = h("canvas", {class: "map", "aria-hidden": "true"});
    this.map = new PadMap(this.mapCanvas);
    this.spoken = h("p", {class: "sr", role: "status"});
    this.pad = h(
      "div",
      {
        class: "both",
        role: "application",
        tabindex: "0",
        "aria-label": "Pad: arrow keys move, Home goes back to the middle, Enter pins",
        onkeydown: (event) => this.onKey(event),
      },
      this.picture,
      this.mapCanvas,
    );
    this.stage.append(this.pad, this.spoken);
    this.latest = new LatestOnly(
      (message) => workbench.ask("pad", message),
      (answer, message) => this.showAnswer(answer, message),
      (error) => this.showFailure(error),
    );
    this.listenToDrag(
      this.picture,
      (dx, dy, from) => [from[0] + dx * SPAN, from[1] - dy * SPAN],
      (x, y) => this.neighbour(x, y),
    );
    this.listenToDrag(this.mapCanvas, null, (x, y) => this.map.toPlane(x, y));
    for (const canvas of [this.picture, this.mapCanvas]) new ResizeObserver(() => this.draw()).observe(canvas);
    for (const kind of Object.keys(KINDS))
      workbench.directions(kind).then(
        (found) => [this.u, this.v].forEach((heading) => heading.addDirections(kind, found)),
        (error) => this.showFailure(error),
      );
  }

  show() {
    const before = this.centre.pin;
    super.show();
    if (this.centre.pin !== before || !this.hasBegun) this.begin();
  }

  outdate() {
    this.hasBegun = false;
  }

  take(pin) {
    const text = super.take(pin);
    this.begin();
    return text;
  }

  get message() {
    return {centre: this.centre.place, u: this.u.messageValue, v: this.v.messageValue};
  }

  /** Starts in the middle of another plane. */
  begin() {
    this.hasBegun = true;
    this.at = [0, 0];
    this.map.begin();
    this.ask();
    if (!this.workbench.points) this.survey();
  }

  /** Coarse samples of the whole plane. */
  async survey() {
    const {message} = this;
    const turn = (this.surveyTurn = {});
    try {
      for (const {at, column, row} of GROUND) {
        const answer = await this.workbench.ask("pad", {...message, at, step: APART});
        if (this.surveyTurn !== turn) return;
        if (!this.workbench.awake) return void (this.hasBegun = false);
        this.map.addSamples(answer, column, row);
      }
    } catch (error) {
      if (this.surveyTurn === turn) this.showFailure(error);
    }
  }

  moveTo(at) {
    this.at = at.map((v) => Math.max(-REACH, Math.min(REACH, Math.round(v * 1000) / 1000)));
    this.ask();
  }

  ask() {
    this.map.moveTo(this.at, Number(this.step.value) || 0);
    this.latest.schedule({...this.message, at: this.at, step: this.step.value, page: this.page});
  }

  showAnswer(answer, {at}) {
    if (answer.late) return;
    this.answer = answer;
    this.paint();
    const offset = (v, name) => `${signed(v)} along ${name}`;
    const text = `At ${offset(at[0], this.u.name)}, ${offset(at[1], this.v.name)}; |z| ${short(answer.norms[4])}`;
    this.showNote(text);
    clearTimeout(this.speakTimer);
    this.speakTimer = setTimeout(() => setText(this.spoken, text), SPOKEN);
  }

  pin() {
    if (this.answer)
      this.workbench.tray.toggle({
        z: this.answer.z,
        name: `pad, ${this.at.map(signed).join(" and ")} from ${this.centre.name}`,
        norm: this.answer.norms[4],
      });
  }

  /** The position of the neighbour at a share of the picture, null for none. */
  neighbour(x, y) {
    const part = (v) => (v < SMALL ? -1 : v > 1 - SMALL ? 1 : 0);
    const step = Number(this.step.value) || 0;
    return this.workbench.points ? null : [this.at[0] + part(x) * step, this.at[1] - part(y) * step];
  }

  /**
   * `drag(dx, dy, from)`: where a drag by shares of the width leads, null where it leads to the place under the
   * pointer; `press(x, y)`: where a press leads.
   */
  listenToDrag(canvas, drag, press) {
    let from = null;
    const share = ({clientX, clientY}) => {
      const {left, top, width, height} = canvas.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height];
    };
    const end = () => {
      from = null;
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      from = {at: this.at, x: event.clientX, y: event.clientY, share: share(event), moved: false};
      if (!drag) this.moveTo(press(...from.share));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      from.moved ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > TAP;
      const [x, y] = share(event);
      if (from.moved) this.moveTo(drag ? drag(x - from.share[0], y - from.share[1], from.at) : press(x, y));
    });
    canvas.addEventListener("pointerup", () => {
      const to = from && drag && !from.moved && press(...from.share);
      if (to) this.moveTo(to);
      end();
    });
    canvas.addEventListener("pointercancel", end);
  }

  onKey(event) {
    const arrow = ARROWS[event.key];
    const step = (Number(this.step.value) || 0) * (event.shiftKey ? 4 : 1);
    if (!arrow && !["Home", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (arrow) this.moveTo([this.at[0] + arrow[0] * step, this.at[1] + arrow[1] * step]);
    else if (event.key === "Home") this.moveTo([0, 0]);
    else this.pin();
  }

  draw() {
    this.map.side = this.mapCanvas.clientWidth;
    this.map.draw();
    this.paint();
  }

  paint() {
    const {answer, picture, workbench} = this;
    const side = picture.clientWidth;
    if (!answer || !side) return;
    if (answer.points)
      drawGround(picture, side, {
        real: workbench.real,
        mesh: answer.plane,
        fake: Float32Array.from(answer.points.flat()),
        marks: [{at: answer.points[4], kind: "hand"}],
      });
    else compass(picture, answer, side);
  }
}

/** Draws one sample large, with its eight neighbours around it. */
function compass(canvas, answer, side) {
  const ratio = pixelRatio();
  const small = Math.round(side * SMALL * ratio);
  const room = Math.round(ROOM * ratio);
  const full = Math.round(side * ratio);
  const large = full - 2 * (small + room);
  canvas.width = canvas.height = full;
  const g = canvas.getContext("2d");
  const from = [0, small + room + Math.round((large - small) / 2), full - small];
  for (let i = 0; i < 9; i++) {
    if (i === 4) drawSample(g, answer, i, small + room, small + room, large);
    else drawSample(g, answer, i, from[i % 3], from[Math.floor(i / 3)], small);
  }
}
