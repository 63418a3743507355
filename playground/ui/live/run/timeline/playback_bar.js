// The bar at the bottom: play, pause, step, stop, timeline, speed, fork, export.

import {h, icon, replace, setText} from "../../core/dom.js";
import {copyLink, ExportMenu} from "./export_menu.js";
import {Playback, SPEEDS, playbackSpeed} from "./playback.js";
import {RunClock} from "./run_clock.js";
import {Timeline} from "./timeline.js";

const PLAY = "f:M8 5v14l11-7z";
const PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const STEP = ["f:M6 5l9 7-9 7z", "M18 5v14"];
const STOP = "f:M6.5 6.5h11v11h-11z";
const ALIVE = ["queued", "running"];
const ACTIVE = [...ALIVE, "paused"];

export class PlaybackBar {
  /** @param {PlaybackHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.frames = [];
    const button = (id, label, title, paths, action) =>
      h(
        "button",
        {
          type: "button",
          class: "icon",
          "data-testid": id,
          "aria-label": label,
          title,
          onclick: () => handlers.act(action),
        },
        icon(...paths),
      );
    this.play = button("play", "Play", "Play (Space)", [PLAY], "toggle");
    this.play.classList.add("big");
    this.next = button("one-step", "One step", "One step (.)", STEP, "step");
    this.slow = h(
      "button",
      {
        type: "button",
        class: "icon slowly",
        "data-testid": "slow",
        "aria-label": "Slow motion",
        title: "One step in slow motion",
        onclick: () => handlers.slow(),
      },
      icon("M3 12h2M8 12h2", "f:M13 6l8 6-8 6z"),
    );
    this.stop = button("stop", "Stop", "Stop and keep", [STOP], "stop");
    this.playback = new Playback({
      frames: () => this.frames,
      show: (step) => this.show(step),
      isHidden: () => document.hidden || !this.element.isConnected || !this.element.offsetParent,
    });
    this.speed = h(
      "select",
      {
        class: "speed",
        "data-testid": "speed",
        "aria-label": "Speed of playing back",
        title: "How fast it is played back",
        onchange: () => {
          playbackSpeed.factor = Number(this.speed.value);
        },
      },
      ...SPEEDS.map((speed) =>
        h(
          "option",
          {value: speed, selected: speed === playbackSpeed.factor},
          `${speed === 0.25 ? "¼" : speed === 0.5 ? "½" : speed}×`,
        ),
      ),
    );
    this.timeline = new Timeline({
      scrub: (step) => this.holdAt(step),
      nudge: (by) => this.nudge(by),
      toEnd: (last) => this.holdAt(last ? null : (this.frames[0] ?? null)),
      showStep: (step) => this.holdAt(step),
      fork: (alarm) => handlers.fork({step: alarm.before, alarm, knobs: alarm.rescue?.knobs}),
    });
    this.live = h(
      "button",
      {type: "button", class: "pill", "data-testid": "live", "aria-pressed": "true", onclick: () => this.holdAt(null)},
      "Live",
    );
    this.clock = new RunClock();
    this.menu = new ExportMenu(handlers);
    this.fork = h(
      "button",
      {
        type: "button",
        class: "ghost fork",
        "data-testid": "fork",
        title: "Fork here (F)",
        onclick: () => handlers.fork({step: this.heldStep}),
      },
      "Fork",
      h("span", {}, " here"),
    );
    this.share = h(
      "button",
      {
        type: "button",
        class: "ghost share",
        "data-testid": "share",
        onclick: () => copyLink(this.share, "Share", handlers.share),
      },
      "Share",
    );
    this.element = h(
      "div",
      {class: "bar", role: "group", "aria-label": "Transport"},
      h("div", {class: "btns"}, this.play, this.next, this.slow, this.stop, this.speed),
      this.timeline.element,
      h(
        "div",
        {class: "meta"},
        h("div", {class: "stands"}, this.live, this.clock.element),
        h("div", {class: "takes"}, this.fork, this.menu.element, this.share),
      ),
    );
  }

  /** Shows an old step; null, or a step that is not stored yet, shows the newest. Stops a playback. */
  holdAt(step) {
    this.playback.pause();
    this.show(step != null && step >= this.newest && !this.recorded ? null : step);
  }

  show(step) {
    this.heldStep = step;
    this.handlers.scrub(step);
  }

  /** The last stored frame. */
  get newest() {
    return this.frames.at(-1) ?? 0;
  }

  /** Moves by so many stored frames. */
  nudge(by) {
    const {frames} = this;
    if (!frames.length) return;
    const now = this.heldStep ?? frames.at(-1);
    const to = frames.findLastIndex((f) => f <= now) + by;
    this.holdAt(to >= frames.length - (by > 0 ? 1 : 0) ? null : frames[Math.max(0, to)]);
  }

  /** Starts or pauses a playback. */
  togglePlayback() {
    if (!this.playback.playing) return this.playback.play(this.heldStep);
    this.playback.pause();
    return this.show(this.heldStep);
  }

  /** Prepares for a run. `outline`: the scalar whose curve is drawn above the timeline. */
  begin(run, recorded, declared, outline, kind) {
    this.playback.pause();
    this.run = run;
    this.recorded = recorded;
    this.declared = declared;
    this.outline = outline;
    this.kind = kind;
    this.heldStep = null;
    this.resting = null;
  }

  /** @param {boolean} isApart whether the settings are not those of the run; then "play" does not resume it */
  setApart(isApart) {
    this.isApart = isApart;
  }

  draw(state, history) {
    const {status, resumable, recorded} = state;
    const isWatched = !recorded && !state.mine;
    const canExport = !isWatched || state.published;
    const running = recorded ? state.playing : ALIVE.includes(status);
    const active = !recorded && ACTIVE.includes(status);
    const steered = !isWatched && (active || resumable);
    const isPast = this.heldStep != null;
    this.frames = history.frames;
    // then the play button is about what was, not about training
    this.showsPast = !recorded && (isPast || !steered) && history.frames.length > 1;
    const {playing} = this.playback;
    const isPlaying = this.showsPast ? playing : running;
    const label = this.showsPast
      ? playing
        ? "Pause playing back"
        : "Play it back"
      : running
        ? "Pause"
        : active
          ? "Go on"
          : resumable
            ? "Resume"
            : "Play";
    if (this.label !== label) {
      this.label = label;
      replace(this.play, icon(isPlaying ? PAUSE : PLAY));
      this.play.setAttribute("aria-label", label);
      this.element.classList.toggle("past", this.showsPast);
    }
    this.blocked = Boolean(this.isApart) && !recorded && !running;
    this.play.disabled = !this.showsPast && (this.blocked || isWatched || (!recorded && !active && !resumable));
    this.play.title =
      this.blocked && !this.showsPast
        ? "What is set is not this run: start it as a new one, or show this run’s settings"
        : `${label} (Space)`;
    this.next.disabled = this.blocked || isWatched || (!active && !resumable);
    this.slow.disabled = Boolean(recorded) || !state.step;
    this.stop.disabled = isWatched || !active;
    this.fork.disabled = Boolean(recorded) || (isWatched && !state.published);
    this.fork.title = recorded
      ? "A recorded run has no checkpoints: train it live, and fork that"
      : this.fork.disabled
        ? "Only its owner can fork this run"
        : "Fork here (F)";
    setText(this.live, recorded ? "Recorded" : running ? "Live" : "Newest");
    this.live.setAttribute("aria-pressed", String(!isPast));
    this.live.title = isPast ? "Back to the newest picture" : "The newest picture is shown";
    this.live.classList.toggle("still", status !== "running" && !(recorded && state.playing));
    this.timeline.draw(state, this.heldStep, history, this.declared, this.outline, !this.fork.disabled);
    this.clock.draw(state);
    if (this.resting !== !running || this.canExport !== canExport) {
      this.resting = !running;
      this.canExport = canExport;
      this.menu.draw(this, !recorded && !isWatched);
    }
  }
}
