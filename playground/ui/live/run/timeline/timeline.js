// The timeline: a slider over the run's steps, with tunes, alarms, the fork point and the frame that is shown.

import {h, replace, setText, svg} from "../../core/dom.js";
import {TimelineFlags} from "./timeline_flags.js";
import {plain, whole} from "../../core/format.js";
import {knobLabel} from "../../controls/hint.js";

const SHAPE_INTERVAL_MS = 1000; // ms between two silhouettes
const PAGE_FRAMES = 10; // frames that Page Up and Page Down go

/**
 * The scalar whose curve is drawn above the timeline: the variant's balance if it has one, else D's output on fakes.
 */
export function outlineScalar(scalars) {
  const names = Object.keys(scalars);
  return names.find((name) => name.startsWith("balance/")) ?? names.find((name) => name.endsWith("/fake"));
}

export class Timeline {
  /** @param {TimelineHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.range = h("input", {
      type: "range",
      class: "time",
      min: 0,
      max: 1,
      step: 1,
      value: 0,
      "aria-label": "Timeline",
      oninput: () => handlers.scrub(Number(this.range.value)),
      onkeydown: (event) => this.onKey(event),
    });
    this.shape = svg("path", {});
    this.marks = h("div", {class: "marks", "aria-hidden": "true"});
    this.flags = new TimelineFlags(handlers);
    this.at = h("span", {class: "at", "data-testid": "step"});
    this.first = h("span", {}, "0");
    this.last = h("span");
    this.element = h(
      "div",
      {class: "line"},
      svg(
        "svg",
        {class: "shape", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true"},
        this.shape,
      ),
      this.marks,
      this.range,
      this.flags.element,
      h("div", {class: "ends", "aria-hidden": "true"}, this.first, this.at, this.last),
    );
  }

  /** Keys move by stored frames, because single steps are too fine. */
  onKey(event) {
    const {handlers} = this;
    const by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE_FRAMES, PageUp: PAGE_FRAMES}[
      event.key
    ];
    if (by) handlers.nudge(by);
    else if (event.key === "Home" || event.key === "End") handlers.toEnd(event.key === "End");
    else return;
    event.preventDefault();
  }

  /**
   * @param {RunUpdate} update
   * @param {number | null} heldStep the step that is shown, null for the newest
   * @param {RunHistory} history
   * @param {Knob[]} declared
   * @param {string} outline the scalar whose curve is drawn above
   * @param {boolean} canFork
   */
  draw({run, step, budget, parent}, heldStep, history, declared, outline, canFork) {
    const at = heldStep ?? step;
    const share = budget ? at / budget : 0;
    this.range.max = budget;
    this.range.value = at;
    this.range.style.setProperty("--done", `${((step / budget) * 100).toFixed(2)}%`);
    this.range.setAttribute("aria-valuetext", `step ${whole(at)} of ${whole(budget)}`);
    setText(this.at, whole(at));
    this.at.style.left = `clamp(14px, ${(share * 100).toFixed(2)}%, 100% - 18px)`;
    setText(this.last, whole(budget));
    this.first.hidden = share < 0.08;
    this.last.hidden = share > 0.86;
    const key = `${run} ${history.marks.length} ${history.marks.at(-1)?.step} ${budget} ${parent?.step}`;
    if (this.key !== key) {
      this.key = key;
      replace(
        this.marks,
        parent && this.forkMark(parent, budget),
        ...this.tunes(history.marks, declared, budget, parent?.step),
      );
      this.drawn = 0;
    }
    this.flags.draw(history.alarms ?? [], budget, canFork);
    if (performance.now() - (this.drawn ?? 0) < SHAPE_INTERVAL_MS) return;
    this.drawn = performance.now();
    this.shape.setAttribute("d", this.silhouette(history, outline, budget));
  }

  /** A mark at the step of the fork. */
  forkMark({step}, budget) {
    return h(
      "span",
      {class: "origin", style: `left:${((step / budget) * 100).toFixed(2)}%`, "data-testid": "fork-mark"},
      svg("svg", {viewBox: "0 0 14 18"}, svg("path", {d: "M7 18V8M7 11C7 7 2 8 2 3M7 11c0-4 5-3 5-8"})),
    );
  }

  /** `born`: the step that it left its parent at, where it shows a mark of that already. */
  tunes(marks, declared, budget, forkStep) {
    return marks.map((mark, i) => {
      const knob = declared.find((k) => k.name === mark.knob);
      const share = mark.step / budget;
      return h(
        "span",
        {
          class: `tune${share < 0.35 ? " early" : ""}${mark.step === forkStep ? " born" : ""}`,
          style: `left:${(share * 100).toFixed(2)}%`,
          "data-testid": "tune-mark",
        },
        i === marks.length - 1 &&
          h(
            "span",
            {class: "tuned"},
            ...(knob ? knobLabel(knob) : [mark.knob]),
            ` ${plain(mark.from)} → ${plain(mark.to)}`,
          ),
      );
    });
  }

  silhouette(history, name, budget) {
    const mid = history.series[name]?.mid;
    const {steps} = history;
    if (!mid || steps.length < 2) return "";
    const sorted = mid.filter((v) => v != null).sort((a, b) => a - b);
    const low = Math.min(0, sorted[0]);
    const high = sorted[Math.floor(sorted.length * 0.95)];
    const every = Math.ceil(steps.length / 200);
    const points = [];
    for (let i = 0; i < steps.length; i += every)
      if (mid[i] != null)
        points.push(
          `${((steps[i] / budget) * 1000).toFixed(1)} ` +
            `${(20 - Math.min(1, (mid[i] - low) / (high - low || 1)) * 18).toFixed(1)}`,
        );
    if (!points.length) return "";
    return `M${points[0].split(" ")[0]} 20L${points.join("L")}L${points.at(-1).split(" ")[0]} 20Z`;
  }
}
