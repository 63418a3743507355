// The bar at the bottom: play, pause, step, stop, the timeline and its playing back, the pace, the fork, and what can be taken away.

import {h, icon, replace, say} from "./dom.js";
import {duration, pace, whole} from "./format.js";
import {Playback, SPEEDS, tempo} from "./playback.js";
import {Timeline} from "./timeline.js";

const PLAY = "f:M8 5v14l11-7z", PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const STEP = ["f:M6 5l9 7-9 7z", "M18 5v14"], STOP = "f:M6.5 6.5h11v11h-11z";
const EXPORTS = [["samples.png", "Samples", "PNG"], ["metrics.csv", "Metrics", "CSV"], ["charts.html", "Charts", "HTML"], ["weights.safetensors", "Weights", "safetensors"]];
const ALIVE = ["queued", "running"], ACTIVE = [...ALIVE, "paused"], TOLD = 1800;

export class Transport {
  /** `hears`: act("toggle", "step" or "stop"); scrub(step), show that frame, null for the newest; slow(), one step in slow motion; fork({step, alarm}), begin another from there; share() -> whether the link was copied; make(), a model of it. */
  constructor(hears) {
    this.hears = hears;
    this.frames = [];
    const button = (id, label, title, paths, what) => h("button", {type: "button", class: "icon", "data-testid": id, "aria-label": label, title, onclick: () => hears.act(what)}, icon(...paths));
    this.play = button("play", "Play", "Play (Space)", [PLAY], "toggle");
    this.play.classList.add("big");
    this.next = button("one-step", "One step", "One step (.)", STEP, "step");
    this.slow = h("button", {type: "button", class: "icon slowly", "data-testid": "slow", "aria-label": "Slow motion", title: "One step in slow motion", onclick: () => hears.slow()}, icon("M3 12h2M8 12h2", "f:M13 6l8 6-8 6z"));
    this.stop = button("stop", "Stop", "Stop and keep", [STOP], "stop");
    this.playback = new Playback({frames: () => this.frames, show: (step) => this.show(step), unseen: () => document.hidden || !this.element.isConnected || !this.element.offsetParent});
    this.speed = h("select", {class: "speed", "data-testid": "speed", "aria-label": "Speed of playing back", title: "How fast it is played back", onchange: () => { tempo.times = Number(this.speed.value); }},
      ...SPEEDS.map((speed) => h("option", {value: speed, selected: speed === tempo.times}, `${speed === 0.25 ? "¼" : speed === 0.5 ? "½" : speed}×`)));
    this.timeline = new Timeline({scrub: (step) => this.hold(step), nudge: (by) => this.nudge(by), ends: (last) => this.hold(last ? null : this.frames[0] ?? null),
      look: (step) => this.hold(step), fork: (alarm) => hears.fork({step: alarm.before, alarm})});
    this.live = h("button", {type: "button", class: "pill", "data-testid": "live", "aria-pressed": "true", onclick: () => this.hold(null)}, "Live");
    this.rate = h("b", {"data-testid": "rate"});
    this.images = h("span", {class: "x", "data-testid": "images"});
    this.elapsed = h("span", {class: "x", "data-testid": "elapsed"});
    this.left = h("span", {"data-testid": "left"});
    this.sheet = h("div", {class: "sheet"});
    this.menu = h("details", {class: "menu-up"}, h("summary", {class: "ghost", "aria-label": "Export"}, h("span", {}, "Export"), icon("M12 4v11m0 0 4-4m-4 4-4-4M5 19h14")), this.sheet);
    this.fork = h("button", {type: "button", class: "ghost fork", "data-testid": "fork", title: "Fork here (F)", onclick: () => hears.fork({step: this.held})}, "Fork", h("span", {}, " here"));
    this.share = h("button", {type: "button", class: "ghost share", "data-testid": "share", onclick: () => this.copy(this.share, "Share")}, "Share");
    this.element = h("div", {class: "bar", role: "group", "aria-label": "Transport"}, h("div", {class: "btns"}, this.play, this.next, this.slow, this.stop, this.speed), this.timeline.element,
      h("div", {class: "meta"}, h("div", {class: "stands"}, this.live, h("div", {class: "clock"}, h("div", {}, this.rate, this.images), h("div", {}, this.elapsed, this.left))), h("div", {class: "takes"}, this.fork, this.menu, this.share)));
    document.addEventListener("pointerdown", (event) => { if (!this.menu.contains(event.target)) this.menu.open = false; });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.menu.open) return;
      this.menu.open = false;
      this.menu.firstElementChild.focus();
    });
  }

  async copy(button, text) {
    say(button, await this.hears.share() ? "Link copied" : "Copy it from the address bar");
    setTimeout(() => say(button, text), TOLD);
  }

  /** Look at an old step; null, or one that is not made yet, is the newest. What is played back stops where a hand takes hold. */
  hold(step) {
    this.playback.pause();
    this.show(step != null && step >= this.newest && !this.recorded ? null : step);
  }

  show(step) {
    this.held = step;
    this.hears.scrub(step);
  }

  /** The last stored frame. */
  get newest() {
    return this.frames.at(-1) ?? 0;
  }

  /** Back or on by so many stored frames. */
  nudge(by) {
    const {frames} = this;
    if (!frames.length) return;
    const now = this.held ?? frames.at(-1), to = frames.findLastIndex((f) => f <= now) + by;
    this.hold(to >= frames.length - (by > 0 ? 1 : 0) ? null : frames[Math.max(0, to)]);
  }

  /** The play button, while it is about the past. */
  replay() {
    if (!this.playback.playing) return this.playback.play(this.held);
    this.playback.pause();
    return this.show(this.held);
  }

  /** `declared`: the knobs; `outline`: the number whose course stands over the timeline. */
  begin(run, recorded, declared, outline, kind) {
    this.playback.pause();
    Object.assign(this, {run, recorded, declared, outline, kind, held: null, resting: null});
  }

  draw(state, history) {
    const {status, resumable, recorded} = state, watched = !recorded && !state.mine, given = !watched || state.published, running = recorded ? state.playing : ALIVE.includes(status), active = !recorded && ACTIVE.includes(status);
    const steered = !watched && (active || resumable), old = this.held != null;
    this.frames = history.frames;
    this.past = !recorded && (old || !steered) && history.frames.length > 1;        // then the play button is about what was, not about training
    const {playing} = this.playback, goes = this.past ? playing : running, label = this.past ? (playing ? "Pause playing back" : "Play it back") : running ? "Pause" : active ? "Go on" : resumable ? "Resume" : "Play";
    if (this.label !== label) {
      this.label = label;
      replace(this.play, icon(goes ? PAUSE : PLAY));
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
      this.element.classList.toggle("past", this.past);
    }
    this.play.disabled = !this.past && (watched || (!recorded && !active && !resumable));
    this.next.disabled = watched || (!active && !resumable);
    this.slow.disabled = Boolean(recorded) || !state.step;
    this.stop.disabled = watched || !active;
    this.fork.disabled = Boolean(recorded) || (watched && !state.published);
    this.fork.title = recorded ? "A recorded run has no checkpoints: train it live, and fork that" : this.fork.disabled ? "Only its owner can fork this run" : "Fork here (F)";
    say(this.live, recorded ? "Recorded" : running ? "Live" : "Newest");
    this.live.setAttribute("aria-pressed", String(!old));
    this.live.title = old ? "Back to the newest picture" : "The newest picture is shown";
    this.live.classList.toggle("still", status !== "running" && !(recorded && state.playing));
    this.timeline.draw(state, this.held, history, this.declared, this.outline, !this.fork.disabled);
    this.paces(state);
    if (this.resting !== !running || this.given !== given) this.exports(this.resting = !running, this.given = given, !recorded && !watched);
  }

  paces({status, rate: last, images, elapsed, eta, recorded, step}) {
    const rate = last || (elapsed && step / elapsed), running = status === "running" && !recorded;
    say(this.rate, running ? (rate ? `${pace(rate)} steps/s` : "starting") : recorded ? "recorded" : status);
    say(this.images, running && images ? ` · ${whole(images)} samples/s` : "");
    const ahead = running && eta != null;
    say(this.elapsed, ahead ? `${duration(elapsed)} · ` : "");
    say(this.left, ahead ? `${duration(eta)} left` : step ? `${duration(elapsed)} trained` : "");
  }

  /** Links, if they are `given` to this person; what a training run cannot give yet is there, but says so. */
  exports(resting, given, own) {
    const files = EXPORTS.filter(([file]) => given && (!this.recorded || (file !== "weights.safetensors" && (file !== "samples.png" || this.kind === "points"))));
    this.menu.classList.toggle("bare", !files.length);
    const link = h("button", {type: "button", class: "copy", onclick: () => this.copy(link, "Copy link")}, "Copy link");
    replace(this.sheet, link, !this.recorded && h("button", {type: "button", class: "copy", onclick: () => { this.menu.open = false; this.hears.slow(); }}, "One step in slow motion"), own && h("button", {type: "button", class: "make", disabled: !resting, onclick: () => { this.menu.open = false; this.hears.make(); }}, h("span", {}, "A model in the Gallery"), h("span", {class: "note"}, resting ? "" : "when it rests")), ...files.map(([file, title, type]) => {
      const later = !resting && (file === "weights.safetensors" || (file === "samples.png" && this.kind === "images"));
      return h("a", {href: later ? null : `/play/runs/${this.run}/${file}`, download: !later, role: "link", "aria-disabled": later && "true", "aria-label": `${title}, ${type}`, "data-export": file}, h("span", {}, title), h("span", {class: "note"}, later ? "when it rests" : type));
    }));
  }
}
