// One position for all lanes: a number of steps, of samples or of seconds, and the step that each run had made there.

import {lastIndexAtMost} from "../core/run_history.js";

/** What lanes can be aligned by: [name, title, unit]. */
export const AXES = [
  ["step", "Steps", "steps"],
  ["images", "Samples", "samples"],
  ["seconds", "Seconds", "seconds"],
];
const ALIVE = ["queued", "running", "paused"];
const MAX_STOPS = 200; // positions that keys and playing back go through

/** The value of `ys` at `x` on the line through sorted `xs`, from (0, 0) on; the last one beyond the end. */
function interpolate(xs, ys, x) {
  const i = lastIndexAtMost(xs, x);
  if (i === xs.length - 1) return ys[i] ?? 0;
  const [x0, y0] = i < 0 ? [0, 0] : [xs[i], ys[i]];
  const [x1, y1] = [xs[i + 1], ys[i + 1]];
  return x1 > x0 ? y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) : y1;
}

/** Where a run stood at each of its rows, on an axis. */
export const rowPositions = ({steps, seconds, drawn}, axis) => ({step: steps, images: drawn, seconds})[axis];

/** Where a run stands after `step`, on an axis. */
export function positionOf(run, step, axis) {
  if (axis === "step") return step;
  const {steps} = run.history;
  const positions = rowPositions(run.history, axis);
  const last = steps.at(-1) ?? 0;
  if (step <= last) return interpolate(steps, positions, step);
  if (axis === "seconds") return Math.max(positions.at(-1) ?? 0, run.state?.elapsed ?? 0);
  return last ? (positions.at(-1) * step) / last : step * run.spec.knobs.batch;
}

/** The step that a run has made at a position; null, the newest, is Infinity. */
export function stepAt(run, position, axis) {
  if (position == null) return Infinity;
  if (axis === "step") return position;
  const positions = rowPositions(run.history, axis);
  if (position >= (positions.at(-1) ?? 0)) return Infinity;
  return Math.floor(interpolate(positions, run.history.steps, position) + 1e-9);
}

/** How far a run has come, on an axis. */
export const reached = (run, axis) =>
  run.state ? positionOf(run, Math.max(run.state.step, run.history.end), axis) : 0;

/** The axis that the clock of a race advances on. */
export const axisOfClock = (clock) => (clock === "steps" ? "step" : clock);

/**
 * Where a run ends, on an axis: for one that goes on, where its budget would end it, or that of its race.
 * @param {any} run
 * @param {string} axis
 * @param {any} race null without one
 */
export function endOf(run, axis, race = null) {
  const {state} = run;
  if (!state) return 0;
  const now = reached(run, axis);
  if (!ALIVE.includes(state.status)) return now;
  if (race) {
    const clock = axisOfClock(race.clock);
    if (axis === clock) return Math.max(now, race.budget);
    const done = reached(run, clock);
    return done > 0 ? Math.max(now, (now * race.budget) / done) : now;
  }
  if (axis !== "seconds") return Math.max(now, positionOf(run, state.budget, axis));
  return Math.max(now, state.eta == null ? now : state.elapsed + state.eta);
}

/** A round number at or above `value`: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return size * [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((m) => m * size >= value - 1e-9);
}

/**
 * The end of the common axis. While runs go on it may be an estimate: the end stays where it was for as long as that is
 * about right, for a timeline must not move under what is read.
 * @param {any[]} runs
 * @param {string} axis
 * @param {number} previous the end as it was, 0 at first
 * @param {any} race null without one
 */
export function commonEnd(runs, axis, previous = 0, race = null) {
  const end = Math.max(0, ...runs.map((run) => endOf(run, axis, race)));
  const isKnown = race ? axis === axisOfClock(race.clock) : axis !== "seconds";
  if (isKnown || !runs.some(({state}) => ALIVE.includes(state?.status))) return end || 1;
  return end <= previous && end > 0.6 * previous ? previous : roundUp(end);
}

/** Positions of the runs' frames, sorted; of many those that lie evenly apart, the first and the last among them. */
export function stops(runs, axis) {
  const all = [...new Set(runs.flatMap((run) => run.history.frames.map((frame) => positionOf(run, frame, axis))))];
  all.sort((a, b) => a - b);
  if (all.length <= MAX_STOPS) return all;
  const gap = (all.at(-1) - all[0]) / (MAX_STOPS - 1);
  const kept = [all[0]];
  for (const position of all) if (position - kept.at(-1) >= gap) kept.push(position);
  if (kept.at(-1) !== all.at(-1)) kept.push(all.at(-1));
  return kept;
}
