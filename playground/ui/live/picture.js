// The large picture: points in the plane, or the sheet of samples, at one step of the run.

import {h, replace, say} from "./dom.js";
import {whole} from "./format.js";
import {cloud, Frames} from "./frames.js";
import {plane, VIEW} from "./plane.js";
import {tiles} from "./tiles.js";

const COLUMNS = 8, ROOM = 6;

/** How many points of a frame cannot be seen. */
function lost(frame) {
  let n = 0;
  for (let i = 0; i < frame.length; i += 2) n += !(Math.abs(frame[i]) <= VIEW && Math.abs(frame[i + 1]) <= VIEW);
  return n ? `, ${2 * n === frame.length ? "all" : n} of them outside the view` : "";
}

export class Picture {
  /** `gone(step)`: a frame that the server no longer has. */
  constructor(gone) {
    this.gone = gone;
    this.canvas = h("canvas", {role: "img", "data-testid": "picture"});
    this.waiting = h("p", {class: "waiting", hidden: true});
    this.title = h("h2");
    this.named = h("span", {class: "note named", "data-testid": "run-name"});
    this.says = h("p");
    this.step = h("span", {"data-testid": "frame-step"});
    this.about = h("span");
    this.layers = {real: true, fake: true};
    this.toggles = h("div", {class: "layers", role: "group", "aria-label": "Layers"}, ...Object.keys(this.layers).map((layer) => this.layer(layer)));
    this.window = h("div", {class: "window"}, this.canvas, this.waiting);
    this.element = h("div", {class: "picture"}, h("div", {class: "title"}, this.title, this.named, this.toggles, this.says), this.window, h("p", {class: "note cap"}, this.about, this.step));
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.side = width;
      this.draw();
    }).observe(this.window);
  }

  layer(layer) {
    const button = h("button", {type: "button", "aria-pressed": "true", onclick: () => {
      this.layers[layer] = !this.layers[layer];
      button.setAttribute("aria-pressed", String(this.layers[layer]));
      this.draw();
    }}, h("span", {class: `dot ${layer}`}), layer);
    return button;
  }

  /** `epoch`: how often the run went back; `data` is the catalogue's, `size` a tile's pixels, `real` where the held-out points are. */
  async begin(run, epoch, data, size, real) {
    const points = data.kind === "points";
    Object.assign(this, {run, kind: data.kind, size, real: null, frame: null, path: null});
    const frames = this.again(epoch);
    this.toggles.hidden = !points;
    say(this.title, points ? "Samples in the plane" : "Samples");
    replace(this.says, ...(points ? ["Filled is real, hollow is what ", h("i", {}, "G"), " makes of noise. Watch them meet."] : ["The same 64 ", h("i", {}, "z"), " at every step, so that you can watch one picture change."]));
    say(this.about, points ? "1,000 held-out points, 512 of G's" : `${size} × ${size}, shown enlarged`);
    say(this.step, "");
    this.canvas.setAttribute("aria-label", "No picture yet");
    this.waits("waiting for the first picture");
    this.draw();
    const held = real && await cloud(real).catch(() => null);
    if (this.frames !== frames) return;
    this.real = held;
    this.draw();
  }

  /** The run's frames from here on: after it went back, a step may have another picture than it had. */
  again(epoch) {
    this.frames?.end();
    this.shown = null;
    this.frames = new Frames(this.run, epoch, this.kind, {ready: (step, frame) => this.take(step, frame), gone: (step) => this.gone(step)});
    return this.frames;
  }

  /** A person's own name for the run, "" without one. */
  calls(name) {
    say(this.named, name);
  }

  /** Words in place of a picture. */
  waits(text) {
    say(this.waiting, text);
    this.waiting.hidden = Boolean(this.frame);
  }

  show(step) {
    if (step != null && step !== this.shown) this.frames.ask(step);
  }

  take(step, frame) {
    this.frame = frame;
    this.shown = step;
    this.waiting.hidden = true;
    say(this.step, `step ${whole(step)}`);
    if (this.kind === "points") say(this.about, `1,000 held-out points, 512 of G's${lost(frame)}`);
    this.canvas.setAttribute("aria-label", this.kind === "points" ? `1,000 real points and 512 fakes at step ${whole(step)}` : `64 samples at step ${whole(step)}`);
    this.later();
  }

  /** The way between two latents, drawn over the points; null for none. */
  thread(path) {
    this.path = path;
    this.later();
  }

  later() {
    this.due ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.due = null;
    if (!this.side || !this.kind) return;
    if (this.kind === "points") plane(this.canvas, this.side, {real: this.layers.real && this.real, fake: this.layers.fake && this.frame, path: this.path});
    else if (this.frame) tiles(this.canvas, this.frame, this.size, COLUMNS, this.side, this.side < 440 ? ROOM - 2 : ROOM);
    else this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
