// One training step in slow motion: stage by stage, with formula, numbers and what moved.

import {ConnectionLost} from "../core/api.js";
import {StepBatch} from "./step_batch.js";
import {PointCloud} from "../canvas/point_cloud.js";
import {h, icon, replace, setText, uid} from "../core/dom.js";
import {dialog, dialogHead} from "../controls/dialog.js";
import {whole} from "../core/format.js";
import {StageFormula} from "./stage_formula.js";

const PLAY = "f:M8 5v14l11-7z";
const PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const WORD_MS = 280;
const STAGE_MS = 2200; // ms to read a word, and to look besides

export class StepPlayer {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    const title = uid("slow");
    const button = (label, action, path, side) =>
      h("button", {type: "button", class: "ghost", onclick: action}, side ? [label, icon(path)] : [icon(path), label]);
    this.step = h("span", {class: "note", "data-testid": "slow-step"});
    this.rail = h("ol", {class: "rail"});
    this.title = h("h3");
    this.says = h("p");
    this.formula = new StageFormula();
    this.cloud = new PointCloud();
    this.batch = new StepBatch();
    this.stagePanel = h(
      "div",
      {class: "told", role: "group", "aria-live": "polite", "data-testid": "stage"},
      this.title,
      this.says,
      this.formula.element,
      this.formula.terms,
    );
    this.back = button("Back", () => this.go(this.index - 1), "M15 5l-7 7 7 7");
    this.next = button("Next", () => this.go(this.index + 1), "M9 5l7 7-7 7", true);
    this.play = h("button", {
      type: "button",
      class: "ghost",
      "data-testid": "slow-play",
      onclick: () => (this.timer ? this.pause() : this.start()),
    });
    this.placeholder = h("p", {class: "note waits", role: "status"});
    this.room = h("div", {class: "room"}, this.cloud.element, this.batch.element, this.stagePanel);
    this.element = dialog(
      {
        class: "dialog slow",
        "aria-labelledby": title,
        onclose: () => this.pause(),
        onkeydown: (event) => this.key(event),
      },
      h(
        "div",
        {class: "sheet-in"},
        dialogHead(h("h2", {id: title}, "One step, slowly"), () => this.element.close(), this.step),
        this.rail,
        this.placeholder,
        this.room,
        h("div", {class: "row spread"}, this.back, this.play, this.next),
      ),
    );
  }

  /**
   * Plays one step; the server decides which one it can play.
   * @param {string} run
   * @param {Variant} variant
   * @param {Kind} kind
   * @param {number | null} heldStep the step that is shown, null for the newest
   */
  async open(run, variant, kind, heldStep) {
    this.run = run;
    this.heldStep = heldStep;
    this.stages = null;
    this.formula.begin(variant, kind);
    this.setPlaceholder(
      `One step is played for you, from the ` +
        `${heldStep == null ? "newest checkpoint" : `checkpoint nearest to step ${whole(heldStep)}`}. ` +
        `Nothing is kept of it.`,
    );
    if (!this.element.open) this.element.showModal();
    try {
      const trace = await this.api.slow({run, step: heldStep});
      if (this.run === run) this.show(trace);
    } catch (error) {
      if (!error.field && !(error instanceof ConnectionLost)) throw error;
      if (this.run === run)
        this.setPlaceholder(error instanceof ConnectionLost ? `Not done: ${error.message}. Try again.` : error.message);
    }
  }

  /** `words` in place of stages; null once there are any. */
  setPlaceholder(words) {
    setText(this.placeholder, words ?? "");
    this.placeholder.hidden = words == null;
    for (const part of [this.rail, this.room, this.back, this.play, this.next]) part.hidden = words != null;
    if (words != null) setText(this.step, "");
  }

  /** Shows a trace of the server. */
  show({step, stages}) {
    let seen = null;
    this.stages = stages.map((stage) => {
      const before = seen?.fake ? seen : null; // nothing moves when G first makes them
      seen = stage.cloud ?? stage.pictures ?? seen;
      return {...stage, seen, before: before ?? seen};
    });
    const exact = this.heldStep == null || this.heldStep === step;
    setText(
      this.step,
      `step ${whole(step)}${exact ? "" : `, the nearest to ${whole(this.heldStep)} that can be played`}`,
    );
    replace(
      this.rail,
      ...stages.map(({title}, i) =>
        h("li", {}, h("button", {type: "button", onclick: () => this.go(i)}, h("span", {}, title))),
      ),
    );
    this.setPlaceholder(null);
    for (const part of [this.cloud, this.batch]) part.begin(this.stages);
    this.pause();
    this.go(0);
    this.next.focus();
  }

  go(i) {
    if (!this.stages?.[i]) return;
    this.index = i;
    const {title, says} = this.stages[i];
    [...this.rail.children].forEach((item, k) => {
      item.className = k < i ? "done" : k === i ? "on" : "";
      if (k === i) item.firstChild.setAttribute("aria-current", "step");
      else item.firstChild.removeAttribute("aria-current");
    });
    const {left, width} = this.rail.children[i].getBoundingClientRect();
    const rail = this.rail.getBoundingClientRect();
    this.rail.scrollLeft += left + width / 2 - rail.left - rail.width / 2;
    setText(this.title, title);
    setText(this.says, says);
    this.back.disabled = i === 0;
    this.next.disabled = i === this.stages.length - 1;
    (this.stages[0].cloud ? this.cloud : this.batch).draw(this.stages[i]);
    this.formula.draw(this.stages[i]);
    if (this.timer && i < this.stages.length - 1) this.scheduleNext();
    else if (this.timer) this.pause();
  }

  /** Go on by itself, at the pace of reading; from the last stage back to the first. */
  start() {
    if (this.index === this.stages.length - 1) this.go(0);
    this.scheduleNext();
    this.setPlayLabel(PAUSE, "Pause");
  }

  scheduleNext() {
    const {says, terms} = this.stages[this.index];
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.go(this.index + 1),
      STAGE_MS + WORD_MS * (says.split(" ").length + 2 * terms.length),
    );
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.setPlayLabel(PLAY, "Play");
  }

  setPlayLabel(path, label) {
    if (this.play.textContent !== label) replace(this.play, icon(path), label);
  }

  key(event) {
    const to = {ArrowRight: this.index + 1, ArrowLeft: this.index - 1, Home: 0, End: (this.stages?.length ?? 0) - 1}[
      event.key
    ];
    if (to === undefined || !this.stages || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.go(to);
  }
}
