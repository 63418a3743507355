// Samples that can be pinned: pictures in rows, or points in the plane. Arrow keys move, Enter pins.

import {h, pixelRatio, replace} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {drawGround} from "./pad_background.js";
import {splitLatents} from "../latent_codec.js";
import {drawSample} from "./sample_tile.js";

const HIT_RADIUS = 28; // px: how far from a point a click may be
const ABOVE = 360; // px of the page above the tool
const MIN_SIDE = 320; // px: the smallest side, whatever the window

/**
 * The side in px: `maxSide`, or what fits in the window without scrolling.
 * @param {number} maxSide
 * @returns {number}
 */
export const inView = (maxSide) => Math.min(maxSide, Math.max(MIN_SIDE, innerHeight - ABOVE));

export class ResultView {
  /**
   * @param {Workbench} workbench
   * @param {object} options
   * @param {string} options.label
   * @param {(width: number, n: number) => number} [options.columns] columns of pictures
   * @param {number} [options.maxSide] px of a tile at most
   * @param {number} [options.minSide] px of a tile below which they scroll
   * @param {number} [options.plane] px of the plane at most
   * @param {number} [options.gap] px between tiles
   * @param {(i: number) => string} [options.sampleName]
   * @param {boolean} [options.quiet]
   */
  constructor(
    workbench,
    {
      label,
      columns = (_, n) => n,
      maxSide = 120,
      minSide = 0,
      plane = 560,
      gap = 6,
      sampleName = (i) => `sample ${i + 1}`,
      quiet = false,
    },
  ) {
    this.workbench = workbench;
    this.columns = columns;
    this.maxSide = maxSide;
    this.minSide = minSide;
    this.plane = plane;
    this.gap = gap;
    this.sampleName = sampleName;
    this.quiet = quiet;
    this.answer = null;
    this.layers = {};
    this.canvas = h("canvas", {"aria-hidden": "true"});
    this.picks = h("div", {
      class: "picks",
      role: "group",
      "aria-label": label,
      onkeydown: (event) => this.onKey(event),
    });
    this.sheet = h("div", {class: "sheet-of", onclick: (event) => this.onPress(event)}, this.canvas, this.picks);
    this.element = h("div", {class: "show"}, this.sheet);
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = width;
        this.draw();
      },
    ).observe(this.element);
    workbench.tray.subscribe(() => this.updatePinned());
  }

  /** Shows an answer with latents, or those that `which` lists. On points, `layers` are those of `drawGround`. */
  set(answer, {which = answer.norms.map((_, i) => i), layers = {}} = {}) {
    const latents = splitLatents(answer.z, answer.norms.length);
    this.answer = answer;
    this.which = which;
    this.layers = layers;
    this.pins = which.map((i, k) => ({...latents[i], name: this.sampleName(k), norm: answer.norms[i]}));
    this.draw();
  }

  draw() {
    const {answer, width, which} = this;
    if (!answer || !width) return;
    if (answer.points) this.drawOnPlane();
    else this.drawRows(which.length);
    this.placeButtons();
  }

  drawRows(n) {
    const {canvas, gap, width, answer, which} = this;
    const columns = Math.min(this.columns(width, n), n);
    const rows = Math.ceil(n / columns);
    const ratio = pixelRatio();
    const side = Math.min(this.maxSide, Math.max(this.minSide, (width - gap * (columns - 1)) / columns));
    this.size = [columns * side + gap * (columns - 1), rows * side + gap * (rows - 1)];
    this.columnsDrawn = columns;
    canvas.width = Math.round(this.size[0] * ratio);
    canvas.height = Math.round(this.size[1] * ratio);
    const g = canvas.getContext("2d");
    this.boxes = which.map((i, k) => {
      const x = (k % columns) * (side + gap);
      const y = Math.floor(k / columns) * (side + gap);
      drawSample(g, answer, i, Math.round(x * ratio), Math.round(y * ratio), Math.round(side * ratio));
      return [x, y, side];
    });
    this.side = side;
  }

  drawOnPlane() {
    const {answer, which, workbench} = this;
    const side = Math.min(this.width, inView(this.plane));
    const at = which.map((i) => answer.points[i]);
    const [X, Y] = drawGround(this.canvas, side, {
      real: workbench.real,
      fake: this.layers.marks ? null : Float32Array.from(at.flat()),
      ...this.layers,
    });
    this.size = [side, side];
    this.columnsDrawn = 1;
    this.boxes = at.map(([x, y]) => [X(x) - 9, Y(y) - 9, 18]);
  }

  placeButtons() {
    const {
      picks,
      boxes,
      sheet,
      size: [wide, high],
      answer,
    } = this;
    Object.assign(sheet.style, {width: `${wide}px`, height: `${high}px`});
    picks.classList.toggle("on-plane", Boolean(answer.points));
    if (picks.children.length !== boxes.length) {
      replace(picks, ...boxes.map((_, i) => h("button", {type: "button", tabindex: i ? "-1" : "0"})));
    }
    boxes.forEach(([x, y, side], i) =>
      Object.assign(picks.children[i].style, {left: `${x}px`, top: `${y}px`, width: `${side}px`, height: `${side}px`}),
    );
    this.updatePinned();
  }

  /** Which are pinned. */
  updatePinned() {
    if (!this.boxes) return;
    this.pins.forEach((pin, i) => {
      const button = this.picks.children[i];
      button.setAttribute("aria-pressed", String(Boolean(this.workbench.tray.find(pin.z))));
      button.setAttribute("aria-label", `${pin.name}, |z| ${short(pin.norm)}: pin`);
      button.title = `${pin.name}, |z| ${short(pin.norm)}`;
    });
  }

  onPress({target, clientX, clientY}) {
    let at = [...this.picks.children].indexOf(target.closest("button"));
    if (at < 0 && this.answer?.points) {
      const {left, top} = this.sheet.getBoundingClientRect();
      const distances = this.boxes.map(([x, y, side]) =>
        Math.hypot(x + side / 2 - clientX + left, y + side / 2 - clientY + top),
      );
      at = distances.indexOf(Math.min(...distances));
      if (distances[at] > HIT_RADIUS) return;
    }
    if (at >= 0) this.workbench.tray.toggle(this.pins[at]);
  }

  onKey(event) {
    const all = [...this.picks.children];
    const at = all.indexOf(event.target);
    const {columnsDrawn} = this;
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + columnsDrawn,
      ArrowUp: at - columnsDrawn,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (!all[to]) return;
    all.forEach((button, i) => {
      button.tabIndex = i === to ? 0 : -1;
    });
    all[to].focus();
  }
}
