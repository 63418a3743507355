// The bar at the bottom: play, pause, step, stop, the timeline, the pace, and what can be taken away.

import {h, icon, replace, say} from "./dom.js";
import {duration, pace, whole} from "./format.js";
import {Timeline} from "./timeline.js";

const PLAY = "f:M8 5v14l11-7z", PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const STEP = ["f:M6 5l9 7-9 7z", "M18 5v14"], STOP = "f:M6.5 6.5h11v11h-11z";
const EXPORTS = [["samples.png", "Samples", "PNG"], ["metrics.csv", "Metrics", "CSV"], ["charts.html", "Charts", "HTML"], ["weights.safetensors", "Weights", "safetensors"]];
const ALIVE = ["queued", "running"], ACTIVE = [...ALIVE, "paused"], TOLD = 1800;

export class Transport {
  /** `hears`: act("toggle", "step" or "stop"); scrub(step), show that frame, null for the newest; share() -> whether the link was copied. */
  constructor(hears) {
    this.hears = hears;
    const button = (id, label, title, paths, what) => h("button", {type: "button", class: "icon", "data-testid": id, "aria-label": label, title, onclick: () => hears.act(what)}, icon(...paths));
    this.play = button("play", "Play", "Play (Space)", [PLAY], "toggle");
    this.play.classList.add("big");
    this.next = button("one-step", "One step", "One step (.)", STEP, "step");
    this.stop = button("stop", "Stop", "Stop and keep", [STOP], "stop");
    this.timeline = new Timeline((step) => this.hold(step));
    this.live = h("button", {type: "button", class: "pill", "data-testid": "live", "aria-pressed": "true", onclick: () => this.hold(null)}, "Live");
    this.rate = h("b", {"data-testid": "rate"});
    this.images = h("span", {class: "x", "data-testid": "images"});
    this.elapsed = h("span", {class: "x", "data-testid": "elapsed"});
    this.left = h("span", {"data-testid": "left"});
    this.sheet = h("div", {class: "sheet"});
    this.menu = h("details", {class: "menu-up"}, h("summary", {class: "ghost", "aria-label": "Export"}, h("span", {}, "Export"), icon("M12 4v11m0 0 4-4m-4 4-4-4M5 19h14")), this.sheet);
    this.share = h("button", {type: "button", class: "ghost share", "data-testid": "share", onclick: () => this.copy(this.share, "Share")}, "Share");
    this.element = h("div", {class: "bar", role: "group", "aria-label": "Transport"}, h("div", {class: "btns"}, this.play, this.next, this.stop), this.timeline.element,
      h("div", {class: "meta"}, this.live, h("div", {class: "clock"}, h("div", {}, this.rate, this.images), h("div", {}, this.elapsed, this.left)), h("div", {class: "takes"}, this.menu, this.share)));
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

  /** Look at an old step; null is the newest. */
  hold(step) {
    this.held = step;
    this.hears.scrub(step);
  }

  /** Back or on by one stored frame. */
  nudge(by, {frames}) {
    if (!frames.length) return;
    const now = this.held ?? frames.at(-1), to = frames.findLastIndex((f) => f <= now) + by;
    this.hold(to >= frames.length - (by > 0 ? 1 : 0) ? null : frames[Math.max(0, to)]);
  }

  /** `declared`: the knobs; `outline`: the number whose course stands over the timeline. */
  begin(run, recorded, declared, outline, kind) {
    Object.assign(this, {run, recorded, declared, outline, kind, held: null, resting: null});
  }

  draw(state, history) {
    const {status, resumable, recorded} = state, watched = !recorded && !state.mine, given = !watched || state.published, running = recorded ? state.playing : ALIVE.includes(status), active = !recorded && ACTIVE.includes(status);
    const label = running ? "Pause" : active ? "Go on" : resumable ? "Resume" : "Play";
    if (this.label !== label) {
      this.label = label;
      replace(this.play, icon(running ? PAUSE : PLAY));
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
    }
    this.play.disabled = watched || (!recorded && !active && !resumable);
    this.next.disabled = watched || (!active && !resumable);
    this.stop.disabled = watched || !active;
    const old = this.held != null;
    say(this.live, recorded ? "Recorded" : running ? "Live" : "Newest");
    this.live.setAttribute("aria-pressed", String(!old));
    this.live.title = old ? "Back to the newest picture" : "The newest picture is shown";
    this.live.classList.toggle("still", status !== "running" && !(recorded && state.playing));
    this.timeline.draw(state, this.held, history, this.declared, this.outline);
    this.paces(state);
    if (this.resting !== !running || this.given !== given) this.exports(this.resting = !running, this.given = given);
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
  exports(resting, given) {
    const files = EXPORTS.filter(([file]) => given && (!this.recorded || (file !== "weights.safetensors" && (file !== "samples.png" || this.kind === "points"))));
    this.menu.classList.toggle("bare", !files.length);
    const link = h("button", {type: "button", class: "copy", onclick: () => this.copy(link, "Copy link")}, "Copy link");
    replace(this.sheet, link, ...files.map(([file, title, type]) => {
      const later = !resting && (file === "weights.safetensors" || (file === "samples.png" && this.kind === "images"));
      return h("a", {href: later ? null : `/play/runs/${this.run}/${file}`, download: !later, role: "link", "aria-disabled": later && "true", "aria-label": `${title}, ${type}`, "data-export": file}, h("span", {}, title), h("span", {class: "note"}, later ? "when it rests" : type));
    }));
  }
}
