// Data that lack what the variant needs are greyed out, and under them it says why.

import {lacking} from "../../core/catalogue.js";
import {h, setText, uid} from "../../core/dom.js";

export class Misfits {
  constructor() {
    this.note = h("p", {class: "note", id: uid("misfits"), "data-testid": "misfits"});
  }

  /** What an element that can be pressed is told: {} where it fits. */
  attributes(variant, data) {
    return variant && lacking(variant, data) ? {"aria-disabled": "true", "aria-describedby": this.note.id} : {};
  }

  /** Greys out the button of data that do not fit the variant, and no other. */
  mark(button, variant, data) {
    const attributes = this.attributes(variant, data);
    for (const name of ["aria-disabled", "aria-describedby"])
      if (name in attributes) button.setAttribute(name, attributes[name]);
      else button.removeAttribute(name);
  }

  /** Says what the data that are shown lack. */
  explain(variant, shown) {
    const missing = variant.needs.filter((need) => shown.some(({provides}) => !provides.includes(need)));
    setText(this.note, missing.length ? `Greyed out: ${variant.title} needs ${missing.join(" and ")}.` : "");
    this.note.hidden = !missing.length;
  }
}
