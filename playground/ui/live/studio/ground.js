// The data plane with what the tools put there: the image of a piece of the latent plane, ways, single samples with their names.

import {frame, plane} from "../plane.js";
import {palette} from "../theme.js";

const SMALL = 100, AWAY = 12;          // px of a side under which a mark has no name; from a mark to its name

/** `layers`: {real, fake: Float32Array of pairs or null; path: [[x, y], ...]; mesh: {points, side}; marks: [{at: [x, y], kind: "fake" | "real" | "hand", name}]; links: [[from, to], ...]}. -> where x and y lie. */
export function ground(canvas, side, {real = null, fake = null, path = null, mesh = null, marks = [], links = []}) {
  plane(canvas, side, {real: side < SMALL ? null : real, fake, path: null});
  const {pad, span, X, Y} = frame(side), g = canvas.getContext("2d");
  g.save();
  g.beginPath();
  g.rect(pad, 0, span, span);
  g.clip();
  if (mesh) net(g, mesh, X, Y);
  for (const [from, to] of links) line(g, [from, to], X, Y, palette.ink3, 1);
  if (path) {
    line(g, path, X, Y, palette.surface, 4);
    line(g, path, X, Y, palette.hand, 1.75);
  }
  for (const mark of marks) dot(g, X(mark.at[0]), Y(mark.at[1]), mark, side < SMALL);
  g.restore();
  return [X, Y];
}

function line(g, points, X, Y, colour, width) {
  g.beginPath();
  points.forEach(([x, y], i) => g[i ? "lineTo" : "moveTo"](X(x), Y(y)));
  Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round"});
  g.stroke();
}

/** Where G puts a lattice of the latent plane, row by row. */
function net(g, {points, side}, X, Y) {
  g.beginPath();
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      g[j ? "lineTo" : "moveTo"](...at(points[i * side + j], X, Y));
    }
    for (let j = 0; j < side; j++) g[j ? "lineTo" : "moveTo"](...at(points[j * side + i], X, Y));
  }
  Object.assign(g, {strokeStyle: palette.hand, lineWidth: 0.75, globalAlpha: 0.55});
  g.stroke();
  g.globalAlpha = 1;
}

const at = ([x, y], X, Y) => [X(x), Y(y)];

function dot(g, x, y, {kind, name}, small) {
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
  const under = kind === "hand", at = under ? y + AWAY : y - AWAY;            // what comes of others is named beneath: it may lie where one of them does
  Object.assign(g, {font: `600 13px ${palette.sans}`, textAlign: "center", textBaseline: under ? "top" : "bottom", strokeStyle: palette.surface, lineWidth: 4, fillStyle: palette.ink});
  g.strokeText(name, x, at);
  g.fillText(name, x, at);
}
