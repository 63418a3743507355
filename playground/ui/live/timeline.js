// The run's length as a slider: how far it is, where knobs were moved, and which of its frames is shown.

import {h, replace, say, svg, symbol} from "./dom.js";
import {plain, whole} from "./format.js";

const EVERY = 1000;         // ms between two silhouettes

export class Timeline {
  /** `scrubbed(step)`: a hand moved it. */
  constructor(scrubbed) {
    this.range = h("input", {type: "range", class: "time", min: 0, max: 1, step: 1, value: 0, "aria-label": "Timeline", oninput: () => scrubbed(Number(this.range.value))});
    this.shape = svg("path", {});
    this.marks = h("div", {class: "marks", "aria-hidden": "true"});
    this.at = h("span", {class: "at", "data-testid": "step"});
    this.first = h("span", {}, "0");
    this.last = h("span");
    this.element = h("div", {class: "line"}, svg("svg", {class: "shape", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true"}, this.shape),
      this.marks, this.range, h("div", {class: "ends", "aria-hidden": "true"}, this.first, this.at, this.last));
  }

  /** `held`: the step that is looked at, null for the newest. `outline`: the name of the number whose course is drawn above. */
  draw({run, step, budget}, held, history, declared, outline) {
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
    const key = `${run} ${history.marks.length} ${history.marks.at(-1)?.step} ${budget}`;
    if (this.key !== key) {
      this.key = key;
      this.tunes(history.marks, declared, budget);
      this.drawn = 0;
    }
    if (performance.now() - (this.drawn ?? 0) < EVERY) return;
    this.drawn = performance.now();
    this.shape.setAttribute("d", this.silhouette(history, outline, budget));
  }

  tunes(marks, declared, budget) {
    replace(this.marks, ...marks.map((mark, i) => {
      const knob = declared.find((k) => k.name === mark.knob), part = mark.step / budget;
      return h("span", {class: `tune${part < 0.2 ? " early" : ""}`, style: `left:${(part * 100).toFixed(2)}%`, "data-testid": "tune-mark"},
        i === marks.length - 1 && h("span", {class: "tuned"}, knob?.symbol ? symbol(knob.symbol) : mark.knob.replaceAll("_", " "), ` ${plain(mark.from)} → ${plain(mark.to)}`));
    }));
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
