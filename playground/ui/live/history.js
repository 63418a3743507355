// A run's numbers as this page has them: at most LIMIT buckets, merged in pairs beyond, so that an hour costs what a minute does.

const LIMIT = 600;

/** The index of the last of sorted `values` that is at most `step`; -1 when all are beyond. */
export function before(values, step) {
  let low = -1, high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= step) low = middle; else high = middle - 1;
  }
  return low;
}

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.steps = [];
    this.series = {};       // name -> {mid, low, high}
    this.marks = [];        // {step, knob, from, to}
    this.alarms = [];       // {step, kind, player, term, says, before}: what went wrong, and the newest checkpoint before it
    this.phases = [];       // {step, phase}: what the steps after it are in
    this.measures = [];     // {step, name: value}
    this.quality = null;    // {floors: {name: value}, extractor, n, seed}: what measures are compared with
    this.frames = [];
    this.looks = [];
    this.cursor = -1;
    this.asked = -1;        // the last frame that was told of, so that the next question is after it
    this.lookedAt = -1;     // and the last look
  }

  get end() {
    return Math.max(this.steps.at(-1) ?? 0, this.frames.at(-1) ?? 0);
  }

  /** Take the new part of a poll. */
  take(news) {
    if (news.rows) this.rows(news.rows);
    this.marks.push(...news.marks ?? []);
    this.alarms.push(...news.alarms ?? []);
    this.phases.push(...news.phases ?? []);
    this.quality = news.quality ?? this.quality;
    for (const measure of news.measures ?? []) this.measure(measure);
    for (const step of news.frames ?? []) if (!this.frames.length || step > this.frames.at(-1)) this.frames.push(step);
    for (const step of news.looks ?? []) if (!this.looks.length || step > this.looks.at(-1)) this.looks.push(step);
    this.asked = Math.max(this.asked, this.frames.at(-1) ?? -1);
    this.lookedAt = Math.max(this.lookedAt, this.looks.at(-1) ?? -1);
    if (this.measures.length > 2 * LIMIT) this.thin();
  }

  /** By step; what takes long to work out comes late. */
  measure(given) {
    const at = before(this.measures.map((m) => m.step), given.step);
    if (at >= 0 && this.measures[at].step === given.step) Object.assign(this.measures[at], given);
    else this.measures.splice(at + 1, 0, {...given});
  }

  /** Every other one goes, but for those with a number that few have. */
  thin() {
    const counts = {}, {measures} = this;
    for (const measure of measures) for (const name of Object.keys(measure)) counts[name] = (counts[name] ?? 0) + 1;
    const rare = (measure) => Object.keys(measure).some((name) => counts[name] < LIMIT / 2);
    this.measures = measures.filter((m, i) => i % 2 === 0 || i === measures.length - 1 || rare(m));
  }

  rows(rows) {
    const had = this.steps.length, n = rows.step.length;
    this.steps.push(...rows.step);
    for (const [name, parts] of Object.entries(rows)) {
      if (name === "step") continue;
      const kept = (this.series[name] ??= {mid: Array(had).fill(null), low: Array(had).fill(null), high: Array(had).fill(null)});
      ["mid", "low", "high"].forEach((part, i) => kept[part].push(...parts[i]));
    }
    for (const kept of Object.values(this.series)) for (const part of Object.values(kept)) while (part.length < had + n) part.push(null);
    this.cursor = this.steps.at(-1);
    if (this.steps.length > LIMIT) this.halve();
  }

  halve() {
    const pairs = (values, join) => values.filter((_, i) => i % 2 === 0).map((value, i) => join(value, values[2 * i + 1]));
    const both = (f) => (a, b) => (a == null ? b ?? null : b == null ? a : f(a, b));
    this.steps = pairs(this.steps, (a, b) => b ?? a);
    for (const kept of Object.values(this.series)) {
      kept.mid = pairs(kept.mid, both((a, b) => (a + b) / 2));
      kept.low = pairs(kept.low, both(Math.min));
      kept.high = pairs(kept.high, both(Math.max));
    }
  }

  /** The value near `step`, the newest without one: the mean of the last few buckets. */
  value(name, step = Infinity) {
    const mid = this.series[name]?.mid;
    if (!mid?.length) return this.measured(name, step);
    const end = step === Infinity ? mid.length - 1 : Math.max(0, before(this.steps, step));
    const few = mid.slice(Math.max(0, end - 4), end + 1).filter((v) => v != null);
    return few.length ? few.reduce((a, b) => a + b) / few.length : null;
  }

  measured(name, step = Infinity) {
    for (let i = this.measures.length - 1; i >= 0; i--) if (this.measures[i].step <= step && this.measures[i][name] != null) return this.measures[i][name];
    return null;
  }

  /** The stretches in which G does not play: [{phase, from, to}], in steps. */
  stretches() {
    return this.phases.map(({step, phase}, i) => ({phase, from: step, to: this.phases[i + 1]?.step ?? Infinity})).filter(({phase}) => phase !== "play");
  }

  /** The newest stored frame at or before `step`; the first when there is none, null without frames. */
  frame(step = Infinity) {
    return this.frames.length ? this.frames[Math.max(0, before(this.frames, step))] : null;
  }

  /** The newest stored look at D at or before `step`; null when there is none. */
  look(step = Infinity) {
    return this.looks[before(this.looks, step)] ?? null;
  }

  /** The steps of both for `step`, [frame, look]: a look at pictures is of the frame that it lies under, as far as there is one. */
  sight(kind, step = Infinity) {
    const frame = this.frame(step);
    return [frame, this.look(kind === "images" ? frame ?? step : step)];
  }

  /** A frame that the server has thinned out. */
  drop(step) {
    this.frames = this.frames.filter((f) => f !== step);
  }

  /** A look that it has. */
  overlook(step) {
    this.looks = this.looks.filter((l) => l !== step);
  }

  /** What a knob was: [[from step, value], ...], by its tunes up to `step`; all along `given` when there are none. */
  knob(name, given, step = Infinity) {
    const tunes = this.marks.filter((m) => m.knob === name);
    return [[0, tunes[0]?.from ?? given], ...tunes.filter((m) => m.step <= step).map((m) => [m.step, m.to])];
  }
}
