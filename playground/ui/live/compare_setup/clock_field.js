// The clock of a race and its budget, which follows the lanes until a person sets it.

import {h, replace, setText, uid} from "../core/dom.js";
import {parseNumber, whole} from "../core/format.js";
import {segments} from "../controls/segments.js";
import {CLOCKS} from "./clocks.js";

export class ClockField {
  /** @param {() => void} changed */
  constructor(changed) {
    const id = uid("race-budget");
    this.changed = changed;
    this.clock = CLOCKS[0];
    this.own = false; // whether a person set the budget
    this.clocks = h("div", {class: "seg", role: "radiogroup", "aria-label": "Clock"});
    this.says = h("p", {class: "note"});
    this.label = h("label", {class: "lab", for: id});
    this.field = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id,
      autocomplete: "off",
      onchange: () => {
        this.own = true;
        changed();
      },
    });
    this.list = h("select", {
      "aria-label": "Usual budgets",
      onchange: () => {
        this.set(this.clock, Number(this.list.value));
        changed();
      },
    });
    this.element = h(
      "div",
      {class: "field clock-of"},
      h("div", {class: "lab"}, "Clock"),
      this.clocks,
      this.says,
      this.label,
      h("div", {class: "combo"}, this.field, this.list),
    );
  }

  /** A clock with a budget that a person set, null for the usual one. */
  set(clock, budget = null) {
    this.own = budget != null;
    if (this.own) this.field.value = budget;
    this.clock = clock;
    this.draw();
  }

  /** Follows the lanes: their `parts`, the samples that a step of each draws, and the kind of the data. */
  fit(parts, drawn, kind) {
    this.kind = kind;
    this.usual = () => this.clock.usual(parts, drawn, kind);
    this.draw();
  }

  draw() {
    const {clock, kind} = this;
    if (!kind) return;
    if (!this.own) this.field.value = this.usual();
    const titles = CLOCKS.map((c) => [c.id, c.title(kind)]);
    segments(this.clocks, titles, clock.id, (id) => {
      this.set(CLOCKS.find((c) => c.id === id));
      this.changed();
    });
    setText(this.says, clock.says);
    setText(this.label, `Budget of every lane, ${clock.title(kind).toLowerCase()}`);
    const unit = clock.title(kind).toLowerCase();
    replace(this.list, ...clock.choices.map((n) => h("option", {value: n}, `${whole(n)} ${unit}`)));
    this.list.selectedIndex = -1;
  }

  /** A number; otherwise the text, which the server refuses. */
  get budget() {
    return parseNumber(this.field.value) ?? this.field.value;
  }

  /** The budget if a person set it. */
  get ownBudget() {
    return this.own ? this.budget : null;
  }
}
