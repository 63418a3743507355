// The pad from above: the plane through a latent, coarse samples of it where these are pictures, and where one stands.

import {palette} from "../theme.js";
import {ratio} from "../tiles.js";

export const REACH = 2;                 // typical lengths from the middle to the edge of where one may go
const EDGE = 0.25, CELLS = 9, TRAIL = 60;

/** Where the samples of the ground are asked for, three by three: [[at, column, row], ...]. */
export const GROUND = [-1.5, 0, 1.5].flatMap((b, j) => [-1.5, 0, 1.5].map((a, i) => ({at: [a, -b], column: 3 * i, row: 3 * j})));
export const APART = 0.5;

export class PadMap {
  constructor(canvas) {
    Object.assign(this, {canvas, ground: null, trail: [], at: [0, 0], step: 0.25});
  }

  /** Nothing is known of this plane yet. */
  begin() {
    Object.assign(this, {ground: null, scaled: null, trail: []});
    this.draw();
  }

  /** Nine of its samples have come. */
  lay(made, column, row) {
    const {size} = made;
    if (!this.ground) {
      this.ground = document.createElement("canvas");
      this.ground.width = this.ground.height = CELLS * size;
    }
    const g = this.ground.getContext("2d");
    for (let i = 0; i < 9; i++) g.drawImage(made.sheet, i % 3 * (size + made.gap), Math.floor(i / 3) * (size + made.gap), size, size, (column + i % 3) * size, (row + Math.floor(i / 3)) * size, size, size);
    this.scaled = null;
    this.draw();
  }

  go(at, step) {
    const last = this.trail.at(-1);
    if (!last || Math.hypot(last[0] - at[0], last[1] - at[1]) > 0.02) this.trail.push(at);
    if (this.trail.length > TRAIL) this.trail.shift();
    Object.assign(this, {at, step});
    this.draw();
  }

  /** The ground, `full` device pixels wide: made once, for the map is drawn with every move. */
  fitted(full) {
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
  place(x, y) {
    return [(2 * x - 1) * (REACH + EDGE), (1 - 2 * y) * (REACH + EDGE)];
  }

  draw() {
    const {canvas, side, at, step, trail, ground} = this;
    if (!side) return;
    const dense = ratio(), whole = REACH + EDGE, S = (v) => (v / whole + 1) / 2 * side, X = (a) => S(a), Y = (b) => side - S(b);
    const full = Math.round(side * dense), g = canvas.getContext("2d");
    if (canvas.width !== full) canvas.width = canvas.height = full;
    g.setTransform(dense, 0, 0, dense, 0, 0);
    g.fillStyle = palette.surface;
    g.fillRect(0, 0, side, side);
    if (ground) g.drawImage(this.fitted(canvas.width), 0, 0, side, side);
    else lattice(g, X, Y, side);
    pen(g, trail, X, Y, palette.surface, 4);
    pen(g, trail, X, Y, palette.hand, 1.5);
    for (let j = -1; j <= 1; j++) for (let i = -1; i <= 1; i++) if (i || j) bead(g, X(at[0] + i * step), Y(at[1] + j * step), 2.5, false);
    bead(g, X(at[0]), Y(at[1]), 6, true);
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
  Object.assign(g, {strokeStyle: palette.rule2, globalAlpha: 1, lineWidth: 1});
  g.beginPath();
  g.moveTo(X(0), 0);
  g.lineTo(X(0), side);
  g.moveTo(0, Y(0));
  g.lineTo(side, Y(0));
  g.stroke();
}

function pen(g, trail, X, Y, colour, width) {
  g.beginPath();
  trail.forEach(([a, b], i) => g[i ? "lineTo" : "moveTo"](X(a), Y(b)));
  Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round"});
  g.stroke();
}

function bead(g, x, y, radius, full) {
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(g, {fillStyle: full ? palette.hand : palette.surface, strokeStyle: full ? palette.surface : palette.hand, lineWidth: full ? 2 : 1.25});
  g.fill();
  g.stroke();
}
