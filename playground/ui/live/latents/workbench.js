// What the tools share: source, tray, real points, and small pictures of samples.

import {ConnectionLost} from "../core/api.js";
import {fetchPoints} from "../canvas/frame_cache.js";
import {decodeBitmap} from "./tools/interpolation_modes.js";
import {drawGround} from "./views/pad_background.js";
import {PinTray} from "./pin_tray.js";
import {drawSampleTile} from "./views/sample_tile.js";

const MAX_TRIES = 6;

/** Decodes the sheets of an answer, wherever they are in it. */
async function decodeSheets(answer) {
  for (const part of Object.values(answer))
    if (part && typeof part === "object" && !Array.isArray(part)) await decodeSheets(part);
  if (answer.image) answer.sheet = await decodeBitmap(answer.image);
  return answer;
}

export class Workbench {
  /**
   * @param {Api} api
   * @param {LatentSource} source
   * @param {{title: string, kind: Kind, mine: boolean, classes: string[], coder: boolean, encoder: boolean}} about
   *   classes: [] where samples have none; coder: they are codes of its own; encoder: whether samples have latents
   *   without a search
   * @param {{used: (pin: Pin) => string}} handlers used: a pin was pressed
   */
  constructor(api, source, about, handlers) {
    this.api = api;
    this.source = source;
    this.about = about;
    this.real = null;
    this.y = 0; // the class of all samples, a place in about.classes
    this.samples = new Map();
    this.queue = Promise.resolve();
    this.awake = true;
    this.tray = new PinTray(this, handlers.used);
    this.kinds = {};
  }

  get points() {
    return this.about.kind === "points";
  }

  async ask(name, message) {
    const asked = this.about.classes.length ? {y: this.y} : {};
    return decodeSheets(await this.api[name]({...this.source, ...asked, ...message}));
  }

  /** For slow requests: after a timeout it asks again, while the server works on. */
  async askLong(name, message) {
    for (let tries = MAX_TRIES; ; tries--) {
      try {
        return await this.ask(name, message);
      } catch (error) {
        if (!(error instanceof ConnectionLost) || error.busy || !navigator.onLine || tries < 2) throw error;
      }
    }
  }

  /** Forgets what was loaded: the run may have trained on. */
  reset() {
    this.samples.clear();
    this.kinds = {};
  }

  /** The progress of a search. */
  async jobProgress(job) {
    return decodeSheets(await this.api.job({job}));
  }

  /** Loads the real points. */
  async loadReal() {
    const [[kind, id]] = Object.entries(this.source);
    if (this.points) this.real = await fetchPoints(`/play/${kind}s/${id}/real`).catch(() => null);
  }

  /** Asks when what was asked so before has ended: many at once would be refused. */
  askInTurn(name, message) {
    const request = this.queue.then(() => this.ask(name, message));
    this.queue = request.catch(() => null);
    return request;
  }

  /** The strongest directions of a kind, and the named ones: asked for once. */
  directions(kind) {
    this.kinds[kind] ??= this.askInTurn("directions", {kind}).catch((error) => {
      delete this.kinds[kind];
      throw error;
    });
    return this.kinds[kind];
  }

  /** The sample of a latent. */
  sampleOf(place) {
    const key = JSON.stringify(place);
    if (!this.samples.has(key)) {
      const request = this.askInTurn("move", {place, weights: {}});
      request.catch(() => this.samples.delete(key));
      this.samples.set(key, request);
    }
    return this.samples.get(key);
  }

  /** Draws a sample on a small canvas; on failure the canvas stays empty. */
  async paint(canvas, place, side) {
    canvas.place = place;
    const answer = await this.sampleOf(place).catch(() => null);
    if (!answer || canvas.place !== place) return;
    if (answer.sheet) drawSampleTile(canvas, answer, 0, side);
    else drawGround(canvas, side, {real: this.real, marks: [{at: answer.points[0], kind: "fake"}]});
  }
}
