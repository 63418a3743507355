// Draws of one seed, shortened or lengthened.

import {plain, short} from "../../core/format.js";
import {NumberField, SeedField} from "../fields.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Tool} from "../tool.js";

const N = 48;
const WIDE = 900;
const NARROW = 480;

export class SamplesTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "samples",
      "What G makes of latents drawn from its prior. Press one to pin it. A smaller radius draws them nearer to 0: " +
        "less varied, and often cleaner.",
    );
    this.fields = {
      seed: new SeedField("Seed", 1, () => this.ask()),
      radius: new NumberField("Radius", {low: 0, high: 2, step: 0.05, value: 1}, () => this.ask()),
    };
    this.controls.append(...Object.values(this.fields).map(({element}) => element));
    this.grid = new ResultView(workbench, {
      label: "Samples",
      columns: (width) => (width > WIDE ? 12 : width > NARROW ? 8 : 6),
      sampleName: (i) => `seed ${this.seed}, sample ${i + 1}`,
    });
    this.stage.append(this.grid.element);
    this.latest = new LatestOnly(
      (message) => workbench.ask("samples", message),
      (answer, {seed, radius}) => this.showAnswer(answer, seed, radius),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    this.latest.schedule({seed: this.fields.seed.value, n: N, radius: this.fields.radius.value});
  }

  showAnswer(answer, seed, radius) {
    this.seed = seed;
    const {norms} = answer;
    const mean = norms.reduce((sum, v) => sum + v, 0) / norms.length;
    this.grid.set(answer);
    this.showNote(
      `|z| from ${short(Math.min(...norms))} to ${short(Math.max(...norms))}, ${short(mean)} on ` +
        `average${radius === 1 ? ", as the prior draws them" : `, ${plain(radius)} times as long as drawn`}`,
    );
  }

  draw() {
    this.grid.draw();
  }
}
