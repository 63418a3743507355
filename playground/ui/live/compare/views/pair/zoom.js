// The part of a picture that is looked at, shared by all that are shown of it: how large, and where its middle lies.

const MAX = 6;
const STEP = 1.5; // a press on + or −

export class Zoom {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.reset();
  }

  reset() {
    this.scale = 1;
    this.x = this.y = 0.5; // the middle, as a share of the picture
  }

  /** {left, top, size} of the part, as shares of the picture. */
  get part() {
    const size = 1 / this.scale;
    return {left: this.x - size / 2, top: this.y - size / 2, size};
  }

  /** Zooms by a factor; the place at `x`, `y` of what is shown, as shares of it, stays where it is. */
  by(factor, x = 0.5, y = 0.5) {
    const {left, top, size} = this.part;
    const scale = Math.min(MAX, Math.max(1, this.scale * factor));
    if (scale === this.scale) return;
    this.scale = scale;
    this.x = left + x * size + (0.5 - x) / scale;
    this.y = top + y * size + (0.5 - y) / scale;
    this.settle();
  }

  step(by) {
    this.by(STEP ** by);
  }

  /** Moves by shares of what is shown. */
  pan(dx, dy) {
    this.x += dx / this.scale;
    this.y += dy / this.scale;
    this.settle();
  }

  /** The part stays within the picture. */
  settle() {
    const half = 0.5 / this.scale;
    const clamp = (v) => Math.min(1 - half, Math.max(half, v));
    this.x = clamp(this.x);
    this.y = clamp(this.y);
    this.changed();
  }
}
