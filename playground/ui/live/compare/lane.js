// A lane: one variant with its settings, as runs of one seed each; and what the page has of each run.

import {RunFeed} from "../core/run_feed.js";
import {variantOn} from "../core/catalogue.js";
import {positionOf, stepAt} from "./alignment.js";

const ALIVE = ["queued", "running", "paused"];

/** One run of a lane. */
export class LaneRun {
  /**
   * @param {string} id
   * @param {Catalogue} catalogue
   */
  constructor(id, catalogue) {
    this.id = id;
    this.catalogue = catalogue;
    this.feed = new RunFeed(id);
    this.history = this.feed.history;
    this.state = null;
    this.spec = null;
    this.real = null; // the address of the held-out points
    this.gone = false;
  }

  /**
   * Takes an update in.
   * @param {RunUpdate} update
   * @returns {boolean} whether the run began, or began anew at a checkpoint
   */
  take(update) {
    const restarted = this.feed.prepare(update);
    if (update.spec) this.describe(update);
    this.history.append(update);
    this.state = update;
    return restarted;
  }

  /** @param {any} update the first one */
  describe({spec, real}) {
    const {variants, data} = this.catalogue;
    this.data = data.find((d) => d.id === spec.data);
    this.spec = {...spec, modes: this.data.modes};
    this.variant = variantOn(
      variants.find((v) => v.id === spec.variant),
      this.data,
      this.catalogue,
    );
    this.real = real;
  }

  /** Whether there is something to show of it. */
  get ready() {
    return Boolean(this.state && this.spec) && !this.gone;
  }

  get alive() {
    return !this.gone && ALIVE.includes(this.state?.status);
  }

  /** Whether it goes on now, so that its numbers change. */
  get running() {
    return !this.gone && ["queued", "running"].includes(this.state?.status);
  }

  /** The steps of the frame and of the snapshot of D that are shown at a position. */
  shownAt(position, axis) {
    return this.history.frameAndSnapshot(this.data.kind, stepAt(this, position, axis));
  }

  /** Whether it ended before a position; then what is shown is its last. */
  endedBefore(position, axis) {
    return position != null && !this.alive && positionOf(this, this.history.end, axis) < position - 1e-6;
  }
}

export class Lane {
  /**
   * @param {number} index its number, from 0 on
   * @param {any} facts what the server says of it: {runs, title, missing, ...}
   * @param {Catalogue} catalogue
   */
  constructor(index, facts, catalogue) {
    this.index = index;
    this.facts = facts;
    this.runs = facts.runs.map((id) => new LaneRun(id, catalogue));
  }

  /** The runs that there is something to show of. */
  get ready() {
    return this.runs.filter((run) => run.ready);
  }

  /** The run whose pictures are shown: that of a seed, by its place, or the nearest that is there. */
  shown(seed) {
    const {ready} = this;
    return ready[Math.min(seed, ready.length - 1)] ?? null;
  }

  get title() {
    const [run] = this.ready;
    return this.facts.title || (run ? run.state.name || run.variant.title : "gone");
  }

  get kind() {
    return this.ready[0]?.data.kind ?? null;
  }
}
