// Asks the server what is new about one run, never twice at once, and less often when nobody looks or the server is away.

import {Replay} from "./replay.js";

const FAR = location.hostname.endsWith(".hf.space");
const EVERY = {points: 500, images: 1000}, DISTANT = 3000, REST = 5000, BUSY = 12_000, RETRY = 2000, SOON = 100, HURRY = 1000;
const ALIVE = ["queued", "running"];

export class Follower {
  /** `hears`: begin(news), the first of a run; news(news), each one, once the history has it; lost("away", "busy" or false); gone(run, why), there is no such run, or none that can be shown. */
  constructor(api, history, hears) {
    Object.assign(this, {api, history, hears, run: null, replay: null, asleep: false});
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(); });
  }

  follow(run) {
    clearTimeout(this.timer);
    this.replay?.end();
    Object.assign(this, {run, replay: null, epoch: 0, first: true, failures: 0});
    this.history.clear();
    if (run) this.ask();
  }

  /** Nobody looks at the run: nothing is asked until `wake`, and a recorded one stands still. */
  sleep() {
    this.asleep = true;
    clearTimeout(this.timer);
  }

  wake() {
    this.asleep = false;
    this.soon();
  }

  /** Ask now. `hurried`: and again and again for a while, for something was just done, which the run heeds between two steps. */
  soon(hurried = false) {
    if (hurried) this.hurried = performance.now() + HURRY;
    clearTimeout(this.timer);
    if (this.asleep) return;
    if (this.asking === this.run) this.again = true;
    else if (this.run && !this.replay) this.ask();
  }

  /** The server did not answer something else: is it there at all? */
  async probe() {
    if (!this.replay && this.run) return this.soon();
    this.hears.lost("away");
    while (!await this.api.live().catch(() => null)) await new Promise((done) => setTimeout(done, RETRY));
    return this.hears.lost(false);
  }

  async ask() {
    const {run, history, first} = this;
    this.asking = run;
    let wait;
    try {
      const had = first ? {cursor: -1, marks: 0, phases: 0, alarms: 0, frame: -1, look: -1, quality: false}
        : {cursor: history.cursor, marks: history.marks.length, phases: history.phases.length, alarms: history.alarms.length, frame: history.asked, look: history.lookedAt, quality: history.quality !== null};
      const news = await this.api.poll({run, epoch: this.epoch, ...had});
      if (run !== this.run) return;
      this.failures = 0;
      this.hears.lost(false);
      wait = this.take(news);
    } catch (error) {
      if (run !== this.run) return;
      if (error.field === "run") return this.hears.gone(run);
      if (["data", "variant"].includes(error.field)) return this.hears.gone(run, `That run cannot be shown: ${error.message.split(";")[0]}. `);
      this.hears.lost(error.busy ? "busy" : "away");
      this.failures += 1;
      wait = error.busy ? BUSY : Math.min(BUSY, RETRY * 1.5 ** (this.failures - 1));
    } finally {
      if (this.asking === run) this.asking = null;
    }
    if (this.again && run === this.run) wait = 0;
    this.again = false;
    clearTimeout(this.timer);
    if (!this.replay) this.timer = setTimeout(() => { if (!document.hidden && !this.asleep) this.ask(); }, wait);
  }

  /** The ms until the next question. */
  take(news) {
    const fresh = this.first || news.epoch !== this.epoch, {quality} = this.history;
    if (news.spec) this.kind = news.real ? "points" : "images";
    if (fresh) this.history.clear();
    if (!this.first) this.history.quality = quality;        // real data stay what they are when a run goes back
    this.epoch = news.epoch;
    this.first = false;
    if (fresh) this.hears.begin(news);
    if (news.recorded) {
      this.replay = new Replay(news, this.history, (shown) => this.hears.news(shown), () => document.hidden || this.asleep);
      return REST;
    }
    this.history.take(news);
    this.hears.news(news);
    if (performance.now() < this.hurried && !FAR) return SOON;                          // until what was asked for shows
    if (news.status === "running" && this.history.frames.length < 2) return SOON;       // the first pictures, at once
    return ALIVE.includes(news.status) ? (FAR ? DISTANT : EVERY[this.kind]) : REST;
  }
}
