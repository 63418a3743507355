// The map of the pad: coarse samples of the plane through a latent, and the present position.

import {pixelRatio} from "../../core/dom.js";
import {palette} from "../../core/theme.js";
import {drawZeroAxes} from "./pad_background.js";

export const REACH = 2; // typical lengths from the middle to the edge of where one may go
const MARGIN = 0.25;
const CELLS = 9;
const TRAIL = 60;

/** Where the samples of the ground are asked for, three by three: [[at, column, row], ...]. */
export const GROUND = [-1.5, 0, 1.5].flatMap((b, j) =>
  [-1.5, 0, 1.5].map((a, i) => ({at: [a, -b], column: 3 * i, row: 3 * j})),
);
export const APART = 0.5;

export class PadMap {
  constructor(canvas) {
    this.canvas = canvas;
    this.side = 0; // px, as wide as it is drawn
    this.ground = null;
    this.trail = [];
    this.at = [0, 0];
    this.step = 0.25;
  }

  /** Resets the map for another plane. */
  begin() {
    this.ground = null;
    this.scaled = null;
    this.trail = [];
    this.draw();
  }

  /** Adds nine samples of the plane. */
  addSamples(answer, column, row) {
    const {size} = answer;
    if (!this.ground) {
      this.ground = document.createElement("canvas");
      this.ground.width = this.ground.height = CELLS * size;
    }
    const g = this.ground.getContext("2d");
    for (let i = 0; i < 9; i++)
      g.drawImage(
        answer.sheet,
        (i % 3) * (size + answer.gap),
        Math.floor(i / 3) * (size + answer.gap),
        size,
        size,
        (column + (i % 3)) * size,
        (row + Math.floor(i / 3)) * size,
        size,
        size,
      );
    this.scaled = null;
    this.draw();
  }

  moveTo(at, step) {
    const last = this.trail.at(-1);
    if (!last || Math.hypot(last[0] - at[0], last[1] - at[1]) > 0.02) this.trail.push(at);
    if (this.trail.length > TRAIL) this.trail.shift();
    this.at = at;
    this.step = step;
    this.draw();
  }

  /** The ground, `full` device pixels wide: made once, for the map is drawn with every move. */
  scaledGround(full) {
    if (this.scaled?.width === full) return this.scaled;
    this.scaled = document.createElement("canvas");
    this.scaled.width = this.scaled.height = full;
    const g = this.scaled.getContext("2d");
    g.imageSmoothingQuality = "high";
    g.globalAlpha = 0.9;
    g.drawImage(this.ground, 0, 0, full, full);
    return this.scaled;
  }

  /** The place in the plane that lies at a share of the map. */
  toPlane(x, y) {
    return [(2 * x - 1) * (REACH + MARGIN), (1 - 2 * y) * (REACH + MARGIN)];
  }

  draw() {
    const {canvas, side, at, step, trail, ground} = this;
    if (!side) return;
    const ratio = pixelRatio();
    const extent = REACH + MARGIN;
    const S = (v) => ((v / extent + 1) / 2) * side;
    const X = (a) => S(a);
    const Y = (b) => side - S(b);
    const full = Math.round(side * ratio);
    const g = canvas.getContext("2d");
    if (canvas.width !== full) canvas.width = canvas.height = full;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = palette.surface;
    g.fillRect(0, 0, side, side);
    if (ground) g.drawImage(this.scaledGround(canvas.width), 0, 0, side, side);
    else lattice(g, X, Y, side);
    drawTrail(g, trail, X, Y, palette.surface, 4);
    drawTrail(g, trail, X, Y, palette.hand, 1.5);
    for (let j = -1; j <= 1; j++)
      for (let i = -1; i <= 1; i++) if (i || j) drawBead(g, X(at[0] + i * step), Y(at[1] + j * step), 2.5, false);
    drawBead(g, X(at[0]), Y(at[1]), 6, true);
    g.strokeStyle = palette.rule2;
    g.lineWidth = 1;
    g.strokeRect(0.5, 0.5, side - 1, side - 1);
  }
}

function lattice(g, X, Y, side) {
  g.beginPath();
  for (let t = -REACH; t <= REACH; t += 0.5) {
    g.moveTo(X(t), Y(-REACH));
    g.lineTo(X(t), Y(REACH));
    g.moveTo(X(-REACH), Y(t));
    g.lineTo(X(REACH), Y(t));
  }
  Object.assign(g, {strokeStyle: palette.hand, lineWidth: 0.75, globalAlpha: 0.4});
  g.stroke();
  g.globalAlpha = 1;
  drawZeroAxes(g, X, Y, side);
}

function drawTrail(g, trail, X, Y, colour, width) {
  g.beginPath();
  trail.forEach(([a, b], i) => g[i ? "lineTo" : "moveTo"](X(a), Y(b)));
  Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round"});
  g.stroke();
}

function drawBead(g, x, y, radius, full) {
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(g, {
    fillStyle: full ? palette.hand : palette.surface,
    strokeStyle: full ? palette.surface : palette.hand,
    lineWidth: full ? 2 : 1.25,
  });
  g.fill();
  g.stroke();
}
