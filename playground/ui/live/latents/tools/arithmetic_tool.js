// A - B + C as an equation of pictures.

import {h} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Slot} from "../slot.js";
import {Tool} from "../tool.js";

const SIGNS = ["", "−", "+", "="];
const PARTS = ["A", "B", "C", "A − B + C"];

export class ArithmeticTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(workbench, "sum", "What A has and B has not, added to C: press three pinned samples, one after the other.");
    const ask = () => this.ask();
    this.slots = ["A", "B", "C"].map((name, i) => new Slot(workbench, name, i + 1, ask, {face: false}));
    this.fields = Object.fromEntries(["a", "b", "c"].map((name, i) => [name, this.slots[i]]));
    this.controls.append(...this.slots.map(({element}) => element));
    const view = (part) => new ResultView(workbench, {label: part, maxSide: 240, sampleName: () => part});
    this.parts = workbench.points
      ? [new ResultView(workbench, {label: "A, B, C and A − B + C", sampleName: (i) => PARTS[i]})]
      : PARTS.map(view);
    this.stage.append(
      h(
        "div",
        {class: workbench.points ? "" : "equation"},
        ...this.parts.flatMap(({element}, i) =>
          workbench.points
            ? [element]
            : [
                h("span", {class: "sign", "aria-hidden": "true"}, SIGNS[i]),
                h("figure", {}, element, h("figcaption", {class: "note"}, PARTS[i])),
              ],
        ),
      ),
    );
    this.latest = new LatestOnly(
      (message) => workbench.ask("sum", message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    const [a, b, c] = this.slots.map((slot) => slot.place);
    this.latest.schedule({a, b, c});
  }

  showAnswer(answer) {
    const {points} = answer;
    if (points)
      this.parts[0].set(answer, {
        layers: {
          marks: points.map((at, i) => ({at, kind: i < 3 ? "fake" : "hand", name: i < 3 ? PARTS[i] : "="})),
          links: [
            [points[0], points[1]],
            [points[2], points[3]],
          ],
        },
      });
    else this.parts.forEach((view, i) => view.set(answer, {which: [i]}));
    this.showNote(
      `|z|: ${answer.norms.map((v, i) => `${PARTS[i]} ${short(v)}`).join(", ")}. The result is never longer than the ` +
        `longest of the three.`,
    );
  }

  draw() {
    for (const view of this.parts) view.draw();
  }
}
