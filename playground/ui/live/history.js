// A run's numbers as this page has them: at most LIMIT buckets, merged in pairs beyond, so that an hour costs what a minute does.

const LIMIT = 600;

export class History {
  constructor() {
    this.clear();
  }

  /** `least`: steps that a bucket spans at least. */
  clear(least = 1) {
    this.least = least;
    this.steps = [];
    this.series = {};       // name -> {mid, low, high}
    this.marks = [];        // {step, knob, from, to}
    this.measures = [];     // {step, name: value}
    this.frames = [];
    this.cursor = -1;
    this.changed = true;
  }

  /** Take the new part of a poll. */
  take(news) {
    if (news.rows) this.rows(news.rows);
    if (news.marks?.length) this.marks.push(...news.marks);
    for (const measure of news.measures ?? []) if (!this.measures.length || measure.step > this.measures.at(-1).step || measure.step === 0) this.measures.push(measure);
    for (const step of news.frames ?? []) if (!this.frames.length || step > this.frames.at(-1)) this.frames.push(step);
    if (news.rows || news.marks?.length || news.measures?.length) this.changed = true;
  }

  rows(rows) {
    const before = this.steps.length, n = rows.step.length;
    this.steps.push(...rows.step);
    for (const [name, parts] of Object.entries(rows)) {
      if (name === "step") continue;
      const kept = (this.series[name] ??= {mid: Array(before).fill(null), low: Array(before).fill(null), high: Array(before).fill(null)});
      ["mid", "low", "high"].forEach((part, i) => kept[part].push(...parts[i]));
    }
    for (const kept of Object.values(this.series)) for (const part of Object.values(kept)) while (part.length < before + n) part.push(null);
    this.cursor = this.steps.at(-1);
    if (this.least > 1) this.coalesce(before);
    if (this.steps.length > LIMIT) this.halve();
  }

  /** Buckets narrower than `least` steps join the one before, so that what came at once looks like what came bit by bit. */
  coalesce(from) {
    const keep = [];                // [first, last] of the old buckets that each new one is made of
    for (let i = Math.max(0, from - 1); i < this.steps.length; i++) {
      const last = keep.at(-1);
      if (last && this.steps[i] - (this.steps[last[0] - 1] ?? 0) <= this.least) last[1] = i;
      else keep.push([i, i]);
    }
    const start = Math.max(0, from - 1), joined = (values, f) => [...values.slice(0, start), ...keep.map(([a, b]) => (a === b ? values[a] : f(values.slice(a, b + 1).filter((v) => v != null))))];
    for (const kept of Object.values(this.series)) {
      kept.mid = joined(kept.mid, (v) => (v.length ? v.reduce((a, b) => a + b) / v.length : null));
      kept.low = joined(kept.low, (v) => (v.length ? Math.min(...v) : null));
      kept.high = joined(kept.high, (v) => (v.length ? Math.max(...v) : null));
    }
    this.steps = [...this.steps.slice(0, start), ...keep.map(([, b]) => this.steps[b])];
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

  /** The index of the last bucket that begins at or before `step`. */
  at(step) {
    let low = 0, high = this.steps.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.steps[middle] <= step) low = middle; else high = middle - 1;
    }
    return low;
  }

  /** Smoothed value near `step` (the newest without one): the mean of the last few buckets. */
  value(name, step = Infinity) {
    const mid = this.series[name]?.mid;
    if (!mid?.length) return this.measured(name, step);
    const end = step === Infinity ? mid.length - 1 : this.at(step);
    const few = mid.slice(Math.max(0, end - 4), end + 1).filter((v) => v != null);
    return few.length ? few.reduce((a, b) => a + b) / few.length : null;
  }

  measured(name, step = Infinity) {
    for (let i = this.measures.length - 1; i >= 0; i--) if (this.measures[i].step <= step && this.measures[i][name] != null) return this.measures[i][name];
    return null;
  }

  /** What a knob was at each step: [[step, value], ...], from the run's spec and its tunes. */
  knob(name, first) {
    const found = [[0, first]];
    for (const mark of this.marks) if (mark.knob === name) found.push([mark.step, mark.to]);
    return found;
  }
}
