// How high a chart is: room for what matters, not for the first wild moments of a run.

import {before} from "./history.js";

const MOST = 120, STEEP = 12;
const START = 0.3, ENOUGH = 40, EDGE = 0.02;

/**
 * `columns` are the mean lines (arrays with nulls), `ends` the least and greatest of their envelopes that uPlot found,
 * `from` and `to` the visible indices, `lines` values of the reference line; `all`: nothing may be cut off. -> [low, high]
 */
export function height(columns, ends, from, to, lines, all) {
  const n = to - from + 1, start = !all && n > ENOUGH ? from + Math.floor(n * START) : from;
  const values = columns.flatMap((column) => column.slice(start, to + 1)).filter((v) => v != null).sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const cut = all || n <= ENOUGH ? 0 : Math.floor(values.length * EDGE);
  let low = values[cut], high = values[values.length - 1 - cut];
  const wide = high - low;
  if (ends[0] != null) low = Math.max(ends[0], low - wide * 0.3);
  if (ends[1] != null) high = Math.min(ends[1], high + wide * 0.3);
  for (const line of lines) if (line > low - 1.5 * wide - 1e-9 && line < high + 1.5 * wide + 1e-9) [low, high] = [Math.min(low, line), Math.max(high, line)];
  if (low >= 0 && low < 0.5 * high) low = 0;
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low === 0 ? 0 : low - room, high + room];
}

/** [low, high], and further where one of `lines` lies well beyond. */
export function around([low, high], lines) {
  const least = Math.min(low, ...lines), most = Math.max(high, ...lines), room = (most - least) * 0.08;
  return [least < low - room ? least - room : low, most > high + room ? most + room : high];
}

/** Whether positive `values` come down to a reference line from so far above that only powers of ten show both ends. */
export function steep(values, lines) {
  const found = values.filter((v) => v != null), floors = lines.flatMap(({steps}) => steps.map(([, value]) => value)), all = [...found, ...floors];
  return found.length > 1 && floors.every((floor) => found[0] > floor) && Math.min(...all) > 0 && Math.max(...all) / Math.min(...all) > STEEP;
}

/** The powers of ten within [low, high]; where there is but one or none, 3s besides. */
export function decades(low, high) {
  const found = (...heads) => {
    const all = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) all.push(...heads.map((head) => Number((head * 10 ** power).toPrecision(3))));
    return all.filter((v) => v >= low && v <= high);
  };
  const tens = found(1);
  return tens.length > 1 ? tens : found(1, 3);
}

/** Two to four round ticks within [low, high]. */
export function ticks(low, high) {
  const rough = (high - low) / 2.6, size = 10 ** Math.floor(Math.log10(rough)), apart = size * [1, 2, 5, 10].find((k) => k * size >= rough * 0.75), found = [];
  for (let i = Math.ceil(low / apart - 1e-6); i * apart <= high + apart * 1e-6; i++) found.push(i * apart);
  return found;
}

/** What uPlot draws of the series `names`, [steps, mid, low, high, mid, ...]: of the zoomed part, at most about MOST buckets, so that a line is a line and its envelope is seen. */
export function thinned(history, names, zoom) {
  const {steps} = history, from = zoom ? Math.max(0, before(steps, zoom[0])) : 0, to = zoom ? Math.min(steps.length, before(steps, zoom[1]) + 2) : steps.length;
  const apart = ((steps[to - 1] ?? 0) - (steps[from] ?? 0)) / MOST, cuts = [from];
  for (let i = from + 1; i < to; i++) if (steps[i] - steps[cuts.at(-1)] >= apart) cuts.push(i);
  const merge = (values, join) => cuts.map((cut, i) => {
    const few = values.slice(cut, cuts[i + 1] ?? to).filter((v) => v != null);
    return few.length ? join(few) : null;
  });
  const mean = (few) => few.reduce((a, b) => a + b) / few.length;
  return [merge(steps, (few) => few.at(-1)), ...names.flatMap((name) => {
    const kept = history.series[name] ?? {mid: [], low: [], high: []};
    return [merge(kept.mid, mean), merge(kept.low, (few) => Math.min(...few)), merge(kept.high, (few) => Math.max(...few))];
  })];
}
