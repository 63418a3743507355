// Fields of the latent tools: each shows its error beneath itself and keeps what was typed.

import {h, uid} from "../core/dom.js";
import {parseNumber} from "../core/format.js";
import {ErrorLine} from "../controls/error_line.js";
import {segments} from "../controls/segments.js";
import {diceButton} from "../core/seed_dice.js";

/** A number with slider and text field. */
export class NumberField {
  /** `changed(settled)`. */
  constructor(label, {low, high, step, value}, changed) {
    const id = uid("amount");
    this.error = new ErrorLine();
    this.range = h("input", {
      type: "range",
      min: low,
      max: high,
      step,
      value,
      "aria-label": `${label}, slider`,
      oninput: () => this.onSlide(changed, false),
      onchange: () => this.onSlide(changed, true),
    });
    this.field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "num",
      id,
      value,
      autocomplete: "off",
      onchange: () => {
        this.updateRange();
        changed(true);
      },
    });
    this.element = h(
      "div",
      {class: "knob span"},
      h("label", {class: "name words", for: id}, label),
      this.range,
      this.field,
      this.error.element,
    );
    this.updateRange();
  }

  /** A number; otherwise the text, which the server refuses. */
  get value() {
    return parseNumber(this.field.value) ?? this.field.value;
  }

  set value(value) {
    this.field.value = value;
    this.updateRange();
  }

  onSlide(changed, settled) {
    this.field.value = this.range.value;
    this.updateRange();
    changed(settled);
  }

  updateRange() {
    const {min, max} = this.range;
    const parsed = parseNumber(this.field.value);
    if (parsed != null) this.range.value = parsed;
    this.range.style.setProperty("--p", `${((this.range.value - min) / (max - min)) * 100}%`);
  }

  setError(text) {
    this.error.show(text);
    if (text) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }
}

/** A seed with a die, or another whole number without one. */
export class SeedField {
  constructor(label, value, changed, {die = true} = {}) {
    const id = uid("whole");
    this.error = new ErrorLine();
    this.field = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id,
      value,
      autocomplete: "off",
      onchange: changed,
    });
    this.element = h(
      "div",
      {class: "field"},
      h("label", {class: "lab", for: id}, label),
      h("div", {class: "row"}, this.field, die && diceButton(`Another ${label.toLowerCase()}`, this.field, changed)),
      this.error.element,
    );
  }

  get value() {
    return parseNumber(this.field.value) ?? this.field.value;
  }

  setError(text) {
    this.error.show(text);
    if (text) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }
}

/** One of a few: `options` [[key, title], ...]. */
export class ChoiceField {
  constructor(label, options, value, changed) {
    this.value = value;
    this.error = new ErrorLine();
    const box = h("div", {class: "seg", role: "radiogroup", "aria-label": label});
    segments(box, options, value, (key) => {
      this.value = key;
      changed();
    });
    this.element = h("div", {class: "field"}, h("div", {class: "lab"}, label), box, this.error.element);
  }

  setError(text) {
    this.error.show(text);
  }
}

/** The interpolation between two latents, as messages have it. */
export const interpolationField = (changed) =>
  new ChoiceField(
    "Way",
    [
      ["auto", "by prior"],
      ["slerp", "slerp"],
      ["lerp", "lerp"],
    ],
    "auto",
    changed,
  );

export const button = (text, press, attributes = {}) =>
  h("button", {type: "button", class: "ghost", onclick: press, ...attributes}, text);
