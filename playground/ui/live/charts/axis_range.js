// Axis ranges and ticks: without outliers, such as a run's first wild steps.

import {lastIndexAtMost} from "../core/run_history.js";

const MAX_BUCKETS = 120;
const LOG_RATIO = 12;
const SKIPPED_SHARE = 0.3;
const MIN_VALUES = 40;
const CUT_SHARE = 0.02;

/**
 * The range of the y axis, [low, high].
 * @param {number[][]} columns the mean lines, with nulls
 * @param {number[]} extremes least and greatest of the envelopes, from uPlot
 * @param {number} from first visible index
 * @param {number} to last visible index
 * @param {number[]} lines values of the reference lines
 * @param {boolean} uncut whether no outlier may be cut off
 * @returns {[number, number]}
 */
export function valueRange(columns, extremes, from, to, lines, uncut) {
  const n = to - from + 1;
  const start = !uncut && n > MIN_VALUES ? from + Math.floor(n * SKIPPED_SHARE) : from;
  const values = columns
    .flatMap((column) => column.slice(start, to + 1))
    .filter((v) => v != null)
    .sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const cut = uncut || n <= MIN_VALUES ? 0 : Math.floor(values.length * CUT_SHARE);
  let low = values[cut];
  let high = values[values.length - 1 - cut];
  const span = high - low;
  if (extremes[0] != null) low = Math.max(extremes[0], low - span * 0.3);
  if (extremes[1] != null) high = Math.min(extremes[1], high + span * 0.3);
  for (const line of lines)
    if (line > low - 1.5 * span - 1e-9 && line < high + 1.5 * span + 1e-9)
      [low, high] = [Math.min(low, line), Math.max(high, line)];
  if (low >= 0 && low < 0.5 * high) low = 0;
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low === 0 ? 0 : low - room, high + room];
}

/** [low, high], extended where one of `lines` lies well outside. */
export function includeLines(range, lines) {
  const [low, high] = range;
  const least = Math.min(low, ...lines);
  const most = Math.max(high, ...lines);
  const room = (most - least) * 0.08;
  return [least < low - room ? least - room : low, most > high + room ? most + room : high];
}

/** Whether positive `values` come down to a reference line from so far above that only powers of ten show both ends. */
export function needsLogScale(values, lines) {
  const found = values.filter((v) => v != null);
  const floors = lines.flatMap(({steps}) => steps.map(([, value]) => value));
  const all = [...found, ...floors];
  return (
    found.length > 1 &&
    floors.every((floor) => found[0] > floor) &&
    Math.min(...all) > 0 &&
    Math.max(...all) / Math.min(...all) > LOG_RATIO
  );
}

/** The powers of ten within [low, high]; where there is but one or none, 3s besides. */
export function decades(low, high) {
  const found = (...heads) => {
    const all = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
      all.push(...heads.map((head) => Number((head * 10 ** power).toPrecision(3))));
    return all.filter((v) => v >= low && v <= high);
  };
  const tens = found(1);
  return tens.length > 1 ? tens : found(1, 3);
}

/** Two to four round ticks within [low, high]. */
export function ticks(low, high) {
  const target = (high - low) / 2.6;
  const size = 10 ** Math.floor(Math.log10(target));
  const spacing = size * [1, 2, 5, 10].find((k) => k * size >= target * 0.75);
  const found = [];
  for (let i = Math.ceil(low / spacing - 1e-6); i * spacing <= high + spacing * 1e-6; i++) found.push(i * spacing);
  return found;
}

/**
 * What uPlot draws of the series `names`, [steps, mid, low, high, mid, ...]: of the zoomed part, at most about MOST
 * buckets, so that a line is a line and its envelope is seen.
 */
export function thinned(history, names, zoom) {
  const {steps} = history;
  const from = zoom ? Math.max(0, lastIndexAtMost(steps, zoom[0])) : 0;
  const to = zoom ? Math.min(steps.length, lastIndexAtMost(steps, zoom[1]) + 2) : steps.length;
  const spacing = ((steps[to - 1] ?? 0) - (steps[from] ?? 0)) / MAX_BUCKETS;
  const cuts = [from];
  for (let i = from + 1; i < to; i++) if (steps[i] - steps[cuts.at(-1)] >= spacing) cuts.push(i);
  const merge = (values, join) =>
    cuts.map((cut, i) => {
      const few = values.slice(cut, cuts[i + 1] ?? to).filter((v) => v != null);
      return few.length ? join(few) : null;
    });
  const mean = (few) => few.reduce((a, b) => a + b) / few.length;
  return [
    merge(steps, (few) => few.at(-1)),
    ...names.flatMap((name) => {
      const series = history.series[name] ?? {mid: [], low: [], high: []};
      return [
        merge(series.mid, mean),
        merge(series.low, (few) => Math.min(...few)),
        merge(series.high, (few) => Math.max(...few)),
      ];
    }),
  ];
}
