// What the phase plot can show of a variant, by what it declares; which values its axes span; where its lines run.

import {decades, ticks} from "./scale.js";

const KINDS = ["energy", "score"], STEEP = 20, GENTLE = 8;        // when powers of ten are taken, and when they are left again
const START = 0.3, EDGE = 0.03, ROOM = 0.12, CREEP = 1.7;
const LEFT = 40, RIGHT = 8, TOP = 6, BELOW = 20, CLOSE = 13, ROWS = 7;             // px; heights at which words may stand
const HALF = 20, FLAT = 0.05, ALONG = [1, 0.75, 0.5, 0.25];         // px: half of a name; up for one along; where on a line its name may stand

/** {real, fake: names; slope: the knob that is a line through the origin; level: the knob, or series: the number, that is a height} or null. */
export function pairing(scalars) {
  const kind = KINDS.find((k) => `${k}/real` in scalars && `${k}/fake` in scalars), knob = (name) => (typeof scalars[name]?.line === "string" ? scalars[name].line : null);
  if (!kind) return null;
  const margin = `${kind}/margin`;
  return {real: `${kind}/real`, fake: `${kind}/fake`, slope: knob("balance/ratio"), series: margin in scalars ? margin : null, level: knob(`${kind}/real`), gain: scalars["balance/k"]?.symbol ?? null};
}

/** What it means to lie above and below the line, [above, below]. */
export function sides(pair, variant) {
  if (pair.slope) return pair.gain ? [`here {${pair.gain}} falls`, `here {${pair.gain}} rises`] : [null, null];
  if (pair.series || pair.level) return ["fakes here are left alone", "{D} lifts fakes here"];
  return variant.larger_is === "fake" ? ["{D} tells them apart", null] : [null, "{D} tells them apart"];
}

/** The line's values up to `step`, the present one last: of a knob by its tunes, of a number by the steps that it takes. */
export function past({slope, series, level, fake}, history, spec, step) {
  const knob = slope ?? (series ? null : level);
  if (knob) return unlike(history.knob(knob, spec.knobs[knob], step).map(([, value]) => value));
  const kept = series && history.series[series];
  if (!kept) return [];
  const played = history.series[fake]?.mid ?? [], n = step === Infinity ? history.steps.length : history.steps.findLastIndex((s) => s <= step) + 1;
  return unlike(kept.mid.slice(0, n).filter((v, i) => v != null && played[i] != null && kept.low[i] === kept.high[i]));
}

const unlike = (values) => values.filter((v, i) => i + 1 === values.length || Math.abs(v - values[i + 1]) > 1e-6 * Math.abs(v));

/** {x, y: [low, high], log}: of the way's later part, kept from `old` while that fits, for axes that creep cannot be read. */
export function ranges(way, line, pair, old) {
  const late = way.slice(way.length > 10 ? Math.floor(way.length * START) : 0), x = late.map((p) => p.real), y = late.map((p) => p.fake), height = pair.slope || line == null ? [] : [line];
  const both = [...x, ...y], least = Math.min(...both, ...height), span = (values) => values[Math.ceil(values.length * (1 - EDGE)) - 1] / values[Math.floor(values.length * EDGE)];
  const steep = least > 0 ? Math.max(...[x, y].map((values) => span([...values].sort((a, b) => a - b))), height.length ? Math.max(...both, line) / least : 0) : 0;
  const log = least > 0 && steep > (old.log ? GENTLE : STEEP), kept = (name, now) => (old.log === log ? steady(old[name], now, log) : now);
  if (pair.slope) {
    const found = {x: fitted(x, log), y: fitted(y, log)};
    if (!log) found.y[1] = Math.max(found.y[1], Math.min(line * found.x[1], 2 * found.y[1]));
    return {log, x: kept("x", found.x), y: kept("y", found.y)};
  }
  const alike = kept("x", fitted([...both, ...height], log));
  return {log, x: alike, y: alike};
}

function fitted(values, log) {
  const sorted = [...values].sort((a, b) => a - b), low = sorted[Math.floor(sorted.length * EDGE)], high = sorted[Math.ceil(sorted.length * (1 - EDGE)) - 1];
  if (log) return [low / 1.5, high * 1.5];
  const room = (high - low || Math.abs(high) || 1) * ROOM, zero = sorted[0] >= 0;
  return [zero ? 0 : low - room, high + room];
}

/** `old` while most of the room about what is to be seen is left. */
function steady(old, now, log) {
  const f = log ? Math.log : (v) => v, [low, high, from, to] = [...now, ...old ?? [0, 0]].map(f), slack = (high - low) * ROOM / 2;
  return old && from <= low + slack && to >= high - slack && to - from < CREEP * (high - low) ? old : now;
}

/** From values to px of a picture so wide and high. */
export class Plane {
  constructor({x, y, log}, wide, high) {
    Object.assign(this, {log, x, y, left: LEFT, top: TOP, width: wide - LEFT - RIGHT, height: high - TOP - BELOW});
    const bent = (v) => (log ? Math.log(Math.max(v, 1e-30)) : v), part = (v, [low, high]) => (bent(v) - bent(low)) / (bent(high) - bent(low));
    this.X = (v) => LEFT + part(v, x) * this.width;
    this.Y = (v) => TOP + (1 - part(v, y)) * this.height;
    [this.xs, this.ys] = [x, y].map(([low, high]) => (log ? decades(low, high) : ticks(low, high)));
  }

  apart(found) {
    return found.length > 1 ? found[1] - found[0] : Math.abs(found[0]) || 1;
  }

  /** Both ends of y = slope x, and of y = value. */
  line(slope) {
    return this.x.map((v) => [this.X(v), this.Y(slope * v)]);
  }

  level(value) {
    return this.x.map((v) => [this.X(v), this.Y(value)]);
  }

  /** Where the name of a line between two `ends` may stand, from the best place on: by its right end, then further down along it, over it and beneath it, but beyond none of `others`. [] when it does not pass. */
  names([[x0, y0], [x1, y1]], others = []) {
    const on = ([[a, b], [c, d]], x) => b + (d - b) * (x - a) / (c - a), {left, top, width, height} = this, slope = (y1 - y0) / (x1 - x0), right = left + width - 2, at = (x) => y0 + slope * (x - x0), falls = Math.abs(slope) > FLAT;
    if (Math.min(y0, y1) > top + height || Math.max(y0, y1) < top) return [];
    const last = at(right) >= top + CLOSE ? right : x0 + (top + CLOSE + 5 - y0) / slope - 9;            // where it leaves, by the right or by the top
    const between = ([x, y, side]) => others.every((other) => { const middle = x + (side === "end" ? -HALF : HALF), line = on(other, middle); return line === at(middle) || y - 4 > line === at(middle) > line; });
    return ALONG.flatMap((part) => {
      const x = left + part * (Math.min(right, last) - left);
      return [[x, at(x) - (falls ? 9 : 6), "end"], [falls ? x + 12 : x, at(x) + (falls ? 12 : 15), falls ? "start" : "end"], ...(falls ? [[right, at(x) + 16, "end"]] : [])];
    }).filter(between);
  }

  /** Where words about one side of a line between two `ends` may stand: wholly on that side, from the corner that is far from it on. */
  beyond([[x0, y0], [x1, y1]], above, wide) {
    const {left, top, width, height} = this, at = (x) => y0 + (y1 - y0) * (x - x0) / (x1 - x0), rows = Array.from({length: ROWS}, (_, i) => i / (ROWS - 1)), free = height - 21;
    const columns = above ? [0, 0.5, 1] : [1, 0.5, 0], found = [];
    for (const row of rows) for (const column of columns) {
      const x = left + 7 + column * (width - 14 - wide), y = above ? top + 13 + row * free : top + height - 8 - row * free;
      if ([x, x + wide].every((end) => (above ? y + 4 < at(end) : y - 12 > at(end)))) found.push([x, y]);
    }
    return found;
  }
}
