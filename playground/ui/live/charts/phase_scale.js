// What a variant's phase plot shows, its axis ranges and its lines.

import {decades, thinned, ticks} from "./axis_range.js";

const KINDS = ["energy", "score"];
/** @type {any} */
const POINT = {real: "point/theta", fake: "point/psi", isField: true}; // the two numbers of the Dirac-GAN
const REACH = 1.5; // of each
const LOG_RATIO = 20;
const LINEAR_RATIO = 8; // when powers of ten are taken, and when they are left again
const SMOOTHING = 5; // points that make one of the path
const SKIPPED_SHARE = 0.3;
const EDGE = 0.03;
const MARGIN = 0.12;
const CREEP = 1.7;
const LEFT = 40;
const RIGHT = 8;
const TOP = 6;
const BELOW = 20;
const CLOSE = 13;
const ROWS = 7; // px; heights at which words may stand
const HALF = 20;
const FLAT = 0.05;
const ALONG = [1, 0.75, 0.5, 0.25]; // px: half of a name; up for one along; where on a line its name may stand

/**
 * {real, fake: names; slope: the knob that is a line through the origin; level: the knob, or series: the number, that
 * is a height; isField: whether these are the numbers that the players move} or null.
 */
export function pairing(scalars) {
  if (POINT.real in scalars) return POINT;
  const kind = KINDS.find((k) => `${k}/real` in scalars && `${k}/fake` in scalars);
  const knob = (name) => (typeof scalars[name]?.line === "string" ? scalars[name].line : null);
  if (!kind) return null;
  const margin = `${kind}/margin`;
  return {
    real: `${kind}/real`,
    fake: `${kind}/fake`,
    slope: knob("balance/ratio"),
    series: margin in scalars ? margin : null,
    level: knob(`${kind}/real`),
    gain: scalars["balance/k"]?.symbol ?? null,
  };
}

/** What a place above and below the line means, [above, below]. */
export function sideMeanings(pair, variant) {
  if (pair.slope) return pair.gain ? [`here {${pair.gain}} falls`, `here {${pair.gain}} rises`] : [null, null];
  if (pair.series || pair.level) return ["fakes here are left alone", "{D} lifts fakes here"];
  return variant.larger_is === "fake" ? ["{D} tells them apart", null] : [null, "{D} tells them apart"];
}

/**
 * The line's values up to `step`, the present one last: of a knob by its tunes, of a number by the steps that it takes.
 */
export function lineValues({slope, series, level, fake}, history, spec, step) {
  const knob = slope ?? (series ? null : level);
  if (knob) return withoutRepeats(history.knobValues(knob, spec.knobs[knob], step).map(([, value]) => value));
  const kept = series && history.series[series];
  if (!kept) return [];
  const fakes = history.series[fake]?.mid ?? [];
  const n = step === Infinity ? history.steps.length : history.steps.findLastIndex((s) => s <= step) + 1;
  return withoutRepeats(
    kept.mid.slice(0, n).filter((v, i) => v != null && fakes[i] != null && kept.low[i] === kept.high[i]),
  );
}

const withoutRepeats = (values) =>
  values.filter((v, i) => i + 1 === values.length || Math.abs(v - values[i + 1]) > 1e-6 * Math.abs(v));

/**
 * The ranges of both axes, {x, y: [low, high], log}, fitted to the later part of the path. `previous` ones are kept
 * while they fit, because creeping axes are hard to read.
 */
export function axisRanges(points, line, pair, previous) {
  if (pair.isField) return {log: false, x: [-REACH, REACH], y: [-REACH, REACH]};
  const later = points.slice(points.length > 10 ? Math.floor(points.length * SKIPPED_SHARE) : 0);
  const x = later.map((p) => p.real);
  const y = later.map((p) => p.fake);
  const height = pair.slope || line == null ? [] : [line];
  const both = [...x, ...y];
  const least = Math.min(...both, ...height);
  const span = (values) => values[Math.ceil(values.length * (1 - EDGE)) - 1] / values[Math.floor(values.length * EDGE)];
  const steep =
    least > 0
      ? Math.max(
          ...[x, y].map((values) => span([...values].sort((a, b) => a - b))),
          height.length ? Math.max(...both, line) / least : 0,
        )
      : 0;
  const log = least > 0 && steep > (previous.log ? LINEAR_RATIO : LOG_RATIO);
  const kept = (name, now) => (previous.log === log ? keepSteady(previous[name], now, log) : now);
  if (pair.slope) {
    const found = {x: fitted(x, log), y: fitted(y, log)};
    if (!log) found.y[1] = Math.max(found.y[1], Math.min(line * found.x[1], 2 * found.y[1]));
    return {log, x: kept("x", found.x), y: kept("y", found.y)};
  }
  const alike = kept("x", fitted([...both, ...height], log));
  return {log, x: alike, y: alike};
}

function fitted(values, log) {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * EDGE)];
  const high = sorted[Math.ceil(sorted.length * (1 - EDGE)) - 1];
  if (log) return [low / 1.5, high * 1.5];
  const room = (high - low || Math.abs(high) || 1) * MARGIN;
  const zero = sorted[0] >= 0;
  return [zero ? 0 : low - room, high + room];
}

/** `previous`, as long as most of the margin around the values is left. */
function keepSteady(previous, now, log) {
  const f = log ? Math.log : (v) => v;
  const [low, high, from, to] = [...now, ...(previous ?? [0, 0])].map(f);
  const slack = ((high - low) * MARGIN) / 2;
  return previous && from <= low + slack && to >= high - slack && to - from < CREEP * (high - low) ? previous : now;
}

/** From values to px of a picture so wide and high. */
export class Plane {
  constructor({x, y, log}, wide, high) {
    this.log = log;
    this.x = x;
    this.y = y;
    this.left = LEFT;
    this.top = TOP;
    this.width = wide - LEFT - RIGHT;
    this.height = high - TOP - BELOW;
    const scaled = (v) => (log ? Math.log(Math.max(v, 1e-30)) : v);
    const part = (v, [low, high]) => (scaled(v) - scaled(low)) / (scaled(high) - scaled(low));
    this.X = (v) => LEFT + part(v, x) * this.width;
    this.Y = (v) => TOP + (1 - part(v, y)) * this.height;
    const marks = ([low, high]) => (log ? decades(low, high) : ticks(low, high));
    this.xs = marks(x);
    this.ys = marks(y);
  }

  tickSpacing(found) {
    return found.length > 1 ? found[1] - found[0] : Math.abs(found[0]) || 1;
  }

  /** Both ends of y = slope x, and of y = value. */
  line(slope) {
    return this.x.map((v) => [this.X(v), this.Y(slope * v)]);
  }

  level(value) {
    return this.x.map((v) => [this.X(v), this.Y(value)]);
  }

  /**
   * Places for the name of a line, given by its two end points, best first: at its right end, then further along it,
   * above and below, but not beyond any of `others`. [] when the line is outside the plot.
   */
  namePlaces([[x0, y0], [x1, y1]], others = []) {
    const heightOn = ([[a, b], [c, d]], x) => b + ((d - b) * (x - a)) / (c - a);
    const {left, top, width, height} = this;
    const slope = (y1 - y0) / (x1 - x0);
    const right = left + width - 2;
    const at = (x) => y0 + slope * (x - x0);
    const isSloped = Math.abs(slope) > FLAT;
    if (Math.min(y0, y1) > top + height || Math.max(y0, y1) < top) return [];
    // where it leaves, by the right or by the top
    const last = at(right) >= top + CLOSE ? right : x0 + (top + CLOSE + 5 - y0) / slope - 9;
    const isClear = ([x, y, side]) =>
      others.every((other) => {
        const middle = x + (side === "end" ? -HALF : HALF);
        const line = heightOn(other, middle);
        return line === at(middle) || y - 4 > line === at(middle) > line;
      });
    return ALONG.flatMap((part) => {
      const x = left + part * (Math.min(right, last) - left);
      return [
        [x, at(x) - (isSloped ? 9 : 6), "end"],
        [isSloped ? x + 12 : x, at(x) + (isSloped ? 12 : 15), isSloped ? "start" : "end"],
        ...(isSloped ? [[right, at(x) + 16, "end"]] : []),
      ];
    }).filter(isClear);
  }

  /**
   * Places for words about one side of a line, given by its two end points: wholly on that side, the farthest corner
   * first.
   */
  sidePlaces([[x0, y0], [x1, y1]], above, wide) {
    const {left, top, width, height} = this;
    const at = (x) => y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
    const rows = Array.from({length: ROWS}, (_, i) => i / (ROWS - 1));
    const free = height - 21;
    const columns = above ? [0, 0.5, 1] : [1, 0.5, 0];
    const found = [];
    for (const row of rows)
      for (const column of columns) {
        const x = left + 7 + column * (width - 14 - wide);
        const y = above ? top + 13 + row * free : top + height - 8 - row * free;
        if ([x, x + wide].every((end) => (above ? y + 4 < at(end) : y - 12 > at(end)))) found.push([x, y]);
      }
    return found;
  }
}

/** The path of a run in the plane: [{step, real, fake}], each the mean of a few, as the readings are. */
export function meanPath(history, pair) {
  const [steps, real, , , fake] = thinned(history, [pair.real, pair.fake], null);
  const found = steps.flatMap((step, i) =>
    real[i] == null || fake[i] == null ? [] : [{step, real: real[i], fake: fake[i]}],
  );
  const mean = (recent, of) => recent.reduce((sum, p) => sum + p[of], 0) / recent.length;
  return found.map(({step}, i) => {
    const recent = found.slice(Math.max(0, i + 1 - (pair.isField ? 1 : SMOOTHING)), i + 1);
    return {step, real: mean(recent, "real"), fake: mean(recent, "fake")};
  });
}
