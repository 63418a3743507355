// A recorded run, played over and over from one answer of the server. It can be paused and scrubbed like a live one.

import {tempo} from "./playback.js";

const LOOP = 18_000, TICK = 120, PAUSE = 4000;      // ms: the whole run, between two pictures, at the end

export class Replay {
  /** `shown(news)`: as if the run stood at a step; the history holds what came before. `unseen()`: nobody looks. */
  constructor(news, history, shown, unseen) {
    Object.assign(this, {news, history, shown, unseen, at: 0, rest: 0});
    this.buckets = news.rows?.step ?? [];
    this.stride = Math.max(1, Math.ceil(this.buckets.length / (LOOP / TICK)));
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.seek(Infinity);
    else this.play();
  }

  get playing() {
    return Boolean(this.timer);
  }

  play() {
    if (this.at >= this.buckets.length) this.at = 0;
    if (this.at === 0 || this.whole) this.rewind(this.at);
    if (!this.timer) this.go();
  }

  /** Slower by longer waits, faster by longer strides. */
  go() {
    this.timer = setTimeout(() => this.go(), TICK / Math.min(1, tempo.times));
    if (!this.unseen()) this.tick();
  }

  pause() {
    this.timer = clearTimeout(this.timer);
    this.tell(this.at);
  }

  end() {
    clearTimeout(this.timer);
  }

  /** Everything at once, to look at any step of it. */
  seek(step) {
    const next = this.buckets.findIndex((s) => s > step);
    this.timer = clearTimeout(this.timer);
    this.at = next < 0 ? this.buckets.length : next;
    if (this.whole) return;
    this.history.clear();
    this.take(0, this.buckets.length);
    this.whole = true;
    this.tell(this.buckets.length);
  }

  tick() {
    if (this.at >= this.buckets.length) {
      if (++this.rest < PAUSE / TICK) return;
      this.rewind(0);
    }
    const from = this.at;
    this.at = Math.min(this.buckets.length, from + this.stride * Math.max(1, tempo.times));
    this.take(from, this.at);
    this.tell(this.at);
  }

  rewind(at) {
    Object.assign(this, {at, rest: 0, whole: false});
    this.history.clear();
    if (at) this.take(0, at);
  }

  take(from, to) {
    const {rows, marks, measures, frames, looks = [], phases = [], alarms = [], quality} = this.news;
    const after = from ? this.buckets[from - 1] : -1, until = this.buckets[to - 1], within = (step) => step > after && step <= until;
    const part = (values) => values.slice(from, to);
    this.history.take({quality, phases: phases.filter((p) => within(p.step)), alarms: alarms.filter((a) => within(a.step)), marks: marks.filter((m) => within(m.step)), measures: measures.filter((m) => within(m.step)), frames: frames.filter(within), looks: looks.filter(within),
      rows: Object.fromEntries(Object.entries(rows).map(([name, v]) => [name, name === "step" ? part(v) : v.map(part)]))});
  }

  tell(at) {
    const part = this.buckets.length ? at / this.buckets.length : 1, step = at ? this.buckets[at - 1] : 0;
    this.shown({...this.news, step, marks: this.history.marks, advice: part < 1 ? [] : this.news.advice, elapsed: this.news.elapsed * part, playing: this.playing});
  }
}
