// Plays a recorded run in a loop, from one answer of the server. It can be paused and scrubbed like a live one.

import {playbackSpeed} from "./playback.js";

const LOOP_MS = 18_000;
const TICK_MS = 120;
const PAUSE_MS = 4000; // ms: the whole run, between two pictures, at the end

export class Recording {
  /**
   * @param {RunUpdate} update
   * @param {RunHistory} history holds what came before the present step
   * @param {(update: RunUpdate) => void} onUpdate
   * @param {() => boolean} isHidden whether nobody can see it
   */
  constructor(update, history, onUpdate, isHidden) {
    this.update = update;
    this.history = history;
    this.onUpdate = onUpdate;
    this.isHidden = isHidden;
    this.position = 0;
    this.restTicks = 0;
    this.buckets = update.rows?.step ?? [];
    this.stride = Math.max(1, Math.ceil(this.buckets.length / (LOOP_MS / TICK_MS)));
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.seek(Infinity);
    else this.play();
  }

  get playing() {
    return Boolean(this.timer);
  }

  play() {
    if (this.position >= this.buckets.length) this.position = 0;
    if (this.position === 0 || this.isComplete) this.rewind(this.position);
    if (!this.timer) this.run();
  }

  /** Slow speeds wait longer, fast ones take larger steps. */
  run() {
    this.timer = setTimeout(() => this.run(), TICK_MS / Math.min(1, playbackSpeed.factor));
    if (!this.isHidden()) this.tick();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.publish(this.position);
  }

  end() {
    clearTimeout(this.timer);
  }

  /** Loads the whole run, to show any step of it. */
  seek(step) {
    const next = this.buckets.findIndex((s) => s > step);
    clearTimeout(this.timer);
    this.timer = null;
    this.position = next < 0 ? this.buckets.length : next;
    if (this.isComplete) return;
    this.history.clear();
    this.append(0, this.buckets.length);
    this.isComplete = true;
    this.publish(this.buckets.length);
  }

  tick() {
    if (this.position >= this.buckets.length) {
      if (++this.restTicks < PAUSE_MS / TICK_MS) return;
      this.rewind(0);
    }
    const from = this.position;
    this.position = Math.min(this.buckets.length, from + this.stride * Math.max(1, playbackSpeed.factor));
    this.append(from, this.position);
    this.publish(this.position);
  }

  rewind(position) {
    this.position = position;
    this.restTicks = 0;
    this.isComplete = false;
    this.history.clear();
    if (position) this.append(0, position);
  }

  append(from, to) {
    const {rows, marks, measures, frames, looks = [], phases = [], alarms = [], quality} = this.update;
    const after = from ? this.buckets[from - 1] : -1;
    const until = this.buckets[to - 1];
    const within = (step) => step > after && step <= until;
    const slice = (values) => values.slice(from, to);
    this.history.append({
      quality,
      phases: phases.filter((p) => within(p.step)),
      alarms: alarms.filter((a) => within(a.step)),
      marks: marks.filter((m) => within(m.step)),
      measures: measures.filter((m) => within(m.step)),
      frames: frames.filter(within),
      looks: looks.filter(within),
      rows: Object.fromEntries(
        Object.entries(rows).map(([name, v]) => [name, name === "step" ? slice(v) : v.map(slice)]),
      ),
    });
  }

  publish(position) {
    const slice = this.buckets.length ? position / this.buckets.length : 1;
    const step = position ? this.buckets[position - 1] : 0;
    this.onUpdate({
      ...this.update,
      step,
      marks: this.history.marks,
      advice: slice < 1 ? [] : this.update.advice,
      elapsed: this.update.elapsed * slice,
      playing: this.playing,
    });
  }
}
