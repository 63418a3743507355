// D's score landscape: colours, contour lines, forces on G's samples, and the latent grid.

import {RAMP} from "./cividis.js";
import {contours} from "./contours.js";
import {palette} from "../core/theme.js";

const OUTLINE = "#0a1a33";
const MAX_ARROW = 26;
const QUIET_STEP = 32;
const MIN_LEVEL_GAP = 5;
const UNIT = 4096; // REACH: px of the longest arrow; FAINT: between two quiet lines, of 255; APART: between two levels

/**
 * Prepares a snapshot for drawing: {snapshot, heat: canvas, quiet, levels: [{name, symbol, value, past, lines}]},
 * lines in the plane.
 * @param {any} snapshot
 * @param {boolean} detailed whether with quiet lines of equal score, which a small picture has no room for
 */
export function survey(snapshot, detailed = true) {
  const {score} = snapshot.arrays;
  const [n] = score.shape;
  const {view, rising} = snapshot;
  const cell = (2 * view) / n;
  const heat = document.createElement("canvas");
  const image = new ImageData(n, n);
  heat.width = heat.height = n;
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const tone = score[(n - 1 - y) * n + x];
      const from = 4 * (rising ? tone : 255 - tone); // blue is always where D thinks that data lives
      image.data.set(RAMP.subarray(from, from + 4), 4 * (y * n + x));
    }
  }
  heat.getContext("2d").putImageData(image, 0, 0);
  const plane = (level) => contours(score, n, level).map((line) => line.map((v) => (v + 0.5) * cell - view));
  const quiet = [];
  for (let level = QUIET_STEP; detailed && level < 255; level += QUIET_STEP) quiet.push(...plane(level + 0.5));
  return {
    snapshot,
    heat,
    quiet,
    levels: withoutOverlaps(snapshot).map((level) => ({...level, lines: plane(255 * toUnit(snapshot, level.value))})),
  };
}

/** A score on the colour scale, 0 to 1; outside for scores beyond it. */
export function toUnit({range: [low, high], scale}, value) {
  if (scale === "linear") return (value - low) / (high - low);
  return Math.log(Math.max(value, 1e-12) / low) / Math.log(high / low);
}

/** The score at a place of the colour scale. */
export function fromUnit({range: [low, high], scale}, t) {
  return scale === "linear" ? low + t * (high - low) : low * (high / low) ** t;
}

/** The interpolated score at a point of the plane; null outside. */
export function scoreAt({snapshot}, x, y) {
  const {score: cells} = snapshot.arrays;
  const [n] = cells.shape;
  const at = (v) => ((v + snapshot.view) / (2 * snapshot.view)) * n - 0.5;
  const column = at(x);
  const row = at(y);
  const i = Math.floor(column);
  const j = Math.floor(row);
  if (i < 0 || j < 0 || i >= n - 1 || j >= n - 1) return null;
  const a = column - i;
  const b = row - j;
  const cell = (dx, dy) => cells[(j + dy) * n + i + dx];
  return fromUnit(
    snapshot,
    ((1 - b) * ((1 - a) * cell(0, 0) + a * cell(1, 0)) + b * ((1 - a) * cell(0, 1) + a * cell(1, 1))) / 255,
  );
}

/** The share of points on the fakes' side of the first level; null without one. */
export function shareBelow({snapshot, levels}, points) {
  const level = levels.find(({past}) => !past);
  const scores = [];
  if (!level || !points) return null;
  for (let i = 0; i < points.length; i += 2) {
    const value = scoreAt({snapshot}, points[i], points[i + 1]);
    if (value != null) scores.push(value < level.value);
  }
  return {level, share: scores.length ? scores.filter(Boolean).length / scores.length : 0};
}

function strokeLines(g, lines, X, Y) {
  g.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    g.moveTo(X(x0), Y(y0));
    g.lineTo(X(x1), Y(y1));
  }
  g.stroke();
}

/** The ground: the heat, and quiet lines of equal score. */
export function drawHeat(g, landscape, pad, span, X, Y) {
  g.imageSmoothingQuality = "high";
  g.drawImage(landscape.heat, pad, 0, span, span);
  Object.assign(g, {lineCap: "round", lineWidth: 0.8, strokeStyle: "rgb(255 255 255 / .17)"});
  strokeLines(g, landscape.quiet, X, Y);
}

/** The lines that matter, the present one over those before it; white on the map, ink on paper. */
export function drawLevels(g, landscape, X, Y, onMap = true) {
  g.lineCap = "round";
  for (const {lines, past} of [...landscape.levels].sort((a, b) => b.past - a.past)) {
    Object.assign(g, {
      lineWidth: past ? 2 : 3.4,
      strokeStyle: onMap ? `${OUTLINE}${past ? "70" : "a0"}` : palette.surface,
    });
    strokeLines(g, lines, X, Y);
    Object.assign(g, {
      lineWidth: past ? 0.8 : 1.6,
      strokeStyle: !onMap ? palette[past ? "ink3" : "ink2"] : past ? "rgb(255 255 255 / .65)" : "#fff",
    });
    strokeLines(g, lines, X, Y);
  }
}

/** Levels but for those past ones that would lie on another: the newest stay. */
function withoutOverlaps(snapshot) {
  const tone = ({value}) => 255 * toUnit(snapshot, value);
  const kept = snapshot.levels.filter(({past}) => !past);
  for (const level of snapshot.levels.filter(({past}) => past).reverse())
    if (kept.every((other) => Math.abs(tone(level) - tone(other)) >= MIN_LEVEL_GAP)) kept.push(level);
  return kept;
}

/** Arrows from the fakes, downhill for G; long ones are shortened, so that short ones are seen. */
export function drawForces(
  g,
  {
    snapshot: {
      arrays: {at, force},
    },
  },
  X,
  Y,
  small,
) {
  const lengths = Array.from({length: force.length / 2}, (_, i) => Math.hypot(force[2 * i], force[2 * i + 1]));
  const median = [...lengths].sort((a, b) => a - b)[lengths.length >> 1] || 1;
  g.beginPath();
  for (let i = 0; i < lengths.length; i += small ? 2 : 1) {
    const size = ((small ? 0.7 : 1) * MAX_ARROW * lengths[i]) / (lengths[i] + median);
    const dx = force[2 * i] / lengths[i];
    const dy = -force[2 * i + 1] / lengths[i];
    if (!(size > 3)) continue;
    const x = X(at[2 * i] / UNIT);
    const y = Y(at[2 * i + 1] / UNIT);
    const tip = [x + dx * (size + 4), y + dy * (size + 4)];
    const head = Math.min(4.5, size / 2);
    g.moveTo(x + dx * 4, y + dy * 4);
    g.lineTo(...tip);
    g.moveTo(tip[0] - dx * head - dy * head * 0.6, tip[1] - dy * head + dx * head * 0.6);
    g.lineTo(...tip);
    g.lineTo(tip[0] - dx * head + dy * head * 0.6, tip[1] - dy * head - dx * head * 0.6);
  }
  for (const [colour, width] of [
    [`${OUTLINE}80`, 3],
    ["#fff", 1.2],
  ]) {
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineCap: "round", lineJoin: "round"});
    g.stroke();
  }
}

/** The lattice of z, where G puts it. */
export function drawMesh(
  g,
  {
    snapshot: {
      arrays: {mesh: places},
    },
  },
  X,
  Y,
  onMap,
) {
  const [n] = places.shape;
  const at = (i, j) => [X(places[2 * (i * n + j)] / UNIT), Y(places[2 * (i * n + j) + 1] / UNIT)];
  g.beginPath();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j) (g.moveTo(...at(i, j - 1)), g.lineTo(...at(i, j)));
      if (i) (g.moveTo(...at(i - 1, j)), g.lineTo(...at(i, j)));
    }
  }
  Object.assign(g, {strokeStyle: onMap ? "#ffd2b0" : palette.fake, lineWidth: 0.9, globalAlpha: onMap ? 0.75 : 0.5});
  g.stroke();
  g.globalAlpha = 1;
}
