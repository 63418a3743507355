// Draws the plane of the drawing dialog: grid, points with their spread, keyboard cross.

import {pixelRatio} from "../../core/dom.js";
import {EXTENT} from "../../core/points_codec.js";
import {palette} from "../../core/theme.js";

const TOTAL_DOTS = 1600;
const MAX_DOTS = 8; // dots that show the cloud in all, and at most of one point

/** Two numbers like a Gaussian's draws for dot `i`, the same at every drawing. */
const noise = Array.from({length: 4096}, (_, i) => {
  const u = (i * 0.754877666 + 0.5) % 1 || 0.5;
  const v = (i * 0.569840291 + 0.5) % 1;
  const r = Math.sqrt(-2 * Math.log(u));
  return [r * Math.cos(2 * Math.PI * v), r * Math.sin(2 * Math.PI * v)];
});

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} points
 * @param {number} spread the deviation of the cloud about each point
 * @param {number[] | null} cross where the keys draw, null while they do not
 */
export function drawPlane(canvas, points, spread, cross) {
  const side = canvas.clientWidth;
  const ratio = pixelRatio();
  const g = canvas.getContext("2d");
  const place = (at) => [((at[0] / EXTENT + 1) / 2) * side, ((1 - at[1] / EXTENT) / 2) * side];
  canvas.width = canvas.height = Math.round(side * ratio);
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawLattice(g, side, place);
  Object.assign(g, {fillStyle: palette.real, globalAlpha: 0.6});
  const each = spread ? Math.max(1, Math.min(MAX_DOTS, Math.round(TOTAL_DOTS / (points.length || 1)))) : 1;
  g.beginPath();
  points.forEach(([x, y], i) => {
    for (let k = 0; k < each; k++) {
      const [u, v] = noise[(i * MAX_DOTS + k) % noise.length];
      const [px, py] = place([x + spread * u, y + spread * v]);
      g.moveTo(px + 2, py);
      g.arc(px, py, 2, 0, 2 * Math.PI);
    }
  });
  g.fill();
  g.globalAlpha = 1;
  if (cross)
    drawCross(
      g,
      place(cross).map((v) => Math.round(v) + 0.5),
    );
}

function drawLattice(g, side, place) {
  Object.assign(g, {fillStyle: palette.surface, strokeStyle: palette.rule, lineWidth: 1});
  g.fillRect(0, 0, side, side);
  g.beginPath();
  for (let t = 1 - EXTENT; t < EXTENT; t++) {
    const [x, y] = place([t, t]).map((v) => Math.round(v) + 0.5);
    g.moveTo(x, 0);
    g.lineTo(x, side);
    g.moveTo(0, y);
    g.lineTo(side, y);
  }
  g.stroke();
}

/** @param {number[]} at where on the canvas */
function drawCross(g, at) {
  const [x, y] = at;
  g.strokeStyle = palette.hand;
  g.strokeRect(x - 4, y - 4, 8, 8);
  g.beginPath();
  for (const [a, b] of [
    [-11, 0],
    [11, 0],
    [0, -11],
    [0, 11],
  ]) {
    g.moveTo(x + a, y + b);
    g.lineTo(x + a * 0.4, y + b * 0.4);
  }
  g.stroke();
}
