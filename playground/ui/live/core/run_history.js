// A run's metrics in the page: at most LIMIT buckets, merged in pairs beyond that, so that a long run costs no more
// than a short one.

const LIMIT = 600;

/** The index of the last of sorted `values` that is at most `step`; -1 when all are beyond. */
export function lastIndexAtMost(values, step) {
  let low = -1;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

export class RunHistory {
  constructor() {
    this.clear();
  }

  clear() {
    this.steps = [];
    this.seconds = []; // how long it had trained by each of these steps
    this.drawn = []; // and how many samples it had drawn from its data
    this.series = {}; // name -> {mid, low, high}
    this.marks = []; // {step, knob, from, to}
    this.alarms = []; // {step, kind, player, term, says, before}: what went wrong, and the newest checkpoint before it
    this.phases = []; // {step, phase}: what the steps after it are in
    this.measures = []; // {step, name: value}
    // {floors: {name: value}, deviations, draws, extractor, n, seed}: what measures are compared with; of 1 draw it is
    // told again
    this.quality = null;
    this.frames = [];
    this.snapshots = [];
    this.cursor = -1;
    this.lastFrame = -1; // the last frame that was told of, so that the next question is after it
    this.lastSnapshot = -1; // and the last look
  }

  get end() {
    return Math.max(this.steps.at(-1) ?? 0, this.frames.at(-1) ?? 0);
  }

  /** Appends what is new in an update. */
  append(update) {
    if (update.rows) this.appendRows(update.rows, update);
    this.marks.push(...(update.marks ?? []));
    this.alarms.push(...(update.alarms ?? []));
    this.phases.push(...(update.phases ?? []));
    this.quality = update.quality ?? this.quality;
    for (const measure of update.measures ?? []) this.addMeasure(measure);
    for (const step of update.frames ?? [])
      if (!this.frames.length || step > this.frames.at(-1)) this.frames.push(step);
    for (const step of update.looks ?? [])
      if (!this.snapshots.length || step > this.snapshots.at(-1)) this.snapshots.push(step);
    this.lastFrame = Math.max(this.lastFrame, this.frames.at(-1) ?? -1);
    this.lastSnapshot = Math.max(this.lastSnapshot, this.snapshots.at(-1) ?? -1);
    if (this.measures.length > 2 * LIMIT) this.thinMeasures();
  }

  /** Adds measures of one step; slow ones may arrive later than others. */
  addMeasure(measure) {
    const index = lastIndexAtMost(
      this.measures.map((m) => m.step),
      measure.step,
    );
    if (index >= 0 && this.measures[index].step === measure.step) Object.assign(this.measures[index], measure);
    else this.measures.splice(index + 1, 0, {...measure});
  }

  /** Drops every other measure, but keeps rare ones. */
  thinMeasures() {
    const counts = {};
    const {measures} = this;
    for (const measure of measures) for (const name of Object.keys(measure)) counts[name] = (counts[name] ?? 0) + 1;
    const rare = (measure) => Object.keys(measure).some((name) => counts[name] < LIMIT / 2);
    this.measures = measures.filter((m, i) => i % 2 === 0 || i === measures.length - 1 || rare(m));
  }

  /** `seconds` and `drawn`: of each row. */
  appendRows(rows, {seconds = [], drawn = []} = {}) {
    const oldLength = this.steps.length;
    const n = rows.step.length;
    this.steps.push(...rows.step);
    this.seconds.push(...rows.step.map((_, i) => seconds[i] ?? 0));
    this.drawn.push(...rows.step.map((_, i) => drawn[i] ?? 0));
    for (const [name, parts] of Object.entries(rows)) {
      if (name === "step") continue;
      const series = (this.series[name] ??= {
        mid: Array(oldLength).fill(null),
        low: Array(oldLength).fill(null),
        high: Array(oldLength).fill(null),
      });
      ["mid", "low", "high"].forEach((part, i) => series[part].push(...parts[i]));
    }
    for (const series of Object.values(this.series))
      for (const part of Object.values(series)) while (part.length < oldLength + n) part.push(null);
    this.cursor = this.steps.at(-1);
    if (this.steps.length > LIMIT) this.halve();
  }

  halve() {
    const pairs = (values, join) =>
      values.filter((_, i) => i % 2 === 0).map((value, i) => join(value, values[2 * i + 1]));
    const skipNulls = (f) => (a, b) => (a == null ? (b ?? null) : b == null ? a : f(a, b));
    this.steps = pairs(this.steps, (a, b) => b ?? a);
    this.seconds = pairs(this.seconds, (a, b) => b ?? a);
    this.drawn = pairs(this.drawn, (a, b) => b ?? a);
    for (const series of Object.values(this.series)) {
      series.mid = pairs(
        series.mid,
        skipNulls((a, b) => (a + b) / 2),
      );
      series.low = pairs(series.low, skipNulls(Math.min));
      series.high = pairs(series.high, skipNulls(Math.max));
    }
  }

  /** The value near `step`, the newest without one: the mean of the last few buckets. */
  value(name, step = Infinity) {
    const mid = this.series[name]?.mid;
    if (!mid?.length) return this.lastMeasure(name, step);
    const end = step === Infinity ? mid.length - 1 : Math.max(0, lastIndexAtMost(this.steps, step));
    const recent = mid.slice(Math.max(0, end - 4), end + 1).filter((v) => v != null);
    return recent.length ? recent.reduce((a, b) => a + b) / recent.length : null;
  }

  lastMeasure(name, step = Infinity) {
    for (let i = this.measures.length - 1; i >= 0; i--)
      if (this.measures[i].step <= step && this.measures[i][name] != null) return this.measures[i][name];
    return null;
  }

  /** Spans of steps in which G does not train: [{phase, from, to}]. */
  phaseSpans() {
    return this.phases
      .map(({step, phase}, i) => ({phase, from: step, to: this.phases[i + 1]?.step ?? Infinity}))
      .filter(({phase}) => phase !== "play");
  }

  /** The newest stored frame at or before `step`; the first when there is none, null without frames. */
  frameAt(step = Infinity) {
    return this.frames.length ? this.frames[Math.max(0, lastIndexAtMost(this.frames, step))] : null;
  }

  /** The newest snapshot of D at or before `step`; null if there is none. */
  snapshotAt(step = Infinity) {
    return this.snapshots[lastIndexAtMost(this.snapshots, step)] ?? null;
  }

  /** [frame, snapshot] to show at `step`. A snapshot of pictures belongs to the frame, where there is one. */
  frameAndSnapshot(kind, step = Infinity) {
    const frame = this.frameAt(step);
    return [frame, this.snapshotAt(kind === "images" ? (frame ?? step) : step)];
  }

  /** Forgets a frame that the server has thinned out. */
  dropFrame(step) {
    this.frames = this.frames.filter((f) => f !== step);
  }

  /** Forgets a snapshot that the server has thinned out. */
  dropSnapshot(step) {
    this.snapshots = this.snapshots.filter((l) => l !== step);
  }

  /**
   * A knob's values, [[from step, value], ...], by its tunes up to `step`.
   * @param {string} name
   * @param {any} current its value when there are no tunes
   * @param {number} step
   * @returns {any[][]}
   */
  knobValues(name, current, step = Infinity) {
    const tunes = this.marks.filter((m) => m.knob === name);
    return [[0, tunes[0]?.from ?? current], ...tunes.filter((m) => m.step <= step).map((m) => [m.step, m.to])];
  }
}
