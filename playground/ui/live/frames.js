// Frames of a run: immutable, so fetched once and kept; while a hand drags the timeline only the last one asked for is fetched.

const KEPT = 160;

/** Little-endian int16 pairs, coordinate = value / 4096. */
export const coordinates = (bytes) => Float32Array.from(new Int16Array(bytes), (v) => v / 4096);

export async function cloud(url) {
  const answer = await fetch(url);
  return answer.ok ? coordinates(await answer.arrayBuffer()) : null;
}

export class Frames {
  /** `ready(step, frame)` when it may be shown; `gone(step)` when the server has thinned it out. */
  constructor(run, epoch, kind, {ready, gone}) {
    Object.assign(this, {run, epoch, kind, ready, gone, kept: new Map()});
  }

  async ask(step) {
    this.wanted = step;
    if (this.kept.has(step)) return this.ready(step, this.kept.get(step));
    if (this.busy) return;
    this.busy = true;
    try {
      await this.fetch(step);
    } catch {
      // The connection is lost: the page says so elsewhere, and the next frame tries again.
    } finally {
      this.busy = false;
    }
    if (this.wanted !== step && !this.ended) this.ask(this.wanted);
  }

  address(step) {
    return `/play/runs/${this.run}/frames/${step}?e=${this.epoch}`;
  }

  async decode(answer) {
    return this.kind === "points" ? coordinates(await answer.arrayBuffer()) : createImageBitmap(await answer.blob());
  }

  async fetch(step) {
    const answer = await fetch(this.address(step));
    if (this.ended) return;
    if (answer.status === 204 || answer.status === 404) return this.gone(step);
    if (!answer.ok) return;
    const frame = await this.decode(answer);
    if (this.ended) return;
    this.kept.set(step, frame);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    if (step === this.wanted || !this.kept.has(this.wanted)) this.ready(step, frame);       // an overtaken one too: a drag shows what it passes
  }

  end() {
    this.ended = true;
    this.kept.clear();
  }
}
