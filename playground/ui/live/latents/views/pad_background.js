// The data plane with what the tools put there: the image of a piece of the latent plane, ways, single samples with
// their names.

import {planeFrame, drawPlane} from "../../canvas/plane_canvas.js";
import {palette} from "../../core/theme.js";

const SMALL = 100;
const AWAY = 12; // px of a side under which a mark has no name; from a mark to its name

/**
 * Draws the data plane, and returns its two axes.
 * @param {HTMLCanvasElement} canvas
 * @param {number} side
 * @param {object} layers
 * @param {Float32Array | null} [layers.real] x, y pairs
 * @param {Float32Array | null} [layers.fake]
 * @param {Point[] | null} [layers.path]
 * @param {{points: Point[], side: number} | null} [layers.mesh]
 * @param {{at: Point, kind: string, name?: string}[]} [layers.marks]
 * @param {Point[][]} [layers.links]
 * @returns {[Axis, Axis]}
 */
export function drawGround(canvas, side, {real = null, fake = null, path = null, mesh = null, marks = [], links = []}) {
  drawPlane(canvas, side, {real: side < SMALL ? null : real, fake, path: null});
  const {pad, span, X, Y} = planeFrame(side);
  const g = canvas.getContext("2d");
  g.save();
  g.beginPath();
  g.rect(pad, 0, span, span);
  g.clip();
  if (mesh) drawMesh(g, mesh, X, Y);
  for (const [from, to] of links) drawLine(g, [from, to], X, Y, palette.ink3, 1);
  if (path) {
    drawLine(g, path, X, Y, palette.surface, 4);
    drawLine(g, path, X, Y, palette.hand, 1.75);
  }
  for (const mark of marks) drawMark(g, X(mark.at[0]), Y(mark.at[1]), mark, side < SMALL);
  g.restore();
  return [X, Y];
}

/** Lines through 0, over all of a square of `side` px. */
export function drawZeroAxes(g, X, Y, side) {
  Object.assign(g, {strokeStyle: palette.rule2, lineWidth: 1});
  g.beginPath();
  g.moveTo(X(0), 0);
  g.lineTo(X(0), side);
  g.moveTo(0, Y(0));
  g.lineTo(side, Y(0));
  g.stroke();
}

function drawLine(g, points, X, Y, colour, width) {
  g.beginPath();
  points.forEach(([x, y], i) => g[i ? "lineTo" : "moveTo"](X(x), Y(y)));
  Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round"});
  g.stroke();
}

/** Where G puts a lattice of the latent plane, row by row. */
function drawMesh(g, {points, side}, X, Y) {
  g.beginPath();
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      g[j ? "lineTo" : "moveTo"](...toPixels(points[i * side + j], X, Y));
    }
    for (let j = 0; j < side; j++) g[j ? "lineTo" : "moveTo"](...toPixels(points[j * side + i], X, Y));
  }
  Object.assign(g, {strokeStyle: palette.hand, lineWidth: 0.75, globalAlpha: 0.55});
  g.stroke();
  g.globalAlpha = 1;
}

const toPixels = ([x, y], X, Y) => [X(x), Y(y)];

function drawMark(g, x, y, {kind, name = ""}, small) {
  const radius = small ? 4 : kind === "real" ? 4 : 5;
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(g, {strokeStyle: palette.surface, lineWidth: 4});
  g.stroke();
  if (kind === "real") g.fillStyle = palette.real;
  else Object.assign(g, {fillStyle: palette.surface, strokeStyle: palette[kind], lineWidth: 2});
  g.fill();
  if (kind !== "real") g.stroke();
  if (!name || small) return;
  const under = kind === "hand";
  const textY = under ? y + AWAY : y - AWAY; // what comes of others is named beneath: it may lie where one of them does
  Object.assign(g, {
    font: `600 13px ${palette.sans}`,
    textAlign: "center",
    textBaseline: under ? "top" : "bottom",
    strokeStyle: palette.surface,
    lineWidth: 4,
    fillStyle: palette.ink,
  });
  g.strokeText(name, x, textY);
  g.fillText(name, x, textY);
}
