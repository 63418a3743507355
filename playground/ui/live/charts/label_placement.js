// Places labels on a small plot: without overlap, and where they hide least.

import {palette} from "../core/theme.js";

const ASCENT = 10;
const DESCENT = 4;
const PADDING = 3;
const RANK_COST = 0.15;
// px that letters rise and fall, and between words; what a place costs that is not the best, and how much better
// another must be
const STAY_BONUS = 2;
const MAX_DOTS = 100; // points of one straight piece

let context = null;

/** How many px a line of text takes, letters in the serif of mathematics among it. */
export function textWidth(text) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = `12px ${palette.sans}`;
  return context.measureText(text).width;
}

/**
 * Points along a line through `points`, `apart` px from each other, each with how much it weighs there: [[x, y,
 * weight], ...].
 */
export function dotted(points, weight, apart = 4) {
  return points.slice(1).flatMap(([x, y], i) => {
    const [x0, y0] = points[i];
    const n = Math.min(MAX_DOTS, Math.max(1, Math.round(Math.hypot(x - x0, y - y0) / apart)));
    return Array.from({length: n}, (_, k) => [x0 + ((x - x0) * k) / n, y0 + ((y - y0) * k) / n, weight(i)]);
  });
}

/**
 * `words`: [{key, wide, at: [[x, y, anchor], ...]}], places from the best on. `ink`: what they should not hide, as
 * `dotted` gives it. `edges`: {left, top, right, bottom}. `kept`, which is written: where each stood last, for words
 * that jump cannot be read. -> {key: attributes of a text}, nothing for one without room.
 */
export function places(words, ink, edges, kept) {
  const {left, top, right, bottom} = edges;
  const visible = ink.filter(([a, b]) => a > left && a < right && b > top && b < bottom);
  const occupied = [];
  const found = {};
  const isFree = ([a, b, c, d]) =>
    a >= left - PADDING &&
    c <= right + PADDING &&
    b >= top - PADDING &&
    d <= bottom &&
    occupied.every((other) => a >= other[2] || c <= other[0] || b >= other[3] || d <= other[1]);
  for (const {key, wide: w, at} of words) {
    const tried = at.map(([x, y, anchor = "start"], i) => {
      const from = anchor === "end" ? x - w : anchor === "middle" ? x - w / 2 : x;
      const box = [from - PADDING, y - ASCENT - PADDING, from + w + PADDING, y + DESCENT];
      const hides = visible.reduce(
        (sum, [a, b, weight]) => sum + (a > box[0] && a < box[2] && b > box[1] && b < box[3] ? weight : 0),
        0,
      );
      return {x, y, anchor, i, box, cost: hides + i * RANK_COST - (kept[key] === i ? STAY_BONUS : 0)};
    });
    const best = tried.filter(({box}) => isFree(box)).sort((one, other) => one.cost - other.cost)[0];
    if (!best) continue;
    kept[key] = best.i;
    occupied.push(best.box);
    found[key] = {x: best.x.toFixed(1), y: best.y.toFixed(1), "text-anchor": best.anchor};
  }
  return found;
}
