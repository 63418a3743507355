// The seeds of every lane: how many, and which.

import {h, uid} from "../core/dom.js";
import {parseNumber} from "../core/format.js";
import {diceButton} from "../core/seed_dice.js";
import {segments} from "../controls/segments.js";
import {SEEDS} from "./lanes.js";

const COUNTS = Array.from({length: SEEDS[1]}, (_, i) => [i + 1, String(i + 1)]);

export class SeedField {
  /** @param {() => void} changed */
  constructor(changed) {
    const id = uid("seeds");
    this.changed = changed;
    this.count = h("div", {class: "seg", role: "radiogroup", "aria-label": "Seeds a lane"});
    this.field = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id,
      autocomplete: "off",
      onchange: () => {
        this.draw();
        changed();
      },
    });
    // one draw makes the first; the others follow it
    this.first = {
      set value(seed) {
        this.draw(seed);
      },
      draw: (seed) => this.set(this.seeds.map((_, i) => seed + i)),
    };
    this.element = h(
      "div",
      {class: "field seeds"},
      h("label", {class: "lab", for: id}, "Seeds of every lane"),
      this.count,
      h("div", {class: "row"}, this.field, diceButton("Other seeds", this.first, changed)),
      h("p", {class: "note"}, "One lane is called better than another with three or more."),
    );
  }

  /** The seeds as numbers; what is no number stays a text, which the server refuses. */
  get seeds() {
    const parts = this.field.value.split(/[,;\s]+/).filter(Boolean);
    return parts.map((part) => parseNumber(part) ?? part);
  }

  set(seeds) {
    this.field.value = seeds.join(", ");
    this.draw();
  }

  draw() {
    const {seeds} = this;
    segments(this.count, COUNTS, seeds.length, (n) => {
      const last = Math.max(0, ...seeds.filter((seed) => typeof seed === "number"));
      const more = Array.from({length: Math.max(0, n - seeds.length)}, (_, i) => last + 1 + i);
      this.set([...seeds.slice(0, n), ...more]);
      this.changed();
    });
  }
}
