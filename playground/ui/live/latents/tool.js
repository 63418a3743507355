// Base of the latent tools: fields, result, note, errors.

import {ConnectionLost} from "../core/api.js";
import {h, setText} from "../core/dom.js";
import {ErrorLine} from "../controls/error_line.js";

export class Tool {
  /**
   * @param {Workbench} workbench
   * @param {string} name its CSS class
   * @param {string} says what it is for, in a sentence
   */
  constructor(workbench, name, says) {
    this.workbench = workbench;
    this.fields = {};
    this.slots = [];
    this.nextSlot = 0;
    this.controls = h("div", {class: "controls"});
    this.note = h("p", {class: "note says-of", role: "status"});
    this.generalError = new ErrorLine();
    this.stage = h("div", {class: "on-stage"});
    this.element = h(
      "div",
      {class: `tool ${name}`},
      h("p", {class: "note lead"}, says),
      this.controls,
      h("div", {class: "made"}, this.stage, this.generalError.element, this.note),
    );
  }

  /** Shows the tool; untouched slots follow the tray. */
  show() {
    const {pins} = this.workbench.tray;
    this.slots.forEach((slot, i) => slot.propose(pins[i] ?? null));
    this.ask();
  }

  /** A pin was pressed: the next slot takes it. Returns a note, "" for none. */
  take(pin) {
    const {slots} = this;
    if (!slots.length) return "";
    const slot = slots[this.nextSlot++ % slots.length];
    slot.take(pin);
    this.ask();
    return `now “${slot.label}”`;
  }

  /** Samples are of another class from now on: what was loaded of them is outdated. */
  outdate() {}

  ask() {}

  draw() {}

  /** Another theme. */
  restyle() {
    for (const slot of this.slots) slot.restyle();
    this.draw();
  }

  /** Clears the errors and shows a note. */
  showNote(text = "") {
    for (const field of Object.values(this.fields)) field.setError("");
    this.generalError.show("");
    setText(this.note, text);
  }

  /** Shows a refusal at its field, other failures beneath the result. */
  showFailure(error) {
    this.showNote();
    const field = this.fields[error.field];
    if (field) return field.setError(error.message);
    if (!error.field && !(error instanceof ConnectionLost)) throw error;
    this.generalError.show(
      error.field ? error.message : `The ${error.message}. What is shown stays; change something to try again.`,
    );
  }
}
