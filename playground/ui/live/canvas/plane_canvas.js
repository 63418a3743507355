// Points in the plane on a canvas: real ones filled and blue, fakes hollow and warm.

import {drawForces, drawHeat as map, drawLevels, drawMesh} from "./score_landscape.js";
import {pixelRatio} from "../core/dom.js";
import {palette} from "../core/theme.js";

export const VIEW = 3; // from -3 to 3
const AXES = 24;
const SMALL = 440;
const TINY = 320; // px of a side: for the axes' numbers; without them; as one of many
const ON_MAP = {real: "#a9d3ff", fake: "#ff9a55", edge: "#0a1a33"}; // alike in both themes, for the map is

// canvas -> {canvas, drawn}: the map or the paper, axes and real points, which change rarely
const backgrounds = new WeakMap();
const [halo, ring] = [0, 1].map(() => document.createElement("canvas"));
let stampKey = ""; // how the two stamps look

/** Where the plane lies on a canvas of `side` px: {pad, span, X, Y, small}. */
export function planeFrame(side) {
  const small = side < SMALL;
  const pad = small ? 0 : AXES;
  const span = side - pad;
  return {
    small,
    pad,
    span,
    X: (x) => pad + ((x + VIEW) / (2 * VIEW)) * span,
    Y: (y) => ((VIEW - y) / (2 * VIEW)) * span,
  };
}

/**
 * `layers`: {real, fake: Float32Array of x, y pairs, or null; path: [[x, y], ...] or null; cross: [x, y] or null;
 * found: a surveyed landscape or null, and which of its parts are shown: {land, level, force, mesh}}.
 */
export function drawPlane(canvas, side, layers) {
  const ratio = pixelRatio();
  const size = Math.round(side * ratio);
  const {small, pad, span, X, Y} = planeFrame(side);
  const {landscape, shown = {}} = layers;
  const onMap = Boolean(landscape && shown.land);
  const inputs = [size, palette.paper, layers.real, onMap, (onMap || shown.level) && landscape, shown.level];
  const cached = backgrounds.get(canvas) ?? {canvas: document.createElement("canvas")};
  if (!cached.drawn || inputs.some((value, i) => value !== cached.drawn[i])) {
    cached.drawn = inputs;
    backgrounds.set(canvas, cached);
    drawBackground(
      prepare(cached.canvas, size, ratio, side),
      layers.real,
      side < TINY ? 1.1 : small ? 1.5 : 2,
      pad,
      span,
      X,
      Y,
      landscape,
      onMap,
      shown.level,
    );
  }
  const snapshot = [ratio, side < TINY ? 1.7 : small ? 2.3 : 3, onMap, palette.fake].join();
  if (snapshot !== stampKey) {
    stampKey = snapshot;
    for (const stamp of [halo, ring])
      drawStamp(stamp, ratio, side < TINY ? 1.7 : small ? 2.3 : 3, stamp === halo, onMap);
  }
  const g = prepare(canvas, size, ratio, side);
  g.drawImage(cached.canvas, 0, 0, side, side);
  g.save();
  clipToPlane(g, pad, span);
  if (landscape && shown.mesh && landscape.snapshot.arrays.mesh) drawMesh(g, landscape, X, Y, onMap);
  if (layers.fake) drawHollow(g, layers.fake, X, Y, ratio);
  if (landscape && shown.force) drawForces(g, landscape, X, Y, small);
  if (layers.path) drawPath(g, layers.path, X, Y);
  if (layers.cross) drawCross(g, X(layers.cross[0]), Y(layers.cross[1]));
  g.restore();
  g.strokeStyle = palette.rule2;
  g.lineWidth = 1;
  g.strokeRect(pad + 0.5, 0.5, span - 1, span - 1);
}

function prepare(canvas, size, ratio, side) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, side, side);
  return g;
}

function clipToPlane(g, pad, span) {
  g.beginPath();
  g.rect(pad, 0, span, span);
  g.clip();
}

/**
 * Draws paper, axes and real points. `landscape`: a surveyed landscape or null; `land` and `level`: whether its map
 * and its level are shown.
 */
function drawBackground(g, real, radius, pad, span, X, Y, landscape, land, level) {
  g.fillStyle = palette.surface;
  g.fillRect(pad, 0, span, span);
  drawGrid(g, pad, span, X, Y);
  g.save();
  clipToPlane(g, pad, span);
  if (land) map(g, landscape, pad, span, X, Y);
  if (real) drawFilled(g, real, radius, X, Y, land);
  if (landscape && level) drawLevels(g, landscape, X, Y, land);
  g.restore();
}

function drawFilled(g, real, radius, X, Y, land) {
  g.beginPath();
  for (let i = 0; i < real.length; i += 2) {
    const x = X(real[i]);
    const y = Y(real[i + 1]);
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

function drawGrid(g, pad, span, X, Y) {
  g.strokeStyle = palette.rule;
  g.lineWidth = 1;
  g.beginPath();
  for (let t = 1 - VIEW; t < VIEW; t++) {
    const x = Math.round(X(t)) + 0.5;
    const y = Math.round(Y(t)) + 0.5;
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

/**
 * One hollow circle, to be stamped for each fake; `edge` is the pale one that lies under them all, so that they read
 * over blue.
 */
function drawStamp(stamp, ratio, radius, edge, onMap) {
  const side = Math.ceil(2 * radius + 5);
  const g = prepare(stamp, Math.ceil(side * ratio), ratio, side);
  g.beginPath();
  g.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
  const wide = radius < 2 ? 0.7 : 1;
  const [under, over] = onMap ? [ON_MAP.edge, ON_MAP.fake] : [palette.surface, palette.fake];
  Object.assign(
    g,
    edge
      ? {globalAlpha: onMap ? 0.45 : 0.7, strokeStyle: under, lineWidth: 3.2 * wide}
      : {globalAlpha: 1, strokeStyle: over, lineWidth: 1.4 * wide},
  );
  g.stroke();
}

function drawHollow(g, points, X, Y, ratio) {
  const side = ring.width / ratio;
  const sharp = (v) => Math.round((v - side / 2) * ratio) / ratio;
  for (const stamp of [halo, ring]) {
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i];
      const y = points[i + 1];
      if (Math.abs(x) < VIEW + 0.1 && Math.abs(y) < VIEW + 0.1)
        g.drawImage(stamp, sharp(X(x)), sharp(Y(y)), side, side);
    }
  }
}

/** A cross where the landscape was tapped. */
function drawCross(g, x, y) {
  g.beginPath();
  for (const [a, b] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    g.moveTo(x + 5 * a, y + 5 * b);
    g.lineTo(x + 15 * a, y + 15 * b);
  }
  for (const [colour, width] of [
    [ON_MAP.edge, 4],
    ["#fff", 1.75],
  ]) {
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineCap: "round"});
    g.stroke();
  }
}

/** The path of G's samples between two latents, from a filled end to a ringed one. */
function drawPath(g, points, X, Y) {
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
