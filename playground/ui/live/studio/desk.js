// What the tools share: whose latents these are, the tray, real points to draw behind, and how a sample looks when it is small.

import {Lost} from "../api.js";
import {cloud} from "../frames.js";
import {bitmap} from "../ways.js";
import {ground} from "./ground.js";
import {Tray} from "./tray.js";
import {tile} from "./tile.js";

const TRIES = 6;

/** An answer with its sheets read, wherever in it they are. */
async function read(made) {
  for (const part of Object.values(made)) if (part && typeof part === "object" && !Array.isArray(part)) await read(part);
  if (made.image) made.sheet = await bitmap(made.image);
  return made;
}

export class Desk {
  /** `source`: {model} or {run}; `about`: {title, kind, mine}. `hears`: used(pin), a pinned one was pressed. */
  constructor(api, source, about, hears) {
    Object.assign(this, {api, source, about, real: null, faces: new Map(), queue: Promise.resolve(), awake: true});
    this.tray = new Tray(this, hears.used);
    this.kinds = {};
  }

  get points() { return this.about.kind === "points"; }

  async ask(name, message) {
    return read(await this.api[name]({...this.source, ...message}));
  }

  /** For what may take longer than an answer is waited for: the server works on, and has it when it is asked again. */
  async askLong(name, message) {
    for (let tries = TRIES; ; tries--) {
      try {
        return await this.ask(name, message);
      } catch (error) {
        if (!(error instanceof Lost) || error.busy || !navigator.onLine || tries < 2) throw error;
      }
    }
  }

  /** The same source once more: a run may have trained on meanwhile. */
  anew() {
    this.faces.clear();
    this.kinds = {};
  }

  /** How far a search is. */
  async told(job) {
    return read(await this.api.job({job}));
  }

  /** Real points, once. */
  async behind() {
    const [[kind, id]] = Object.entries(this.source);
    if (this.points) this.real = await cloud(`/play/${kind}s/${id}/real`).catch(() => null);
  }

  /** The strongest directions of a kind, and the named ones: asked for once. */
  directions(kind) {
    this.kinds[kind] ??= this.ask("directions", {kind}).catch((error) => {
      delete this.kinds[kind];
      throw error;
    });
    return this.kinds[kind];
  }

  /** The sample of a place, one after the other: many at once would be refused. */
  face(place) {
    const key = JSON.stringify(place);
    if (!this.faces.has(key)) {
      const asked = this.queue.then(() => this.ask("move", {place, weights: {}}));
      this.queue = asked.catch(() => this.faces.delete(key));
      this.faces.set(key, asked);
    }
    return this.faces.get(key);
  }

  /** Draw it on a small canvas; one that cannot be had leaves the canvas empty. */
  async paint(canvas, place, side) {
    canvas.place = place;
    const made = await this.face(place).catch(() => null);
    if (!made || canvas.place !== place) return;
    if (made.sheet) tile(canvas, made, 0, side);
    else ground(canvas, side, {real: this.real, marks: [{at: made.points[0], kind: "fake"}]});
  }
}
