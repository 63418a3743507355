// Fields of the tools: each says beneath itself what is wrong with it, and keeps what was typed.

import {h, say, uid} from "../dom.js";
import {number} from "../format.js";
import {segments} from "../segments.js";
import {dice} from "../settings.js";

/** What is wrong, beneath a field; hidden when nothing is. */
export class Wrong {
  constructor() {
    this.element = h("p", {class: "wrong", role: "alert", hidden: true});
  }

  tell(text) {
    say(this.element, text);
    this.element.hidden = !text;
  }
}

/** A number by slider and by keys. */
export class Amount {
  /** `changed(settled)`. */
  constructor(label, {low, high, step, value}, changed) {
    const id = uid("amount");
    this.error = new Wrong();
    this.range = h("input", {type: "range", min: low, max: high, step, value, "aria-label": `${label}, slider`, oninput: () => this.slid(changed, false), onchange: () => this.slid(changed, true)});
    this.field = h("input", {type: "text", inputmode: "decimal", class: "num", id, value, autocomplete: "off", onchange: () => { this.fill(); changed(true); }});
    this.element = h("div", {class: "knob span"}, h("label", {class: "name words", for: id}, label), this.range, this.field, this.error.element);
    this.fill();
  }

  /** A number; what was typed where it is none, which the server refuses. */
  get value() { return number(this.field.value) ?? this.field.value; }

  set value(value) {
    this.field.value = value;
    this.fill();
  }

  slid(changed, settled) {
    this.field.value = this.range.value;
    this.fill();
    changed(settled);
  }

  fill() {
    const {min, max} = this.range, read = number(this.field.value);
    if (read != null) this.range.value = read;
    this.range.style.setProperty("--p", `${(this.range.value - min) / (max - min) * 100}%`);
  }

  wrong(text) {
    this.error.tell(text);
    if (text) this.field.setAttribute("aria-invalid", "true"); else this.field.removeAttribute("aria-invalid");
  }
}

/** A seed with dice, or another whole number without. */
export class Whole {
  constructor(label, value, changed, {die = true} = {}) {
    const id = uid("whole");
    this.error = new Wrong();
    this.field = h("input", {type: "text", inputmode: "numeric", class: "num", id, value, autocomplete: "off", onchange: changed});
    this.element = h("div", {class: "field"}, h("label", {class: "lab", for: id}, label), h("div", {class: "row"}, this.field, die && dice(`Another ${label.toLowerCase()}`, this.field, changed)), this.error.element);
  }

  get value() { return number(this.field.value) ?? this.field.value; }

  wrong(text) {
    this.error.tell(text);
    if (text) this.field.setAttribute("aria-invalid", "true"); else this.field.removeAttribute("aria-invalid");
  }
}

/** One of a few: `options` [[key, title], ...]. */
export class Choice {
  constructor(label, options, value, changed) {
    Object.assign(this, {value});
    this.error = new Wrong();
    const box = h("div", {class: "seg", role: "radiogroup", "aria-label": label});
    segments(box, options, value, (taken) => {
      this.value = taken;
      changed();
    });
    this.element = h("div", {class: "field"}, h("div", {class: "lab"}, label), box, this.error.element);
  }

  wrong(text) {
    this.error.tell(text);
  }
}

/** The way between two latents, as messages have it. */
export const waying = (changed) => new Choice("Way", [["auto", "by prior"], ["slerp", "slerp"], ["lerp", "lerp"]], "auto", changed);

export const button = (text, press, attributes = {}) => h("button", {type: "button", class: "ghost", onclick: press, ...attributes}, text);
