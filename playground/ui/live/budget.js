// How many steps: a number of one's own, or one of a list beside it; and what is allowed at most.

import {h, uid} from "./dom.js";
import {duration, number, whole} from "./format.js";

export class Budget {
  /** `limits`: {steps, seconds or null}, the most that a run may have here. */
  constructor(choices, limits, changed) {
    const id = uid("budget"), about = uid("most"), {steps, seconds} = limits, given = choices.filter((n) => n <= steps);
    this.tight = seconds != null || given.length < choices.length;       // what few would ever reach is said when it is
    this.steps = steps;
    this.field = h("input", {type: "text", inputmode: "numeric", class: "num", id, autocomplete: "off", "aria-describedby": about, oninput: () => this.tell(), onchange: changed});
    this.list = h("select", {"aria-label": "Usual budgets", onchange: () => {
      this.value = this.list.value;
      this.list.selectedIndex = -1;
      changed();
    }}, ...given.map((n) => h("option", {value: n}, `${whole(n)} steps`)));
    this.list.selectedIndex = -1;
    this.note = h("p", {class: "note most", id: about, "data-testid": "most"}, `At most ${whole(steps)} steps${seconds == null ? "" : ` and ${duration(seconds)} of training`} a run here.`);
    this.element = h("div", {}, h("label", {class: "lab", for: id}, "Budget, steps"), h("div", {class: "combo"}, this.field, this.list));
    this.tell();
  }

  tell() {
    this.note.hidden = !this.tight && !(number(this.field.value) > this.steps);
  }

  /** A number, or the text that is none: the server says what it may be. */
  get value() {
    return number(this.field.value) ?? this.field.value;
  }

  set value(steps) {
    this.field.value = steps;
    this.tell();
  }

  invalid(wrong) {
    if (wrong) this.field.setAttribute("aria-invalid", "true"); else this.field.removeAttribute("aria-invalid");
  }
}
