// The large picture: points in the plane, or the sheet of samples, at one step of the run.

import {ColourBar, ends} from "./colourbar.js";
import {h, replace, say} from "./dom.js";
import {short, whole} from "./format.js";
import {cloud, Frames} from "./frames.js";
import {part, probe, survey, under} from "./landscape.js";
import {Layers} from "./layers.js";
import {Looks} from "./looks.js";
import {frame as placed, plane, VIEW} from "./plane.js";
import {tiles} from "./tiles.js";

const COLUMNS = 8, ROOM = 6, BARRED = 8, NEAR = 22;         // NEAR: px from a cross to a tap on it

/** How many points of a frame cannot be seen. */
function lost(frame) {
  let n = 0;
  for (let i = 0; i < frame.length; i += 2) n += !(Math.abs(frame[i]) <= VIEW && Math.abs(frame[i + 1]) <= VIEW);
  return n ? `, ${2 * n === frame.length ? "all" : n} of them outside the view` : "";
}

export class Picture {
  /** `gone(step)` and `overlooked(step)`: a frame, and a look at D, that the server no longer has; `seen(look)`: another look is shown; `surface`: where the landscape can be turned. */
  constructor(gone, {overlooked = () => {}, seen = () => {}, surface = null} = {}) {
    Object.assign(this, {gone, overlooked, seen, surface, still: false});
    this.canvas = h("canvas", {role: "img", "data-testid": "picture"});
    this.waiting = h("p", {class: "waiting", hidden: true});
    this.title = h("h2");
    this.named = h("span", {class: "note named", "data-testid": "run-name"});
    this.says = h("p");
    this.step = h("span", {"data-testid": "frame-step"});
    this.about = h("span");
    this.layers = new Layers(() => { this.lookedAt(); this.draw(); }, () => this.surface?.open(this.found));
    this.bar = new ColourBar();
    this.probe = h("span", {class: "probe", "data-testid": "probe"});
    this.window = h("div", {class: "window"}, this.canvas, this.waiting);
    this.element = h("div", {class: "picture"}, h("div", {class: "title"}, this.title, this.named, this.layers.element, this.says), this.window, this.bar.element, h("p", {class: "note cap"}, this.about, this.probe, this.step));
    this.canvas.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") this.point(event); });
    this.canvas.addEventListener("pointerup", (event) => { if (event.pointerType === "touch") this.point(event, true); });          // one that moves scrolls the page, and has no such end
    this.canvas.addEventListener("pointerleave", ({pointerType}) => { if (pointerType !== "touch") this.point(null); });
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.side = width;
      this.draw();
    }).observe(this.window);
  }

  /** `epoch`: how often the run went back; `data` is the catalogue's, `size` a tile's pixels, `real` where the held-out points are. */
  begin(run, epoch, data, size, real) {
    const points = data.kind === "points";
    Object.assign(this, {run, kind: data.kind, size, real: null, where: null, absent: false, frame: null, path: null, found: null, scored: null, at: null, cross: null});
    this.read();
    const frames = this.again(epoch);
    this.lookedAt();
    if (points) this.counts(); else say(this.about, `${size} × ${size}, shown enlarged`);
    say(this.step, "");
    this.canvas.setAttribute("aria-label", "No picture yet");
    this.waits("waiting for the first picture");
    this.draw();
    this.ground(real, frames);
  }

  /** The held-out points: asked for once more with each frame while the connection is lost. */
  async ground(where, frames) {
    let found = null, again = null;
    this.where = null;
    try {
      found = where && await cloud(where);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;           // what fetch throws when nobody answers
      again = where;
    }
    if (this.frames !== frames || !where) return;
    Object.assign(this, {real: found, where: again, absent: !found});
    this.counts();
    this.draw();
  }

  /** What is in the plane. */
  counts() {
    say(this.about, `${this.absent ? "the held-out points could not be fetched" : "1,000 held-out points"}, 512 of G's${this.frame ? lost(this.frame) : ""}`);
  }

  /** The run's frames from here on: after it went back, a step may have another picture than it had. */
  again(epoch) {
    this.frames?.end();
    this.looks?.end();
    this.shown = this.sight = null;
    this.looks = new Looks(this.run, epoch, {ready: (step, look) => this.see(step, look), gone: (step) => this.overlooked(step)});
    this.frames = new Frames(this.run, epoch, this.kind, {ready: (step, frame) => this.take(step, frame), gone: (step) => this.gone(step)});
    return this.frames;
  }

  /** A person's own name for the run, "" without one. */
  calls(name) {
    say(this.named, name);
  }

  /** Whether nothing moves, so that there is time to look closely. */
  rests(still) {
    if (this.still === still) return;
    this.still = still;
    this.lookedAt();
  }

  /** Words in place of a picture. */
  waits(text) {
    say(this.waiting, text);
    this.waiting.hidden = Boolean(this.frame);
  }

  /** The frame and the look of these steps, null for none. */
  show(step, look = null) {
    if (step != null && step !== this.shown) this.frames.ask(step);
    if (look != null && look !== this.sight) this.looks.ask(look);
  }

  see(step, look) {
    this.sight = step;
    Object.assign(this, look.kind === "points" ? {found: survey(look)} : {scored: look});
    this.lookedAt();
    this.read();
    this.seen(look);
    this.later();
  }

  /** Words, scale and layers for what is shown. */
  lookedAt() {
    const points = this.kind === "points", {found} = this, land = points && found && this.layers.shown.land, energy = found?.look.unit === "energy";
    this.layers.offer(points ? found?.look : this.scored, this.still && this.surface, this.kind);
    this.bar.draw(land ? found.look : null);
    if (!points) say(this.about, `${this.size} × ${this.size}, shown enlarged${this.bars ? `; bar: ${this.scored.unit === "energy" ? "energy, short and dark is low" : "score, short and dark is real"}` : ""}`);
    const key = `${points} ${Boolean(land)} ${found?.look.rising} ${energy}`;
    if (this.key === key) return;
    this.key = key;
    const D = h("i", {}, "D"), G = h("i", {}, "G");
    say(this.title, !points ? "Samples" : !land ? "Samples in the plane" : energy ? "Energy landscape" : "The critic's landscape");
    replace(this.says, ...(!points ? ["The same 64 ", h("i", {}, "z"), " at every step, so that you can watch one picture change."]
      : !land ? ["Filled is real, hollow is what ", G, " makes of noise. Watch them meet."]
        : energy ? ["Blue valleys are where ", D, " thinks data lives. ", G, " rolls its samples downhill."] : ["Blue is where ", D, " says real. ", G, " is pulled there, along the arrows."]));
  }

  /** The samples' scores as shares of the histogram's axis, dark where D takes them for real; null when they are not shown. */
  get bars() {
    const {scored, layers} = this;
    return scored && layers.shown.under ? scored.under.map((value) => Math.min(1, Math.max(0, scored.rising ? part(scored.hist, value) : 1 - part(scored.hist, value)))) : null;
  }

  /** A pointer is at a place, null for none. A finger that `stays` leaves a cross there, which the next tap beside it moves and one on it takes away. */
  point(event, stays = false) {
    const had = this.cross, {pad, span} = placed(this.side ?? 0);
    this.at = event && this.found ? [(event.offsetX - pad) / span * 2 * VIEW - VIEW, VIEW - event.offsetY / span * 2 * VIEW] : null;
    if (stays && had && this.at && Math.hypot(had[0] - this.at[0], had[1] - this.at[1]) * span < NEAR * 2 * VIEW) this.at = null;
    this.cross = stays ? this.at : null;
    if (had !== this.cross) this.later();
    this.read();
  }

  /** What D says of the place that is pointed at. */
  read() {
    const {found, at} = this, value = found && at ? probe(found, ...at) : null;
    say(this.probe, value == null ? "" : `${found.look.unit} ${short(value)} at ${at.map((v) => v.toFixed(1).replace("-", "−")).join(", ")}`);
  }

  /** The landscape in words. */
  inWords() {
    const {found, frame} = this, told = found && under(found, frame);
    if (!found) return "";
    return `. ${found.look.unit} from ${ends(found.look)}${told ? `; ${Math.round(100 * told.share)}% of the fakes lie under ${short(told.level.value)}, the ${told.level.name}` : ""}`;
  }

  take(step, frame) {
    this.frame = frame;
    this.shown = step;
    this.waiting.hidden = true;
    say(this.step, `step ${whole(step)}`);
    if (this.where) this.ground(this.where, this.frames);
    if (this.kind === "points") this.counts();
    this.canvas.setAttribute("aria-label", this.kind === "points" ? `${this.absent ? "" : "1,000 real points and "}512 fakes at step ${whole(step)}${this.inWords()}` : `64 samples at step ${whole(step)}`);
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
    if (this.kind === "points") {
      const {shown} = this.layers;
      plane(this.canvas, this.side, {real: shown.real && this.real, fake: shown.fake && this.frame, path: this.path, cross: this.cross, found: this.found, shown});
    }
    else if (this.frame) tiles(this.canvas, this.frame, this.size, COLUMNS, this.side, this.bars ? BARRED : this.side < 440 ? ROOM - 2 : ROOM, this.bars);
    else this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
