// The frames of one run that stand along the steps: fetched one after the other, the nearest to what is shown first.

import {decodeFrame} from "../../canvas/frame_cache.js";

const AT_ONCE = 2;

export class TimeFrames {
  /**
   * @param {any} run as `LaneRun`
   * @param {(step: number) => void} ready
   */
  constructor(run, ready) {
    this.run = run;
    this.ready = ready;
    this.epoch = run.feed.epoch;
    this.frames = new Map(); // step -> frame
    this.wanted = [];
    this.busy = new Set();
  }

  /** Asks for the frames of `steps`; others are forgotten. */
  request(steps) {
    this.wanted = steps;
    for (const step of this.frames.keys()) if (!steps.includes(step)) this.frames.delete(step);
    this.next();
  }

  next() {
    if (this.ended) return;
    while (this.busy.size < AT_ONCE) {
      const step = this.wanted.find((s) => !this.frames.has(s) && !this.busy.has(s));
      if (step === undefined) return;
      this.busy.add(step);
      this.fetch(step).finally(() => {
        this.busy.delete(step);
        this.next();
      });
    }
  }

  async fetch(step) {
    const {run, epoch} = this;
    let frame = null;
    try {
      const answer = await fetch(`/play/runs/${run.id}/frames/${step}?e=${epoch}`);
      if (answer.status === 204 || answer.status === 404) run.history.dropFrame(step);
      else if (answer.ok) frame = await decodeFrame(run.data.kind, answer);
    } catch {
      // The connection is lost: the page says so elsewhere.
    }
    this.frames.set(step, frame);
    if (frame && !this.ended) this.ready(step);
  }

  end() {
    this.ended = true;
    this.frames.clear();
  }
}
