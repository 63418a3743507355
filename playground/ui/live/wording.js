// Where words stand on a small plot: on none of each other, and where they hide least of what is drawn there.

import {palette} from "./theme.js";

const ABOVE = 10, BELOW = 4, AIR = 3, LATER = 0.15, STAYS = 2;          // px that letters rise and fall, and between words; what a place costs that is not the best, and how much better another must be
const MOST = 100;           // points of one straight piece

let pen = null;

/** How many px a line of text takes, letters in the serif of mathematics among it. */
export function wide(text) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `12px ${palette.sans}`;
  return pen.measureText(text).width;
}

/** Points along a line through `points`, `apart` px from each other, each with how much it weighs there: [[x, y, weight], ...]. */
export function dotted(points, weight, apart = 4) {
  return points.slice(1).flatMap(([x, y], i) => {
    const [x0, y0] = points[i], n = Math.min(MOST, Math.max(1, Math.round(Math.hypot(x - x0, y - y0) / apart)));
    return Array.from({length: n}, (_, k) => [x0 + (x - x0) * k / n, y0 + (y - y0) * k / n, weight(i)]);
  });
}

/**
 * `words`: [{key, wide, at: [[x, y, anchor], ...]}], places from the best on. `ink`: what they should not hide, as `dotted` gives it. `edges`: {left, top, right, bottom}.
 * `kept`, which is written: where each stood last, for words that jump cannot be read. -> {key: attributes of a text}, nothing for one without room.
 */
export function places(words, ink, edges, kept) {
  const {left, top, right, bottom} = edges, seen = ink.filter(([a, b]) => a > left && a < right && b > top && b < bottom), taken = [], found = {};
  const free = ([a, b, c, d]) => a >= left - AIR && c <= right + AIR && b >= top - AIR && d <= bottom && taken.every((other) => a >= other[2] || c <= other[0] || b >= other[3] || d <= other[1]);
  for (const {key, wide: w, at} of words) {
    const tried = at.map(([x, y, anchor = "start"], i) => {
      const from = anchor === "end" ? x - w : anchor === "middle" ? x - w / 2 : x, box = [from - AIR, y - ABOVE - AIR, from + w + AIR, y + BELOW];
      const hides = seen.reduce((sum, [a, b, weight]) => sum + (a > box[0] && a < box[2] && b > box[1] && b < box[3] ? weight : 0), 0);
      return {x, y, anchor, i, box, cost: hides + i * LATER - (kept[key] === i ? STAYS : 0)};
    });
    const best = tried.filter(({box}) => free(box)).sort((one, other) => one.cost - other.cost)[0];
    if (!best) continue;
    kept[key] = best.i;
    taken.push(best.box);
    found[key] = {x: best.x.toFixed(1), y: best.y.toFixed(1), "text-anchor": best.anchor};
  }
  return found;
}
