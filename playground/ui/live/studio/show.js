// Samples that can be pinned: pictures in rows, or points in the data plane. Arrows go from one to the next, Enter pins.

import {h, replace} from "../dom.js";
import {short} from "../format.js";
import {ratio} from "../tiles.js";
import {ground} from "./ground.js";
import {parted} from "./latents.js";
import {stamp} from "./tile.js";

const NEAR = 28, ABOVE = 360, LEAST = 320;          // px from a point to a press that means it; that stand above the tool; of a side whatever the window

/** `most` px of a side, or as many as are in view without scrolling. */
export const inView = (most) => Math.min(most, Math.max(LEAST, innerHeight - ABOVE));

export class Show {
  /** `label`: what they are together; `columns(width, n)` of pictures; `most`: px of a tile and `plane` of the plane at most; `least`: px of a tile below which they scroll; `called(i)`: how one is named. */
  constructor(desk, {label, columns = (_, n) => n, most = 120, least = 0, plane = 560, room = 6, called = (i) => `sample ${i + 1}`, quiet = false}) {
    Object.assign(this, {desk, columns, most, least, plane, room, called, quiet, made: null, layers: {}});
    this.canvas = h("canvas", {"aria-hidden": "true"});
    this.picks = h("div", {class: "picks", role: "group", "aria-label": label, onkeydown: (event) => this.keyed(event)});
    this.sheet = h("div", {class: "sheet-of", onclick: (event) => this.pressed(event)}, this.canvas, this.picks);
    this.element = h("div", {class: "show"}, this.sheet);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = width;
      this.draw();
    }).observe(this.element);
    desk.tray.on(() => this.marked());
  }

  /** An answer with latents, or those of it that `which` names. `layers` as `ground` takes them, on points. */
  set(made, {which = made.norms.map((_, i) => i), layers = {}} = {}) {
    const latents = parted(made.z, made.norms.length);
    Object.assign(this, {made, which, layers, pins: which.map((i, k) => ({...latents[i], name: this.called(k), norm: made.norms[i]}))});
    this.draw();
  }

  draw() {
    const {made, width, which} = this;
    if (!made || !width) return;
    if (made.points) this.onPlane();
    else this.inRows(which.length);
    this.overlay();
  }

  inRows(n) {
    const {canvas, room, width, made, which} = this, columns = Math.min(this.columns(width, n), n), rows = Math.ceil(n / columns), dense = ratio();
    const side = Math.min(this.most, Math.max(this.least, (width - room * (columns - 1)) / columns));
    this.size = [columns * side + room * (columns - 1), rows * side + room * (rows - 1)];
    this.across = columns;
    canvas.width = Math.round(this.size[0] * dense);
    canvas.height = Math.round(this.size[1] * dense);
    const g = canvas.getContext("2d");
    this.boxes = which.map((i, k) => {
      const x = k % columns * (side + room), y = Math.floor(k / columns) * (side + room);
      stamp(g, made, i, Math.round(x * dense), Math.round(y * dense), Math.round(side * dense));
      return [x, y, side];
    });
    this.side = side;
  }

  onPlane() {
    const {made, which, desk} = this, side = Math.min(this.width, inView(this.plane)), at = which.map((i) => made.points[i]);
    const [X, Y] = ground(this.canvas, side, {real: desk.real, fake: this.layers.marks ? null : Float32Array.from(at.flat()), ...this.layers});
    this.size = [side, side];
    this.across = 1;
    this.boxes = at.map(([x, y]) => [X(x) - 9, Y(y) - 9, 18]);
  }

  overlay() {
    const {picks, boxes, sheet, size: [wide, high], made} = this;
    Object.assign(sheet.style, {width: `${wide}px`, height: `${high}px`});
    picks.classList.toggle("on-plane", Boolean(made.points));
    if (picks.children.length !== boxes.length) {
      replace(picks, ...boxes.map((_, i) => h("button", {type: "button", tabindex: i ? "-1" : "0"})));
    }
    boxes.forEach(([x, y, side], i) => Object.assign(picks.children[i].style, {left: `${x}px`, top: `${y}px`, width: `${side}px`, height: `${side}px`}));
    this.marked();
  }

  /** Which are pinned. */
  marked() {
    if (!this.boxes) return;
    this.pins.forEach((pin, i) => {
      const button = this.picks.children[i];
      button.setAttribute("aria-pressed", String(Boolean(this.desk.tray.find(pin.z))));
      button.setAttribute("aria-label", `${pin.name}, |z| ${short(pin.norm)}: pin`);
      button.title = `${pin.name}, |z| ${short(pin.norm)}`;
    });
  }

  pressed({target, clientX, clientY}) {
    let at = [...this.picks.children].indexOf(target.closest("button"));
    if (at < 0 && this.made?.points) {
      const {left, top} = this.sheet.getBoundingClientRect(), far = this.boxes.map(([x, y, side]) => Math.hypot(x + side / 2 - clientX + left, y + side / 2 - clientY + top));
      at = far.indexOf(Math.min(...far));
      if (far[at] > NEAR) return;
    }
    if (at >= 0) this.desk.tray.toggle(this.pins[at]);
  }

  keyed(event) {
    const all = [...this.picks.children], at = all.indexOf(event.target), {across} = this;
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: all.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (!all[to]) return;
    all.forEach((button, i) => { button.tabIndex = i === to ? 0 : -1; });
    all[to].focus();
  }
}
