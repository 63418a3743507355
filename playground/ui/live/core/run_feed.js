// What a page has of one run, as the question of a poll; and how an answer is added to it.

import {RunHistory} from "./run_history.js";

export class RunFeed {
  /**
   * @param {string | null} run
   * @param {RunHistory} history
   */
  constructor(run, history = new RunHistory()) {
    this.history = history;
    this.follow(run);
  }

  /** Begins with another run, or with none. */
  follow(run) {
    this.run = run;
    this.epoch = 0;
    this.first = true;
    this.history.clear();
  }

  /** The message of a poll: the run, and what is here of it. */
  question() {
    const {run, epoch, history} = this;
    const {cursor, marks, phases, alarms, lastFrame, lastSnapshot, quality} = history;
    const known = this.first
      ? {cursor: -1, marks: 0, phases: 0, alarms: 0, frame: -1, look: -1, quality: false}
      : {
          cursor,
          marks: marks.length,
          phases: phases.length,
          alarms: alarms.length,
          frame: lastFrame,
          look: lastSnapshot,
          quality: quality !== null && quality.draws !== 1,
        };
    return {run, epoch, ...known};
  }

  /**
   * Makes room for an answer: its history begins anew with the first one, and when the run went back to a checkpoint.
   * @param {RunUpdate} update
   * @returns {boolean} whether it did
   */
  prepare(update) {
    const restarted = this.first || update.epoch !== this.epoch;
    const {quality} = this.history;
    if (restarted) this.history.clear();
    if (!this.first) this.history.quality = quality; // real data stay what they are when a run goes back
    this.epoch = update.epoch;
    this.first = false;
    return restarted;
  }
}
