// One row per knob, drawn from its declaration: slider and number, choice, or switch.

import {h, setText, uid} from "../core/dom.js";
import {parseNumber, plain, whole} from "../core/format.js";
import {knobTitle, describeKnob, knobLabel} from "../controls/hint.js";

const NOTCHES = 1000;

/** Slider position (0..NOTCHES) <-> value; logarithmic where the declaration says so. */
export function sliderScale({low, high, log, kind}) {
  const round = (value) => {
    const clipped = Math.min(high, Math.max(low, value));
    return kind === "int" ? Math.round(clipped) : Number(clipped.toPrecision(log ? 2 : 3));
  };
  if (log)
    return {
      to: (v) => (Math.log(v / low) / Math.log(high / low)) * NOTCHES,
      from: (p) => round(low * (high / low) ** (p / NOTCHES)),
    };
  return {to: (v) => ((v - low) / (high - low)) * NOTCHES, from: (p) => round(low + ((high - low) * p) / NOTCHES)};
}

export class KnobRow {
  /**
   * `changed(name, value, settled)`: while a slider moves `settled` is false. `paperEnd`: where the paper's own range
   * ends. `knob.of`: what it is an option of.
   */
  constructor(knob, value, changed, paperEnd) {
    this.knob = knob;
    this.changed = changed;
    this.paperEnd = paperEnd;
    this.previous = "";
    this.otherValue = "";
    this.why = "";
    const id = uid(knob.name);
    const about = uid("about");
    const title = knobTitle(knob);
    const label = knob.of ? `${title} of the ${knob.of}` : title;
    this.note = h("span", {class: "why", hidden: true});
    this.error = h("span", {class: "wrong", role: "alert", hidden: true});
    this.about = about;
    this.controls = this[{choice: "choice", bool: "toggle"}[knob.kind] ?? "slider"](id, label);
    const name = h("label", {class: "name", for: id, title: title}, ...knobLabel(knob));
    this.row = h(
      "div",
      {
        class: `knob ${knob.live ? "live" : "new"} ${this.range ? "span" : knob.kind}`,
        [knob.of ? "data-option" : "data-knob"]: knob.name,
      },
      name,
      ...this.controls,
      this.note,
      this.error,
      h("span", {class: "sr", id: about}, describeKnob(knob)),
    );
    this.set(value);
  }

  slider(id, title) {
    this.scale = sliderScale(this.knob);
    const moved = (settled) => this.setAndNotify(this.scale.from(Number(this.range.value)), settled);
    this.range = h("input", {
      type: "range",
      id,
      min: 0,
      max: NOTCHES,
      step: 1,
      "aria-label": `${title}, slider`,
      "aria-describedby": this.about,
      oninput: () => moved(false),
      onchange: () => moved(true),
    });
    this.field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "num",
      "aria-label": title,
      "aria-describedby": this.about,
      autocomplete: "off",
      onchange: () => this.onTyped(this.field.value),
    });
    return [this.range, this.field];
  }

  choice(id, title) {
    this.select = h(
      "select",
      {
        id,
        "aria-label": title,
        "aria-describedby": this.about,
        onchange: () => this.setAndNotify(this.select.value, true),
      },
      ...this.knob.choices.map((c) => h("option", {value: c}, c)),
    );
    return [this.select];
  }

  toggle(id) {
    this.box = h("input", {
      type: "checkbox",
      role: "switch",
      id,
      "aria-describedby": this.about,
      onchange: () => this.setAndNotify(this.box.checked, true),
    });
    return [this.box];
  }

  onTyped(text) {
    const {low, high, kind} = this.knob;
    const value = parseNumber(text);
    const int = kind === "int";
    this.isInvalid = value === null || value < low || value > high || (int && !Number.isInteger(value));
    if (this.isInvalid)
      return this.setError(
        `${knobTitle(this.knob)} must be a ${int ? "whole " : ""}number between ${plain(low)} and ${plain(high)}`,
      );
    return this.setAndNotify(value, true);
  }

  setAndNotify(value, settled) {
    this.set(value);
    this.changed(this.knob.name, value, settled);
  }

  set(value) {
    this.value = value;
    this.isInvalid = false; // what is typed is a value
    this.setError("");
    if (this.select) this.select.value = value;
    if (this.box) this.box.checked = value;
    if (this.range) {
      const at = this.scale.to(value);
      // else a key could not move it past what is rounded
      if (this.scale.from(Number(this.range.value)) !== value) this.range.value = at;
      this.range.style.setProperty("--p", `${((at / NOTCHES) * 100).toFixed(2)}%`);
      this.range.setAttribute("aria-valuetext", plain(value));
      this.field.value = plain(value);
    }
    this.updateNote();
  }

  /** Shows a tune: the new value, and what it was before. */
  showTune(mark) {
    this.previous = `was ${plain(mark.from)} until step ${whole(mark.step)}`;
    this.set(mark.to);
  }

  /** Shows the value of the run that is shown, if it differs; null clears it. */
  showRunValue(value) {
    this.otherValue = value == null || value === this.value ? "" : `this run has ${plain(value)}`;
    this.updateNote();
  }

  /**
   * Shows what the knob needs of others, `why` it cannot be moved. With a value of its own it can, back to its default.
   */
  lock(why) {
    const locked = Boolean(why) && this.value === this.knob.default;
    this.why = locked ? why : ""; // else a refusal says it
    this.row.classList.toggle("locked", locked);
    for (const control of this.controls) control.disabled = locked;
    this.updateNote();
  }

  /** Shows the most important note beneath the knob. */
  updateNote() {
    const isBeyondPaper = this.paperEnd != null && this.value > this.paperEnd;
    const text =
      this.otherValue ||
      this.previous ||
      this.why ||
      (isBeyondPaper ? `beyond the paper's ${plain(this.paperEnd)}` : "");
    setText(this.note, text);
    this.note.hidden = !text;
    this.note.classList.toggle("hand", !this.otherValue && !this.previous && isBeyondPaper);
  }

  setError(text) {
    setText(this.error, text);
    this.error.hidden = !text;
    for (const control of this.controls)
      if (text) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
  }
}
