// Interpolates between two latents with lerp and slerp, with |z| beneath.

import {h, replace} from "../../core/dom.js";
import {Lengths, MODES} from "./interpolation_modes.js";
import {NumberField} from "../fields.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Slot} from "../slot.js";
import {Tool} from "../tool.js";

const ROOM = 4;
const LEAST = 44;
const MOST = 112;
const EDGE = 12;
const SIDE = 420;

export class InterpolationTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "between",
      "What lies between two latents. Straight, the path passes nearer to 0 than G ever saw; along the sphere it " +
        "keeps its length. Press a frame to pin it.",
    );
    const ask = () => this.ask();
    this.fields = {
      a: new Slot(workbench, "from", 1, ask),
      b: new Slot(workbench, "to", 2, ask),
      n: new NumberField("Frames", {low: 3, high: 120, step: 1, value: 12}, ask),
    };
    this.slots = [this.fields.a, this.fields.b];
    this.controls.append(...Object.values(this.fields).map(({element}) => element));
    this.lengths = new Lengths();
    this.rows = Object.keys(MODES).map((mode) => {
      const caption = h("figcaption", {class: "note"});
      const view = new ResultView(workbench, {
        label: MODES[mode],
        gap: ROOM,
        minSide: LEAST,
        maxSide: MOST,
        plane: SIDE,
        sampleName: (i) => `${mode} ${i + 1} of ${this.n}`,
      });
      return {mode, caption, view, element: h("figure", {}, caption, view.element)};
    });
    this.rowsElement = h(
      "div",
      {
        class: `ways-of${workbench.points ? " on-points" : ""}`,
        tabindex: "0",
        role: "group",
        "aria-label": "The two interpolations",
      },
      ...this.rows.map(({element}) => element),
    );
    this.stage.append(this.rowsElement);
    if (workbench.points) this.stage.append(this.lengths.element);
    else this.rowsElement.append(this.lengths.element);
    new ResizeObserver(() => this.draw()).observe(this.stage);
    this.latest = new LatestOnly(
      (message) => workbench.ask("strip", message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    const {a, b, n} = this.fields;
    this.latest.schedule({a: a.place, b: b.place, n: n.value});
  }

  showAnswer(answer) {
    this.answer = answer;
    this.n = answer.n;
    for (const {mode, view, caption} of this.rows) {
      const {points} = answer[mode];
      replace(
        caption,
        MODES[mode],
        mode === answer.default && h("span", {class: "hand"}, " · what the prior asks for"),
      );
      view.set(answer[mode], {
        layers: points
          ? {
              path: points,
              marks: [
                {at: points[0], kind: "fake", name: "from"},
                {at: points.at(-1), kind: "fake", name: "to"},
              ],
            }
          : {},
      });
    }
    this.showNote();
    this.draw();
  }

  draw() {
    if (!this.answer) return;
    for (const {view} of this.rows) view.draw();
    const [{view}] = this.rows;
    const points = this.workbench.points;
    const width = points ? this.stage.clientWidth : view.size?.[0];
    if (width) this.lengths.draw(this.answer, this.answer.default, width, points ? EDGE : view.side / 2, points);
  }
}
