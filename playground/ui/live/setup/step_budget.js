// The step budget: a number, or one from a list; and the limits.

import {h, uid} from "../core/dom.js";
import {duration, parseNumber, whole} from "../core/format.js";

export class StepBudget {
  /** `limits`: {steps, seconds or null}, the most that a run may have here. */
  constructor(choices, limits, changed) {
    const id = uid("budget");
    const about = uid("most");
    const {steps, seconds} = limits;
    const allowed = choices.filter((n) => n <= steps);
    this.isLimited = seconds != null || allowed.length < choices.length; // what few would ever reach is said when it is
    this.steps = steps;
    this.field = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id,
      autocomplete: "off",
      "aria-describedby": about,
      oninput: () => this.updateNote(),
      onchange: changed,
    });
    this.list = h(
      "select",
      {
        "aria-label": "Usual budgets",
        onchange: () => {
          this.value = this.list.value;
          this.list.selectedIndex = -1;
          changed();
        },
      },
      ...allowed.map((n) => h("option", {value: n}, `${whole(n)} steps`)),
    );
    this.list.selectedIndex = -1;
    this.note = h(
      "p",
      {class: "note most", id: about, "data-testid": "most"},
      `At most ${whole(steps)} steps${seconds == null ? "" : ` and ${duration(seconds)} of training`} a run here.`,
    );
    this.element = h(
      "div",
      {},
      h("label", {class: "lab", for: id}, "Budget, steps"),
      h("div", {class: "combo"}, this.field, this.list),
    );
    this.updateNote();
  }

  updateNote() {
    this.note.hidden = !this.isLimited && !(parseNumber(this.field.value) > this.steps);
  }

  /** A number; otherwise the text, which the server refuses. */
  get value() {
    return parseNumber(this.field.value) ?? this.field.value;
  }

  set value(steps) {
    this.field.value = steps;
    this.updateNote();
  }

  invalid(wrong) {
    if (wrong) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }
}
