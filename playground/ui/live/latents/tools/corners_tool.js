// A square of samples between four places.

import {h} from "../../core/dom.js";
import {NumberField, interpolationField} from "../fields.js";
import {LatestOnly} from "../latest_only.js";
import {inView, ResultView} from "../views/result_view.js";
import {Slot} from "../slot.js";
import {Tool} from "../tool.js";

const CORNER_NAMES = ["top left", "top right", "bottom left", "bottom right"];
const WIDE = 640;
const ROOM = 4; // px of a side, and between two pictures

export class CornersTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(workbench, "corners", "Four latents in the corners, and all that lies between them. Press one to pin it.");
    const ask = () => this.ask();
    this.slots = CORNER_NAMES.map((name, i) => new Slot(workbench, name, i + 1, ask));
    this.fields = {
      places: {setError: (text) => this.slots.forEach((slot) => slot.setError(slot === this.slots.at(-1) ? text : ""))},
      n: new NumberField("A side", {low: 3, high: 12, step: 1, value: 8}, ask),
      mode: interpolationField(ask),
    };
    this.controls.append(
      h("div", {class: "four"}, ...this.slots.map(({element}) => element)),
      this.fields.n.element,
      this.fields.mode.element,
    );
    this.grid = new ResultView(workbench, {
      label: "Between the corners",
      columns: () => this.n,
      gap: ROOM,
      sampleName: (i) => `row ${Math.floor(i / this.n) + 1}, column ${(i % this.n) + 1}`,
    });
    this.stage.append(this.grid.element);
    this.latest = new LatestOnly(
      (message) => workbench.ask("corners", message),
      (answer, {n}) => this.showAnswer(answer, n),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    const {n, mode} = this.fields;
    this.latest.schedule({places: this.slots.map((slot) => slot.place), n: n.value, mode: mode.value});
  }

  showAnswer(answer, n) {
    this.n = n;
    this.grid.maxSide = (inView(WIDE) - (n - 1) * ROOM) / n;
    const {points} = answer;
    const corners = [0, n - 1, n * (n - 1), n * n - 1];
    this.grid.set(answer, {
      layers: points
        ? {
            mesh: {points, side: n},
            marks: corners.map((i, k) => ({at: points[i], kind: "fake", name: CORNER_NAMES[k]})),
          }
        : {},
    });
    this.showNote();
  }

  draw() {
    this.grid.draw();
  }
}
