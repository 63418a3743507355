// A cache of a run's frames. While the timeline is dragged, only the last requested one is fetched.

const MAX_FRAMES = 160;

/** Little-endian int16 pairs, coordinate = value / 4096. */
export const coordinates = (bytes) => Float32Array.from(new Int16Array(bytes), (v) => v / 4096);

export async function fetchPoints(url) {
  const answer = await fetch(url);
  return answer.ok ? coordinates(await answer.arrayBuffer()) : null;
}

/** The frame in an answer: points, or a sheet of samples. */
export const decodeFrame = async (kind, answer) =>
  kind === "points" ? coordinates(await answer.arrayBuffer()) : createImageBitmap(await answer.blob());

export class FrameCache {
  /**
   * `ready(step, frame)` when it may be shown; `gone(step)` when the server has thinned it out; `most`: how many are
   * kept.
   */
  constructor(run, epoch, kind, {ready, gone}, most = MAX_FRAMES) {
    this.most = most;
    this.run = run;
    this.epoch = epoch;
    this.kind = kind;
    this.ready = ready;
    this.gone = gone;
    this.frames = new Map();
  }

  async request(step) {
    this.wanted = step;
    if (this.frames.has(step)) return this.ready(step, this.frames.get(step));
    if (this.busy) return;
    this.busy = true;
    try {
      await this.fetch(step);
    } catch {
      // The connection is lost: the page says so elsewhere, and the next frame tries again.
    } finally {
      this.busy = false;
    }
    if (this.wanted !== step && !this.ended) this.request(this.wanted);
  }

  address(step) {
    return `/play/runs/${this.run}/frames/${step}?e=${this.epoch}`;
  }

  async decode(answer) {
    return decodeFrame(this.kind, answer);
  }

  async fetch(step) {
    const answer = await fetch(this.address(step));
    if (this.ended) return;
    if (answer.status === 204 || answer.status === 404) return this.gone(step);
    if (!answer.ok) return;
    const frame = await this.decode(answer);
    if (this.ended) return;
    this.frames.set(step, frame);
    if (this.frames.size > this.most) this.frames.delete(this.frames.keys().next().value);
    // an overtaken one too: a drag shows what it passes
    if (step === this.wanted || !this.frames.has(this.wanted)) this.ready(step, frame);
  }

  end() {
    this.ended = true;
    this.frames.clear();
  }
}
