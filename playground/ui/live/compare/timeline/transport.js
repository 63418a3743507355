// The bar at the bottom: controls of a race that is one's own, playing back, the common timeline, what lanes are
// aligned by, and where the newest is.

import {h, icon, replace, setText} from "../../core/dom.js";
import {formatRate} from "../../core/format.js";
import {Playback, playbackSpeed, SPEEDS} from "../../run/timeline/playback.js";
import {copyLink} from "../../run/timeline/export_menu.js";
import {AXES} from "../alignment.js";
import {ComparisonExports} from "../files/comparison_exports.js";
import {LanesTimeline} from "./lanes_timeline.js";

const PLAY = "f:M8 5v14l11-7z";
const PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const STEP = ["f:M6 5l9 7-9 7z", "M18 5v14"];
const STOP = "f:M6.5 6.5h11v11h-11z";

export class Transport {
  /** @param {any} handlers act(what), show(at), align(axis), share() */
  constructor(handlers) {
    this.handlers = handlers;
    const button = (id, label, paths, action) =>
      h(
        "button",
        {type: "button", class: "icon", "data-testid": id, "aria-label": label, title: label, onclick: action},
        icon(...paths),
      );
    this.play = button("lanes-play", "Play it back", [PLAY], () => this.toggle());
    this.play.classList.add("big");
    this.next = button("lanes-step", "One step of all lanes", STEP, () => handlers.act("step"));
    this.stop = button("lanes-stop", "Stop all lanes and keep them", [STOP], () => handlers.act("stop"));
    this.resume = h(
      "button",
      {type: "button", class: "ghost", "data-testid": "lanes-resume", onclick: () => handlers.act("resume")},
      "Resume",
    );
    this.playback = new Playback({
      frames: () => this.model?.stops ?? [],
      show: (at) => handlers.show(at),
      isHidden: () => document.hidden || !this.element.offsetParent,
    });
    this.speed = h(
      "select",
      {
        class: "speed",
        "aria-label": "Speed of playing back",
        onchange: () => {
          playbackSpeed.factor = Number(this.speed.value);
        },
      },
      ...SPEEDS.map((s) =>
        h("option", {value: s, selected: s === playbackSpeed.factor}, `${{0.25: "¼", 0.5: "½"}[s] ?? s}×`),
      ),
    );
    this.timeline = new LanesTimeline({
      scrub: (at) => this.hold(at),
      nudge: (by) => this.nudge(by),
      toEnd: (newest) => this.hold(newest ? null : (this.model.stops[0] ?? null)),
    });
    this.axis = h(
      "select",
      {
        class: "speed axis-of",
        "aria-label": "Align lanes by",
        title: "Align lanes by",
        "data-testid": "align",
        onchange: () => handlers.align(this.axis.value),
      },
      ...AXES.map(([name, title]) => h("option", {value: name}, `by ${title.toLowerCase()}`)),
    );
    this.live = h(
      "button",
      {type: "button", class: "pill", "data-testid": "newest", onclick: () => this.hold(null)},
      "Newest",
    );
    this.rate = h("span", {class: "note rate-of", "data-testid": "lanes-rate"});
    this.share = h(
      "button",
      {type: "button", class: "ghost share", onclick: () => copyLink(this.share, "Share", handlers.share)},
      "Share",
    );
    this.exports = new ComparisonExports();
    this.element = h(
      "div",
      {class: "bar lanes-bar", role: "group", "aria-label": "Transport of all lanes"},
      h("div", {class: "btns"}, this.play, this.next, this.stop, this.resume, this.speed),
      this.timeline.element,
      h(
        "div",
        {class: "meta"},
        this.axis,
        h("div", {class: "stands"}, this.live, this.rate),
        this.exports.element,
        this.share,
      ),
    );
  }

  /** Whether the buttons are about training: a race of one's own, at its newest. */
  get steers() {
    const {model} = this;
    return Boolean(model?.race?.mine && model.alive && model.view.at == null);
  }

  toggle() {
    if (this.steers) return this.handlers.act(this.model.running ? "pause" : "resume");
    if (this.playback.playing) {
      this.playback.pause();
      return this.draw(this.model);
    }
    return this.playback.play(this.model.view.at);
  }

  /** Shows a position; null, and what lies beyond the last frame, is the newest. Ends playing back. */
  hold(at) {
    this.playback.pause();
    const newest = this.model.stops.at(-1) ?? 0;
    this.handlers.show(at != null && at >= newest ? null : at);
  }

  /** Moves by so many stored frames. */
  nudge(by) {
    const {stops, view} = this.model;
    if (!stops.length) return;
    const to = (view.at == null ? stops.length - 1 : stops.findLastIndex((s) => s <= view.at + 1e-6)) + by;
    this.hold(to >= stops.length - 1 ? null : stops[Math.max(0, to)]);
  }

  begin(model) {
    this.playback.pause();
    this.model = model;
    this.exports.begin(model);
    this.label = null;
  }

  draw(model) {
    const {view} = model;
    const {steers} = this;
    const running = steers ? model.running : this.playback.playing;
    const label = steers
      ? running
        ? "Pause all lanes"
        : "Go on with all lanes"
      : running
        ? "Pause playing back"
        : "Play it back";
    if (this.label !== label) {
      this.label = label;
      replace(this.play, icon(running ? PAUSE : PLAY));
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
      this.element.classList.toggle("past", !steers);
    }
    this.next.hidden = this.stop.hidden = !model.race?.mine || !model.alive;
    this.resume.hidden = !model.race?.mine || model.alive || !model.runs.some((run) => run.state.resumable);
    this.axis.value = view.align;
    setText(this.live, model.running ? "Live" : "Newest");
    this.live.setAttribute("aria-pressed", String(view.at == null));
    this.live.classList.toggle("still", !model.running);
    const rates = model.runs.filter((run) => run.running && run.state.rate).map((run) => run.state.rate);
    setText(this.rate, rates.length ? `${formatRate(rates.reduce((a, b) => a + b))} steps/s in all` : "");
    this.timeline.draw(model.lanes, view.align, view.at, model.end);
  }
}
