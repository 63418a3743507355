// One row per knob, drawn from its declaration: slider and number, choice, or switch.

import {h, replace, say, symbol, uid} from "./dom.js";
import {number, plain, whole} from "./format.js";
import {called, explained} from "./hint.js";

const NOTCHES = 1000;

/** Slider position (0..NOTCHES) <-> value; logarithmic where the declaration says so. */
export function scale({low, high, log, kind}) {
  const tidy = (value) => {
    const clipped = Math.min(high, Math.max(low, value));
    return kind === "int" ? Math.round(clipped) : Number(clipped.toPrecision(log ? 2 : 3));
  };
  if (log) return {to: (v) => Math.log(v / low) / Math.log(high / low) * NOTCHES, from: (p) => tidy(low * (high / low) ** (p / NOTCHES))};
  return {to: (v) => (v - low) / (high - low) * NOTCHES, from: (p) => tidy(low + (high - low) * p / NOTCHES)};
}

export class Knob {
  /** `changed(name, value, settled)`: while a slider moves `settled` is false. `beyond`: where the paper's own range ends. `knob.of`: what it is an option of. */
  constructor(knob, value, changed, beyond) {
    Object.assign(this, {knob, changed, beyond, was: "", apart: ""});
    const id = uid(knob.name), about = uid("about"), words = called(knob), heard = knob.of ? `${words} of the ${knob.of}` : words;
    this.note = h("span", {class: "why", hidden: true});
    this.error = h("span", {class: "wrong", role: "alert", hidden: true});
    this.about = about;
    this.controls = this[{choice: "choice", bool: "toggle"}[knob.kind] ?? "slider"](id, heard);
    const letter = knob.symbol && symbol(knob.symbol), name = knob.basic && letter && !this.select
      ? h("label", {class: "name", for: id}, letter, h("span", {class: "sr"}, ` ${words}`))
      : h("label", {class: "name words", for: id}, words, letter && !/^[a-z, ]{3,}$/.test(knob.symbol) ? [" ", letter] : null);
    this.row = h("div", {class: `knob ${knob.live ? "live" : "new"} ${this.range ? "span" : knob.kind}${knob.basic && letter && !this.select ? " brief" : ""}`, [knob.of ? "data-option" : "data-knob"]: knob.name},
      name, ...this.controls, this.note, this.error, h("span", {class: "sr", id: about}, explained(knob)));
    this.set(value);
  }

  slider(id, words) {
    this.scale = scale(this.knob);
    const moved = (settled) => this.take(this.scale.from(Number(this.range.value)), settled);
    this.range = h("input", {type: "range", id, min: 0, max: NOTCHES, step: 1, "aria-label": `${words}, slider`, "aria-describedby": this.about, oninput: () => moved(false), onchange: () => moved(true)});
    this.field = h("input", {type: "text", inputmode: "decimal", class: "num", "aria-label": words, "aria-describedby": this.about, autocomplete: "off", onchange: () => this.typed(this.field.value)});
    return [this.range, this.field];
  }

  choice(id, words) {
    this.select = h("select", {id, "aria-label": words, "aria-describedby": this.about, onchange: () => this.take(this.select.value, true)}, ...this.knob.choices.map((c) => h("option", {value: c}, c)));
    return [this.select];
  }

  toggle(id) {
    this.box = h("input", {type: "checkbox", role: "switch", id, "aria-describedby": this.about, onchange: () => this.take(this.box.checked, true)});
    return [this.box];
  }

  typed(text) {
    const {low, high, kind} = this.knob, value = number(text), int = kind === "int";
    this.unread = value === null || value < low || value > high || (int && !Number.isInteger(value));
    if (this.unread) return this.wrong(`${called(this.knob)} must be a ${int ? "whole " : ""}number between ${plain(low)} and ${plain(high)}`);
    return this.take(value, true);
  }

  take(value, settled) {
    this.set(value);
    this.changed(this.knob.name, value, settled);
  }

  set(value) {
    this.value = value;
    this.unread = false;        // what is typed is a value
    this.wrong("");
    if (this.select) this.select.value = value;
    if (this.box) this.box.checked = value;
    if (this.range) {
      const at = this.scale.to(value);
      this.range.value = at;
      this.range.style.setProperty("--p", `${(at / NOTCHES * 100).toFixed(2)}%`);
      this.range.setAttribute("aria-valuetext", plain(value));
      this.field.value = plain(value);
    }
    this.tell();
  }

  /** It was tuned: what it was before. */
  tuned(mark) {
    this.was = `was ${plain(mark.from)} until step ${whole(mark.step)}`;
    this.set(mark.to);
  }

  /** What the run that is shown has instead, if something else; null forgets it. */
  differs(value) {
    this.apart = value == null || value === this.value ? "" : `this run has ${plain(value)}`;
    this.tell();
  }

  /** One line beneath: the most pressing of what there is to say. */
  tell() {
    const over = this.beyond != null && this.value > this.beyond, text = this.apart || this.was || (over ? `beyond the paper's ${plain(this.beyond)}` : "");
    say(this.note, text);
    this.note.hidden = !text;
    this.note.classList.toggle("hand", !this.apart && !this.was && over);
  }

  wrong(text) {
    say(this.error, text);
    this.error.hidden = !text;
    for (const control of this.controls) if (text) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
  }
}
