// How many steps: a number of one's own, or one of a list beside it.

import {h, uid} from "./dom.js";
import {number, whole} from "./format.js";

export class Budget {
  constructor(choices, changed) {
    const id = uid("budget");
    this.field = h("input", {type: "text", inputmode: "numeric", class: "num", id, autocomplete: "off", onchange: changed});
    this.list = h("select", {"aria-label": "Usual budgets", onchange: () => {
      this.field.value = this.list.value;
      this.list.selectedIndex = -1;
      changed();
    }}, ...choices.map((n) => h("option", {value: n}, `${whole(n)} steps`)));
    this.list.selectedIndex = -1;
    this.element = h("div", {}, h("label", {class: "lab", for: id}, "Budget, steps"), h("div", {class: "combo"}, this.field, this.list));
  }

  /** A number, or the text that is none: the server says what it may be. */
  get value() {
    return number(this.field.value) ?? this.field.value;
  }

  set value(steps) {
    this.field.value = steps;
  }

  invalid(wrong) {
    if (wrong) this.field.setAttribute("aria-invalid", "true"); else this.field.removeAttribute("aria-invalid");
  }
}
