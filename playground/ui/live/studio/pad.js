// A plane through a latent, to be wandered in: by mouse, by finger, by arrow keys.

import {h, say} from "../dom.js";
import {plain, short} from "../format.js";
import {ratio} from "../tiles.js";
import {Amount, button} from "./fields.js";
import {ground} from "./ground.js";
import {Heading, KINDS} from "./heading.js";
import {Latest} from "./latest.js";
import {APART, GROUND, PadMap, REACH} from "./padmap.js";
import {Slot} from "./slot.js";
import {stamp} from "./tile.js";
import {Tool} from "./tool.js";

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const SMALL = 0.2, ROOM = 6, TAP = 4, SPAN = 2, SPOKEN = 600;          // a neighbour's share of the width; px between; px that a press may slip; what a drag across the picture is worth; ms

const signed = (v) => plain(v).replace("-", "−");

export class Pad extends Tool {
  constructor(desk) {
    super(desk, "pad", "A plane through one latent. Drag on either picture, press a neighbour, or use the arrow keys: the large picture is where you stand.");
    const ask = () => this.begin();
    Object.assign(this, {at: [0, 0], page: Math.random().toString(36).slice(2)});
    this.centre = new Slot(desk, "middle", 1, ask);
    this.u = new Heading(desk, "to the right", "layer 1", 1, ask);
    this.v = new Heading(desk, "upwards", "layer 2", 2, ask);
    this.step = new Amount("Distance of the neighbours", {low: 0.05, high: 1, step: 0.05, value: 0.25}, () => this.ask());
    this.fields = {centre: this.centre, u: this.u, v: this.v, step: this.step};
    this.slots = [this.centre];
    this.controls.append(...Object.values(this.fields).map(({element}) => element), h("div", {class: "acts-of"}, button("Pin this one", () => this.pin()), button("Back to the middle", () => this.go([0, 0]))));
    this.picture = h("canvas", {class: "compass", "aria-hidden": "true"});
    this.chart = h("canvas", {class: "map", "aria-hidden": "true"});
    this.map = new PadMap(this.chart);
    this.spoken = h("p", {class: "sr", role: "status"});
    this.pad = h("div", {class: "both", role: "application", tabindex: "0", "aria-label": "Pad: arrow keys move, Home goes back to the middle, Enter pins", onkeydown: (event) => this.keyed(event)}, this.picture, this.chart);
    this.stage.append(this.pad, this.spoken);
    this.latest = new Latest((message) => desk.ask("pad", message), (made, message) => this.shown(made, message), (error) => this.failed(error));
    this.grab(this.picture, (dx, dy, from) => [from[0] + dx * SPAN, from[1] - dy * SPAN], (x, y) => this.neighbour(x, y));
    this.grab(this.chart, null, (x, y) => this.map.place(x, y));
    for (const canvas of [this.picture, this.chart]) new ResizeObserver(() => this.draw()).observe(canvas);
    for (const kind of Object.keys(KINDS)) desk.directions(kind).then((found) => [this.u, this.v].forEach((heading) => heading.offer(kind, found)), (error) => this.failed(error));
  }

  show() {
    const before = this.centre.pin;
    super.show();
    if (this.centre.pin !== before || !this.began) this.begin();
  }

  take(pin) {
    const said = super.take(pin);
    this.begin();
    return said;
  }

  get message() {
    return {centre: this.centre.place, u: this.u.told, v: this.v.told};
  }

  /** Another plane: from its middle on. */
  begin() {
    this.began = true;
    this.at = [0, 0];
    this.map.begin();
    this.ask();
    if (!this.desk.points) this.survey();
  }

  /** Coarse samples of the whole plane. */
  async survey() {
    const {message} = this, turn = (this.surveyed = {});
    try {
      for (const {at, column, row} of GROUND) {
        const made = await this.desk.ask("pad", {...message, at, step: APART});
        if (this.surveyed !== turn) return;
        if (!this.desk.awake) return void (this.began = false);
        this.map.lay(made, column, row);
      }
    } catch (error) {
      if (this.surveyed === turn) this.failed(error);
    }
  }

  go(at) {
    this.at = at.map((v) => Math.max(-REACH, Math.min(REACH, Math.round(v * 1000) / 1000)));
    this.ask();
  }

  ask() {
    this.map.go(this.at, Number(this.step.value) || 0);
    this.latest.soon({...this.message, at: this.at, step: this.step.value, page: this.page});
  }

  shown(made, {at}) {
    if (made.late) return;
    this.made = made;
    this.paint();
    const far = (v, name) => `${signed(v)} along ${name}`, text = `At ${far(at[0], this.u.name)}, ${far(at[1], this.v.name)}; |z| ${short(made.norms[4])}`;
    this.well(text);
    clearTimeout(this.speaks);
    this.speaks = setTimeout(() => say(this.spoken, text), SPOKEN);
  }

  pin() {
    if (this.made) this.desk.tray.toggle({z: this.made.z, name: `pad, ${this.at.map(signed).join(" and ")} from ${this.centre.name}`, norm: this.made.norms[4]});
  }

  /** What a press on the picture at a share of it means: the neighbour there, null for none. */
  neighbour(x, y) {
    const part = (v) => (v < SMALL ? -1 : v > 1 - SMALL ? 1 : 0), step = Number(this.step.value) || 0;
    return this.desk.points ? null : [this.at[0] + part(x) * step, this.at[1] - part(y) * step];
  }

  /** `drag(dx, dy, from)`: where a drag by shares of the width leads, null where it leads to the place under the pointer; `press(x, y)`: where a press leads. */
  grab(canvas, drag, press) {
    let from = null;
    const share = ({clientX, clientY}) => {
      const {left, top, width, height} = canvas.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height];
    };
    const end = () => { from = null; };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      from = {at: this.at, x: event.clientX, y: event.clientY, share: share(event), moved: false};
      if (!drag) this.go(press(...from.share));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      from.moved ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > TAP;
      const [x, y] = share(event);
      if (from.moved) this.go(drag ? drag(x - from.share[0], y - from.share[1], from.at) : press(x, y));
    });
    canvas.addEventListener("pointerup", () => {
      const to = from && drag && !from.moved && press(...from.share);
      if (to) this.go(to);
      end();
    });
    canvas.addEventListener("pointercancel", end);
  }

  keyed(event) {
    const arrow = ARROWS[event.key], step = (Number(this.step.value) || 0) * (event.shiftKey ? 4 : 1);
    if (!arrow && !["Home", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (arrow) this.go([this.at[0] + arrow[0] * step, this.at[1] + arrow[1] * step]);
    else if (event.key === "Home") this.go([0, 0]);
    else this.pin();
  }

  draw() {
    this.map.side = this.chart.clientWidth;
    this.map.draw();
    this.paint();
  }

  paint() {
    const {made, picture, desk} = this, side = picture.clientWidth;
    if (!made || !side) return;
    if (made.points) ground(picture, side, {real: desk.real, mesh: made.plane, fake: Float32Array.from(made.points.flat()), marks: [{at: made.points[4], kind: "hand"}]});
    else compass(picture, made, side);
  }
}

/** One large, and its eight neighbours around it as they lie. */
function compass(canvas, made, side) {
  const dense = ratio(), small = Math.round(side * SMALL * dense), room = Math.round(ROOM * dense), full = Math.round(side * dense), large = full - 2 * (small + room);
  canvas.width = canvas.height = full;
  const g = canvas.getContext("2d"), from = [0, small + room + Math.round((large - small) / 2), full - small];
  for (let i = 0; i < 9; i++) {
    if (i === 4) stamp(g, made, i, small + room, small + room, large);
    else stamp(g, made, i, from[i % 3], from[Math.floor(i / 3)], small);
  }
}
