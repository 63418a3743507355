// Draws of one seed, shortened or lengthened.

import {plain, short} from "../format.js";
import {Amount, Whole} from "./fields.js";
import {Latest} from "./latest.js";
import {Show} from "./show.js";
import {Tool} from "./tool.js";

const N = 48, WIDE = 900, NARROW = 480;

export class Samples extends Tool {
  constructor(desk) {
    super(desk, "samples", "What G makes of latents drawn from its prior. Press one to pin it. A smaller radius draws them nearer to 0: more alike, and often cleaner.");
    this.fields = {
      seed: new Whole("Seed", 1, () => this.ask()),
      radius: new Amount("Radius", {low: 0, high: 2, step: 0.05, value: 1}, () => this.ask()),
    };
    this.controls.append(...Object.values(this.fields).map(({element}) => element));
    this.grid = new Show(desk, {label: "Samples", columns: (width) => (width > WIDE ? 12 : width > NARROW ? 8 : 6), called: (i) => `seed ${this.seed}, sample ${i + 1}`});
    this.stage.append(this.grid.element);
    this.latest = new Latest((message) => desk.ask("samples", message), (made, {seed, radius}) => this.shown(made, seed, radius), (error) => this.failed(error));
  }

  ask() {
    this.latest.soon({seed: this.fields.seed.value, n: N, radius: this.fields.radius.value});
  }

  shown(made, seed, radius) {
    this.seed = seed;
    const {norms} = made, mean = norms.reduce((sum, v) => sum + v, 0) / norms.length;
    this.grid.set(made);
    this.well(`|z| from ${short(Math.min(...norms))} to ${short(Math.max(...norms))}, ${short(mean)} on average${radius === 1 ? ", as the prior draws them" : `, ${plain(radius)} times as long as drawn`}`);
  }

  draw() {
    this.grid.draw();
  }
}
