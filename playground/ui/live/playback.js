// A run played back from its stored pictures, at a pace of one's own. Whether it trains meanwhile is another matter.

const LONG = 15, LEAST = 4, MOST = 16;      // seconds for all of a run at speed 1, within so many pictures a second

/** What the speed choice offers. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** The one that is chosen, for whatever is played back. */
export const tempo = {times: 1};

export class Playback {
  /** `frames()`: the stored steps; `show(step)`: that one, null for the newest, which ends it; `unseen()`: nobody looks. */
  constructor({frames, show, unseen}) {
    Object.assign(this, {frames, show, unseen, step: null});
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
    this.timer = clearTimeout(this.timer);
  }

  tick() {
    const frames = this.frames();
    if (!this.unseen()) {
      const next = frames.find((frame) => this.step == null || frame > this.step) ?? null;
      if (next == null || next === frames.at(-1)) {
        this.pause();
        this.show(null);
        return;
      }
      this.step = next;
    }
    const rate = Math.min(MOST, Math.max(LEAST, frames.length / LONG)) * tempo.times;
    this.timer = setTimeout(() => this.tick(), 1000 / rate);
    if (!this.unseen()) this.show(this.step);
  }
}
