// Plays back a run's stored frames, independent of training.

const TARGET_SECONDS = 15;
const MIN_RATE = 4;
const MAX_RATE = 16; // seconds for all of a run at speed 1, within so many pictures a second

/** The speeds to choose from. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** The chosen speed, for all playbacks. */
export const playbackSpeed = {factor: 1};

export class Playback {
  /**
   * @param {object} options
   * @param {() => number[]} options.frames the stored steps
   * @param {(step: number | null) => void} options.show null shows the newest and ends the playback
   * @param {() => boolean} options.isHidden whether nobody can see it
   */
  constructor({frames, show, isHidden}) {
    this.frames = frames;
    this.show = show;
    this.isHidden = isHidden;
    this.step = null;
  }

  get playing() {
    return Boolean(this.timer);
  }

  /** From the frame after `step` on; null is the beginning. */
  play(step) {
    this.step = step;
    clearTimeout(this.timer);
    this.tick();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  tick() {
    const frames = this.frames();
    if (!this.isHidden()) {
      const next = frames.find((frame) => this.step == null || frame > this.step) ?? null;
      if (next == null || next === frames.at(-1)) {
        this.pause();
        this.show(null);
        return;
      }
      this.step = next;
    }
    const rate = Math.min(MAX_RATE, Math.max(MIN_RATE, frames.length / TARGET_SECONDS)) * playbackSpeed.factor;
    this.timer = setTimeout(() => this.tick(), 1000 / rate);
    if (!this.isHidden()) this.show(this.step);
  }
}
