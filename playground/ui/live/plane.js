// Points in the plane on a canvas: real ones filled and blue, fakes hollow and warm.

import {forces, ground as map, levels, mesh} from "./landscape.js";
import {palette} from "./theme.js";

export const VIEW = 3;          // from -3 to 3
const AXES = 24, SMALL = 440, TINY = 320;          // px of a side: for the axes' numbers; without them; as one of many
const ON_MAP = {real: "#a9d3ff", fake: "#ff9a55", edge: "#0a1a33"};         // alike in both themes, for the map is

const grounds = new WeakMap();              // canvas -> {canvas, drawn}: the map or the paper, axes and real points, which change rarely
const [halo, ring] = [0, 1].map(() => document.createElement("canvas"));
let stamped = "";                           // how the two stamps look

/** Where the plane lies on a canvas of `side` px: {pad, span, X, Y, small}. */
export function frame(side) {
  const small = side < SMALL, pad = small ? 0 : AXES, span = side - pad;
  return {small, pad, span, X: (x) => pad + (x + VIEW) / (2 * VIEW) * span, Y: (y) => (VIEW - y) / (2 * VIEW) * span};
}

/** `layers`: {real, fake: Float32Array of x, y pairs, or null; path: [[x, y], ...] or null; cross: [x, y] or null; found: a surveyed landscape or null, and which of
 *  its parts are shown: {land, level, force, mesh}}. */
export function plane(canvas, side, layers) {
  const ratio = Math.min(devicePixelRatio || 1, 3), size = Math.round(side * ratio), {small, pad, span, X, Y} = frame(side);
  const {found, shown = {}} = layers, onMap = Boolean(found && shown.land), now = [size, palette.paper, layers.real, onMap, (onMap || shown.level) && found, shown.level];
  const kept = grounds.get(canvas) ?? {canvas: document.createElement("canvas")};
  if (!kept.drawn || now.some((value, i) => value !== kept.drawn[i])) {
    kept.drawn = now;
    grounds.set(canvas, kept);
    beneath(start(kept.canvas, size, ratio, side), layers.real, side < TINY ? 1.1 : small ? 1.5 : 2, pad, span, X, Y, found, onMap, shown.level);
  }
  const look = [ratio, side < TINY ? 1.7 : small ? 2.3 : 3, onMap, palette.fake].join();
  if (look !== stamped) {
    stamped = look;
    for (const stamp of [halo, ring]) bead(stamp, ratio, side < TINY ? 1.7 : small ? 2.3 : 3, stamp === halo, onMap);
  }
  const g = start(canvas, size, ratio, side);
  g.drawImage(kept.canvas, 0, 0, side, side);
  g.save();
  inside(g, pad, span);
  if (found && shown.mesh && found.look.arrays.mesh) mesh(g, found, X, Y, onMap);
  if (layers.fake) hollow(g, layers.fake, X, Y, ratio);
  if (found && shown.force) forces(g, found, X, Y, small);
  if (layers.path) path(g, layers.path, X, Y);
  if (layers.cross) cross(g, X(layers.cross[0]), Y(layers.cross[1]));
  g.restore();
  g.strokeStyle = palette.rule2;
  g.lineWidth = 1;
  g.strokeRect(pad + 0.5, 0.5, span - 1, span - 1);
}

function start(canvas, size, ratio, side) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, side, side);
  return g;
}

function inside(g, pad, span) {
  g.beginPath();
  g.rect(pad, 0, span, span);
  g.clip();
}

/** `found`: a surveyed landscape or null, whose map and `level` are shown or left out. */
function beneath(g, real, radius, pad, span, X, Y, found, land, level) {
  g.fillStyle = palette.surface;
  g.fillRect(pad, 0, span, span);
  lines(g, pad, span, X, Y);
  g.save();
  inside(g, pad, span);
  if (land) map(g, found, pad, span, X, Y);
  if (real) filled(g, real, radius, X, Y, land);
  if (found && level) levels(g, found, X, Y, land);
  g.restore();
}

function filled(g, real, radius, X, Y, land) {
  g.beginPath();
  for (let i = 0; i < real.length; i += 2) {
    const x = X(real[i]), y = Y(real[i + 1]);
    g.moveTo(x + radius, y);
    g.arc(x, y, radius, 0, 2 * Math.PI);
  }
  g.globalAlpha = land ? 0.9 : 0.6;
  g.fillStyle = land ? ON_MAP.real : palette.real;
  g.fill();
  if (land) {
    Object.assign(g, {strokeStyle: ON_MAP.edge, lineWidth: 0.5});
    g.stroke();
  }
  g.globalAlpha = 1;
}

function lines(g, pad, span, X, Y) {
  g.strokeStyle = palette.rule;
  g.lineWidth = 1;
  g.beginPath();
  for (let t = 1 - VIEW; t < VIEW; t++) {
    const x = Math.round(X(t)) + 0.5, y = Math.round(Y(t)) + 0.5;
    g.moveTo(x, 0);
    g.lineTo(x, span);
    g.moveTo(pad, y);
    g.lineTo(pad + span, y);
  }
  g.stroke();
  if (!pad) return;
  g.fillStyle = palette.ink3;
  g.font = `11px ${palette.sans}`;
  for (let t = -VIEW; t <= VIEW; t++) {
    const text = String(t).replace("-", "−");
    g.textBaseline = "top";
    g.textAlign = t === VIEW ? "right" : t === -VIEW ? "left" : "center";
    g.fillText(text, X(t), span + 8);
    g.textAlign = "right";
    g.textBaseline = t === VIEW ? "top" : t === -VIEW ? "bottom" : "middle";
    g.fillText(text, pad - 7, Y(t));
  }
}

/** One hollow circle, to be stamped for each fake; `edge` is the pale one that lies under them all, so that they read over blue. */
function bead(stamp, ratio, radius, edge, onMap) {
  const side = Math.ceil(2 * radius + 5), g = start(stamp, Math.ceil(side * ratio), ratio, side);
  g.beginPath();
  g.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
  const wide = radius < 2 ? 0.7 : 1;
  const [under, over] = onMap ? [ON_MAP.edge, ON_MAP.fake] : [palette.surface, palette.fake];
  Object.assign(g, edge ? {globalAlpha: onMap ? 0.45 : 0.7, strokeStyle: under, lineWidth: 3.2 * wide} : {globalAlpha: 1, strokeStyle: over, lineWidth: 1.4 * wide});
  g.stroke();
}

function hollow(g, points, X, Y, ratio) {
  const side = ring.width / ratio, sharp = (v) => Math.round((v - side / 2) * ratio) / ratio;
  for (const stamp of [halo, ring]) {
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i], y = points[i + 1];
      if (Math.abs(x) < VIEW + 0.1 && Math.abs(y) < VIEW + 0.1) g.drawImage(stamp, sharp(X(x)), sharp(Y(y)), side, side);
    }
  }
}

/** Where a finger reads the landscape. */
function cross(g, x, y) {
  g.beginPath();
  for (const [a, b] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    g.moveTo(x + 5 * a, y + 5 * b);
    g.lineTo(x + 15 * a, y + 15 * b);
  }
  for (const [colour, width] of [[ON_MAP.edge, 4], ["#fff", 1.75]]) {
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineCap: "round"});
    g.stroke();
  }
}

/** Where G puts the way between two latents: a thread with beads, from a filled end to a ringed one. */
function path(g, points, X, Y) {
  const at = points.map(([x, y]) => [X(x), Y(y)]);
  const stroke = (colour, width) => {
    g.beginPath();
    at.forEach(([x, y], i) => g[i ? "lineTo" : "moveTo"](x, y));
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineJoin: "round"});
    g.stroke();
  };
  stroke(palette.surface, 5);
  stroke(palette.ink, 1.75);
  at.forEach(([x, y], i) => {
    g.beginPath();
    g.arc(x, y, i === 0 || i === at.length - 1 ? 6 : 3.5, 0, 2 * Math.PI);
    g.fillStyle = i === 0 ? palette.ink : palette.surface;
    g.fill();
    Object.assign(g, {strokeStyle: palette.ink, lineWidth: 1.75});
    g.stroke();
  });
}
