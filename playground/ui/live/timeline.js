// The run's length as a slider: how far it is, where knobs were moved, what went wrong, where it was forked, and which of its frames is shown.

import {h, replace, say, svg, symbol} from "./dom.js";
import {Flags} from "./flags.js";
import {plain, whole} from "./format.js";

const EVERY = 1000;         // ms between two silhouettes
const FAR = 10;             // frames that Page Up and Page Down go

export class Timeline {
  /** `hears`: scrub(step), a hand moved it; nudge(n), so many frames on; ends(last), to the first frame or the newest; look(step) and fork(alarm) of a flag. */
  constructor(hears) {
    this.hears = hears;
    this.range = h("input", {type: "range", class: "time", min: 0, max: 1, step: 1, value: 0, "aria-label": "Timeline", oninput: () => hears.scrub(Number(this.range.value)), onkeydown: (event) => this.pressed(event)});
    this.shape = svg("path", {});
    this.marks = h("div", {class: "marks", "aria-hidden": "true"});
    this.flags = new Flags(hears);
    this.at = h("span", {class: "at", "data-testid": "step"});
    this.first = h("span", {}, "0");
    this.last = h("span");
    this.element = h("div", {class: "line"}, svg("svg", {class: "shape", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true"}, this.shape),
      this.marks, this.range, this.flags.element, h("div", {class: "ends", "aria-hidden": "true"}, this.first, this.at, this.last));
  }

  /** A step of the slider is a step of training: too fine for a key, which goes by stored frames. */
  pressed(event) {
    const {hears} = this, by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -FAR, PageUp: FAR}[event.key];
    if (by) hears.nudge(by);
    else if (event.key === "Home" || event.key === "End") hears.ends(event.key === "End");
    else return;
    event.preventDefault();
  }

  /** `held`: the step that is looked at, null for the newest. `outline`: the name of the number whose course is drawn above; `forks`: whether flags offer a fork. */
  draw({run, step, budget, parent}, held, history, declared, outline, forks) {
    const at = held ?? step, part = budget ? at / budget : 0;
    this.range.max = budget;
    this.range.value = at;
    this.range.style.setProperty("--done", `${(step / budget * 100).toFixed(2)}%`);
    this.range.setAttribute("aria-valuetext", `step ${whole(at)} of ${whole(budget)}`);
    say(this.at, whole(at));
    this.at.style.left = `clamp(14px, ${(part * 100).toFixed(2)}%, 100% - 18px)`;
    say(this.last, whole(budget));
    this.first.hidden = part < 0.08;
    this.last.hidden = part > 0.86;
    const key = `${run} ${history.marks.length} ${history.marks.at(-1)?.step} ${budget} ${parent?.step}`;
    if (this.key !== key) {
      this.key = key;
      replace(this.marks, parent && this.origin(parent, budget), ...this.tunes(history.marks, declared, budget, parent?.step));
      this.drawn = 0;
    }
    this.flags.draw(history.alarms ?? [], budget, forks);
    if (performance.now() - (this.drawn ?? 0) < EVERY) return;
    this.drawn = performance.now();
    this.shape.setAttribute("d", this.silhouette(history, outline, budget));
  }

  /** Where it left its parent. */
  origin({step}, budget) {
    return h("span", {class: "origin", style: `left:${(step / budget * 100).toFixed(2)}%`, "data-testid": "fork-mark"},
      svg("svg", {viewBox: "0 0 14 18"}, svg("path", {d: "M7 18V8M7 11C7 7 2 8 2 3M7 11c0-4 5-3 5-8"})));
  }

  /** `born`: the step that it left its parent at, where it shows a mark of that already. */
  tunes(marks, declared, budget, born) {
    return marks.map((mark, i) => {
      const knob = declared.find((k) => k.name === mark.knob), part = mark.step / budget;
      return h("span", {class: `tune${part < 0.2 ? " early" : ""}${mark.step === born ? " born" : ""}`, style: `left:${(part * 100).toFixed(2)}%`, "data-testid": "tune-mark"},
        i === marks.length - 1 && h("span", {class: "tuned"}, knob?.symbol ? symbol(knob.symbol) : mark.knob.replaceAll("_", " "), ` ${plain(mark.from)} → ${plain(mark.to)}`));
    });
  }

  silhouette(history, name, budget) {
    const mid = history.series[name]?.mid, {steps} = history;
    if (!mid || steps.length < 2) return "";
    const sorted = mid.filter((v) => v != null).sort((a, b) => a - b), low = Math.min(0, sorted[0]), high = sorted[Math.floor(sorted.length * 0.95)];
    const every = Math.ceil(steps.length / 200), points = [];
    for (let i = 0; i < steps.length; i += every) if (mid[i] != null) points.push(`${(steps[i] / budget * 1000).toFixed(1)} ${(20 - Math.min(1, (mid[i] - low) / (high - low || 1)) * 18).toFixed(1)}`);
    if (!points.length) return "";
    return `M${points[0].split(" ")[0]} 20L${points.join("L")}L${points.at(-1).split(" ")[0]} 20Z`;
  }
}
