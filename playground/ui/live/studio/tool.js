// What every tool has: fields at the left, what comes of them beside, a line of words, what is wrong.

import {Lost} from "../api.js";
import {h, say} from "../dom.js";
import {Wrong} from "./fields.js";

export class Tool {
  /** `says`: what it is for, in a sentence. */
  constructor(desk, name, says) {
    Object.assign(this, {desk, fields: {}, slots: [], turn: 0});
    this.controls = h("div", {class: "controls"});
    this.note = h("p", {class: "note says-of", role: "status"});
    this.any = new Wrong();
    this.stage = h("div", {class: "on-stage"});
    this.element = h("div", {class: `tool ${name}`}, h("p", {class: "note lead"}, says), this.controls, h("div", {class: "made"}, this.stage, this.any.element, this.note));
  }

  /** In view, for the first time or again: slots that nobody filled follow the tray. */
  show() {
    const {pins} = this.desk.tray;
    this.slots.forEach((slot, i) => slot.propose(pins[i] ?? null));
    this.ask();
  }

  /** A pinned sample was pressed: the next slot has it. What to say of that, "" for nothing. */
  take(pin) {
    const {slots} = this;
    if (!slots.length) return "";
    const slot = slots[this.turn++ % slots.length];
    slot.take(pin);
    this.ask();
    return `now “${slot.label}”`;
  }

  ask() {}

  draw() {}

  /** Another theme. */
  dress() {
    for (const slot of this.slots) slot.dress();
    this.draw();
  }

  /** An answer is there: nothing is wrong. */
  well(text = "") {
    for (const field of Object.values(this.fields)) field.wrong("");
    this.any.tell("");
    say(this.note, text);
  }

  /** A refusal by its field; anything else beneath what is shown. */
  failed(error) {
    this.well();
    const field = this.fields[error.field];
    if (field) return field.wrong(error.message);
    if (!error.field && !(error instanceof Lost)) throw error;
    this.any.tell(error.field ? error.message : `The ${error.message}. What is shown stays; change something to try again.`);
  }
}
