// D's landscape under the points: the score of every cell by colour, lines of equal score, where G's samples are pulled, the plane of z as G bends it.

import {RAMP} from "./cividis.js";
import {contours} from "./contours.js";
import {palette} from "./theme.js";

const EDGE = "#0a1a33", REACH = 26, FAINT = 32, APART = 5, ONE = 4096;      // REACH: px of the longest arrow; FAINT: between two quiet lines, of 255; APART: between two levels

/** What is drawn of a look, worked out once: {look, heat: canvas, quiet, levels: [{name, symbol, value, past, lines}]}, lines in the plane. */
export function survey(look) {
  const {score} = look.arrays, [n] = score.shape, {view, rising} = look, cell = 2 * view / n;
  const heat = document.createElement("canvas"), image = new ImageData(n, n);
  heat.width = heat.height = n;
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const tone = score[(n - 1 - y) * n + x], from = 4 * (rising ? tone : 255 - tone);       // blue is always where D thinks that data lives
      image.data.set(RAMP.subarray(from, from + 4), 4 * (y * n + x));
    }
  }
  heat.getContext("2d").putImageData(image, 0, 0);
  const plane = (level) => contours(score, n, level).map((line) => line.map((v) => (v + 0.5) * cell - view));
  const quiet = [];
  for (let level = FAINT; level < 255; level += FAINT) quiet.push(...plane(level + 0.5));
  return {look, heat, quiet, levels: apart(look).map((level) => ({...level, lines: plane(255 * part(look, level.value))}))};
}

/** Where a score stands between the ends of the colours, 0 to 1; beyond them for what is beyond. */
export function part({range: [low, high], scale}, value) {
  if (scale === "linear") return (value - low) / (high - low);
  return Math.log(Math.max(value, 1e-12) / low) / Math.log(high / low);
}

/** The score that stands there. */
export function score({range: [low, high], scale}, t) {
  return scale === "linear" ? low + t * (high - low) : low * (high / low) ** t;
}

/** The score at a place of the plane, between the cells around it; null outside. */
export function probe({look}, x, y) {
  const {score: cells} = look.arrays, [n] = cells.shape, at = (v) => (v + look.view) / (2 * look.view) * n - 0.5;
  const column = at(x), row = at(y), i = Math.floor(column), j = Math.floor(row);
  if (i < 0 || j < 0 || i >= n - 1 || j >= n - 1) return null;
  const a = column - i, b = row - j, cell = (dx, dy) => cells[(j + dy) * n + i + dx];
  return score(look, ((1 - b) * ((1 - a) * cell(0, 0) + a * cell(1, 0)) + b * ((1 - a) * cell(0, 1) + a * cell(1, 1))) / 255);
}

/** The share of so many points whose score is on the fakes' side of the first level; null without one. */
export function under({look, levels}, points) {
  const level = levels.find(({past}) => !past), scores = [];
  if (!level || !points) return null;
  for (let i = 0; i < points.length; i += 2) {
    const value = probe({look}, points[i], points[i + 1]);
    if (value != null) scores.push(value < level.value);
  }
  return {level, share: scores.length ? scores.filter(Boolean).length / scores.length : 0};
}

function strokes(g, lines, X, Y) {
  g.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    g.moveTo(X(x0), Y(y0));
    g.lineTo(X(x1), Y(y1));
  }
  g.stroke();
}

/** The ground: the heat, and quiet lines of equal score. */
export function ground(g, found, pad, span, X, Y) {
  g.imageSmoothingQuality = "high";
  g.drawImage(found.heat, pad, 0, span, span);
  Object.assign(g, {lineCap: "round", lineWidth: 0.8, strokeStyle: "rgb(255 255 255 / .17)"});
  strokes(g, found.quiet, X, Y);
}

/** The lines that matter, the present one over those before it; white on the map, ink on paper. */
export function levels(g, found, X, Y, onMap = true) {
  g.lineCap = "round";
  for (const {lines, past} of [...found.levels].sort((a, b) => b.past - a.past)) {
    Object.assign(g, {lineWidth: past ? 2 : 3.4, strokeStyle: onMap ? `${EDGE}${past ? "70" : "a0"}` : palette.surface});
    strokes(g, lines, X, Y);
    Object.assign(g, {lineWidth: past ? 0.8 : 1.6, strokeStyle: !onMap ? palette[past ? "ink3" : "ink2"] : past ? "rgb(255 255 255 / .65)" : "#fff"});
    strokes(g, lines, X, Y);
  }
}

/** Levels but for those past ones that would lie on another: the newest stay. */
function apart(look) {
  const tone = ({value}) => 255 * part(look, value), kept = look.levels.filter(({past}) => !past);
  for (const level of look.levels.filter(({past}) => past).reverse()) if (kept.every((other) => Math.abs(tone(level) - tone(other)) >= APART)) kept.push(level);
  return kept;
}

/** Arrows from the fakes, downhill for G; long ones are shortened, so that short ones are seen. */
export function forces(g, {look: {arrays: {at, force}}}, X, Y, small) {
  const lengths = Array.from({length: force.length / 2}, (_, i) => Math.hypot(force[2 * i], force[2 * i + 1]));
  const middle = [...lengths].sort((a, b) => a - b)[lengths.length >> 1] || 1;
  g.beginPath();
  for (let i = 0; i < lengths.length; i += small ? 2 : 1) {
    const size = (small ? 0.7 : 1) * REACH * lengths[i] / (lengths[i] + middle), dx = force[2 * i] / lengths[i], dy = -force[2 * i + 1] / lengths[i];
    if (!(size > 3)) continue;
    const x = X(at[2 * i] / ONE), y = Y(at[2 * i + 1] / ONE), tip = [x + dx * (size + 4), y + dy * (size + 4)], head = Math.min(4.5, size / 2);
    g.moveTo(x + dx * 4, y + dy * 4);
    g.lineTo(...tip);
    g.moveTo(tip[0] - dx * head - dy * head * 0.6, tip[1] - dy * head + dx * head * 0.6);
    g.lineTo(...tip);
    g.lineTo(tip[0] - dx * head + dy * head * 0.6, tip[1] - dy * head - dx * head * 0.6);
  }
  for (const [colour, width] of [[`${EDGE}80`, 3], ["#fff", 1.2]]) {
    Object.assign(g, {strokeStyle: colour, lineWidth: width, lineCap: "round", lineJoin: "round"});
    g.stroke();
  }
}

/** The lattice of z, where G puts it. */
export function mesh(g, {look: {arrays: {mesh: places}}}, X, Y, onMap) {
  const [n] = places.shape, at = (i, j) => [X(places[2 * (i * n + j)] / ONE), Y(places[2 * (i * n + j) + 1] / ONE)];
  g.beginPath();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j) g.moveTo(...at(i, j - 1)), g.lineTo(...at(i, j));
      if (i) g.moveTo(...at(i - 1, j)), g.lineTo(...at(i, j));
    }
  }
  Object.assign(g, {strokeStyle: onMap ? "#ffd2b0" : palette.fake, lineWidth: 0.9, globalAlpha: onMap ? 0.75 : 0.5});
  g.stroke();
  g.globalAlpha = 1;
}
