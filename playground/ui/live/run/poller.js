// Polls the server for one run: never two requests at once, and less often when the page is hidden or the server is
// away.

import {RunFeed} from "../core/run_feed.js";
import {Recording} from "./timeline/recording.js";

const REMOTE = location.hostname.endsWith(".hf.space");
const INTERVAL_MS = {points: 500, images: 1000};
const REMOTE_INTERVAL_MS = 3000;
const IDLE_INTERVAL_MS = 5000;
const BUSY_MS = 12_000;
const RETRY_MS = 2000;
const SOON_MS = 100;
const HURRY_MS = 1000;
const ALIVE = ["queued", "running"];

export class Poller {
  /**
   * @param {Api} api
   * @param {RunHistory} history
   * @param {PollerHandlers} handlers
   */
  constructor(api, history, handlers) {
    this.api = api;
    this.history = history;
    this.handlers = handlers;
    this.feed = new RunFeed(null, history);
    this.recording = null;
    this.asleep = false;
    this.turn = 0; // counts what was followed: a run that is gone back to is followed anew
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.pollNow();
    });
  }

  /** The run that is followed. */
  get run() {
    return this.feed.run;
  }

  follow(run) {
    clearTimeout(this.timer);
    this.recording?.end();
    this.turn += 1;
    this.recording = null;
    this.failures = 0;
    this.feed.follow(run);
    if (run) this.poll();
  }

  /** Stops polling until `wake`; a recorded run stands still. */
  sleep() {
    this.asleep = true;
    clearTimeout(this.timer);
  }

  wake() {
    this.asleep = false;
    this.pollNow();
  }

  /**
   * Polls now.
   * @param {boolean} hurry whether to poll fast for a while, because a command was just sent
   */
  pollNow(hurry = false) {
    if (hurry) this.hurryUntil = performance.now() + HURRY_MS;
    clearTimeout(this.timer);
    if (this.asleep) return;
    if (this.pendingTurn === this.turn) this.pollAgain = true;
    else if (this.run && !this.recording) this.poll();
  }

  /** Checks whether the server is there, after another request failed. */
  async probe() {
    if (!this.recording && this.run) return this.pollNow();
    this.handlers.lost("away");
    while (!(await this.api.live().catch(() => null))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return this.handlers.lost(false);
  }

  async poll() {
    const {run, turn, feed} = this;
    this.pendingTurn = turn;
    let delay;
    try {
      const update = await this.api.poll(feed.question());
      if (turn !== this.turn) return;
      this.failures = 0;
      this.handlers.lost(false);
      delay = this.handle(update);
    } catch (error) {
      if (turn !== this.turn) return;
      if (error.field === "run") return this.handlers.gone(run);
      if (["data", "variant"].includes(error.field))
        return this.handlers.gone(run, `That run cannot be shown: ${error.message.split(";")[0]}. `);
      this.handlers.lost(error.busy ? "busy" : "away");
      this.failures += 1;
      delay = error.busy ? BUSY_MS : Math.min(BUSY_MS, RETRY_MS * 1.5 ** (this.failures - 1));
    } finally {
      if (this.pendingTurn === turn) this.pendingTurn = null;
    }
    if (this.pollAgain) delay = 0;
    this.pollAgain = false;
    clearTimeout(this.timer);
    if (!this.recording)
      this.timer = setTimeout(() => {
        if (!document.hidden && !this.asleep) this.poll();
      }, delay);
  }

  /** Handles an update. The ms until the next poll. */
  handle(update) {
    if (update.spec) this.kind = update.real ? "points" : "images";
    if (this.feed.prepare(update)) this.handlers.begin(update);
    if (update.recorded) {
      this.recording = new Recording(
        update,
        this.history,
        (played) => this.handlers.update(played),
        () => document.hidden || this.asleep,
      );
      return IDLE_INTERVAL_MS;
    }
    this.history.append(update);
    this.handlers.update(update);
    if (performance.now() < this.hurryUntil && !REMOTE) return SOON_MS; // until what was asked for shows
    if (update.status === "running" && this.history.frames.length < 2) return SOON_MS; // the first pictures, at once
    return ALIVE.includes(update.status) ? (REMOTE ? REMOTE_INTERVAL_MS : INTERVAL_MS[this.kind]) : IDLE_INTERVAL_MS;
  }
}
