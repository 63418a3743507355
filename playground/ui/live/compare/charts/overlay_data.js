// Several runs' numbers on one axis: at evenly spaced places each run's value there, then the mean over a lane's seeds
// and the band from the lowest to the highest of them.

import {lastIndexAtMost} from "../../core/run_history.js";
import {positionOf, rowPositions} from "../alignment.js";
import {RATE} from "./overlay_groups.js";

const PLACES = 140;

/** Steps a second between each row and the one before. */
function rates({steps, seconds}) {
  return steps.map((step, i) => {
    const time = seconds[i] - (seconds[i - 1] ?? 0);
    return time > 0 ? (step - (steps[i - 1] ?? 0)) / time : null;
  });
}

/**
 * [positions, values] of a number of a run, as it is known.
 * @returns {[number[], any[]]}
 */
export function known(run, {name, measured}, axis) {
  if (measured) {
    const rows = run.history.measures.filter((m) => m[name] != null);
    return [rows.map((m) => positionOf(run, m.step, axis)), rows.map((m) => m[name])];
  }
  if (name === RATE) return [rowPositions(run.history, axis), rates(run.history)];
  return [rowPositions(run.history, axis), run.history.series[name]?.mid ?? []];
}

/**
 * The values at sorted `places`: the mean of those since the place before, of measures the last of them; where there is
 * none, the one between its neighbours; null before the first and beyond the last.
 */
export function sampled(xs, ys, places, measured = false) {
  let i = 0;
  let before = -1; // the last value that was passed
  return places.map((place) => {
    let sum = 0;
    let n = 0;
    for (; i < xs.length && xs[i] <= place; i++) {
      if (ys[i] == null) continue;
      sum += ys[i];
      n += 1;
      before = i;
    }
    if (n) return measured ? ys[before] : sum / n;
    let after = i;
    while (after < xs.length && ys[after] == null) after++;
    if (before < 0 || after >= xs.length || after >= ys.length) return null;
    const share = (place - xs[before]) / (xs[after] - xs[before] || 1);
    return ys[before] + share * (ys[after] - ys[before]);
  });
}

/** Places on the axis between `from` and `to`, with those at which runs end. */
export function placesBetween(from, to, ends) {
  const even = Array.from({length: PLACES + 1}, (_, i) => from + ((to - from) * i) / PLACES);
  const gap = (to - from) / PLACES / 4;
  const extra = ends.filter((end) => end > from && end < to && even.every((place) => Math.abs(place - end) > gap));
  return [...even, ...new Set(extra)].sort((a, b) => a - b);
}

/** [mean, lowest, highest] of the runs' values at each place; without a band where there is one run. */
function merged(runs) {
  if (runs.length === 1) {
    const none = runs[0].map(() => null);
    return [runs[0], none, none];
  }
  const at = (i) => runs.map((values) => values[i]).filter((v) => v != null);
  const each = (join) => (runs[0] ?? []).map((_, i) => (at(i).length ? join(at(i)) : null));
  return [
    each((few) => few.reduce((a, b) => a + b) / few.length),
    each((few) => Math.min(...few)),
    each((few) => Math.max(...few)),
  ];
}

/** The mean over a lane's seeds of what was measured last, at or before a position; null is the newest. */
export function newestMean(lane, chart, axis, at) {
  const last = ([xs, ys]) => ys[at == null ? ys.length - 1 : lastIndexAtMost(xs, at)] ?? null;
  const values = lane.ready.map((run) => last(known(run, chart, axis))).filter((v) => v != null);
  return values.length ? values.reduce((a, b) => a + b) / values.length : null;
}

/**
 * What uPlot draws: [places, mean, lowest, highest, mean, ...], three for each lane of the chart.
 * @param {any[]} lanes of the chart
 * @param {any} chart
 * @param {string} axis
 * @param {number[]} range [from, to] on it
 */
export function overlayData(lanes, chart, axis, range) {
  const found = lanes.map((lane) => lane.ready.map((run) => known(run, chart, axis)));
  const ends = found.flat().flatMap(([xs]) => (xs.length ? [xs.at(-1)] : []));
  const places = placesBetween(range[0], range[1], ends);
  return [places, ...found.flatMap((runs) => merged(runs.map(([xs, ys]) => sampled(xs, ys, places, chart.measured))))];
}
