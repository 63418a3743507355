// One row per knob, drawn from its declaration: slider, number, choice or switch.

import {h, replace, symbol, uid} from "./dom.js";
import {number, plain} from "./format.js";

const NOTCHES = 1000;

/** What a knob is called in words. */
export const called = (knob) => knob.name.replaceAll("_", " ");

/** Slider position (0..NOTCHES) <-> value; logarithmic where the declaration says so. */
function scale(knob) {
  const {low, high, log} = knob;
  const tidy = (value) => {
    const clipped = Math.min(high, Math.max(low, value));
    return knob.kind === "int" ? Math.round(clipped) : Number(clipped.toPrecision(log ? 2 : 3));
  };
  if (log) return {to: (v) => Math.log(v / low) / Math.log(high / low) * NOTCHES, from: (p) => tidy(low * (high / low) ** (p / NOTCHES))};
  return {to: (v) => (v - low) / (high - low) * NOTCHES, from: (p) => tidy(low + (high - low) * p / NOTCHES)};
}

export class Knob {
  /** `changed(name, value, settled)`: while a slider moves `settled` is false. `about(knob)`: it has the pointer or the focus. */
  constructor(knob, value, changed, about, beyond) {
    Object.assign(this, {knob, changed, beyond});
    const id = uid(knob.name), words = called(knob);
    this.note = h("span", {class: "why", hidden: true});
    this.error = h("span", {class: "wrong", role: "alert", hidden: true});
    const name = knob.symbol ? h("label", {class: "name", for: id, title: words}, symbol(knob.symbol), h("span", {class: "sr"}, ` ${words}`)) : h("label", {class: "name words", for: id}, words);
    this.controls = this[{choice: "choice", bool: "toggle"}[knob.kind] ?? "slider"](id, words);
    const live = knob.live ? "live" : "new";
    this.row = h("div", {class: `knob ${live} ${knob.kind}${knob.symbol && !this.select ? "" : " wide"}`, "data-knob": knob.name,
      onpointerenter: () => about(knob), onfocusin: () => about(knob)}, name, ...this.controls, this.note, this.error);
    this.set(value);
  }

  slider(id, words) {
    this.scale = scale(this.knob);
    this.range = h("input", {type: "range", id, min: 0, max: NOTCHES, step: 1, "aria-label": `${words}, slider`,
      oninput: () => this.take(this.scale.from(Number(this.range.value)), false), onchange: () => this.take(this.scale.from(Number(this.range.value)), true)});
    this.field = h("input", {type: "text", inputmode: "decimal", class: "num", "aria-label": words, autocomplete: "off", onchange: () => this.typed(this.field.value)});
    return [this.range, this.field];
  }

  choice(id, words) {
    this.select = h("select", {id, "aria-label": words, onchange: () => this.take(this.select.value, true)}, ...this.knob.choices.map((c) => h("option", {value: c}, c)));
    return [this.select];
  }

  toggle(id) {
    this.box = h("input", {type: "checkbox", role: "switch", id, onchange: () => this.take(this.box.checked, true)});
    return [this.box];
  }

  typed(text) {
    const {low, high, kind} = this.knob, value = number(text);
    if (value === null || value < low || value > high || (kind === "int" && !Number.isInteger(value))) {
      this.wrong(`${called(this.knob)} must be a ${kind === "int" ? "whole " : ""}number between ${plain(low)} and ${plain(high)}`);
      return;
    }
    this.take(value, true);
  }

  take(value, settled) {
    this.set(value);
    this.changed(this.knob.name, value, settled);
  }

  set(value) {
    this.value = value;
    this.wrong("");
    if (this.select) this.select.value = value;
    if (this.box) this.box.checked = value;
    if (this.range) {
      const at = this.scale.to(value);
      this.range.value = at;
      this.range.style.setProperty("--p", `${at / NOTCHES * 100}%`);
      this.range.setAttribute("aria-valuetext", plain(value));
      if (document.activeElement !== this.field || this.field.value !== String(value)) this.field.value = plain(value);
      this.row?.classList.toggle("beyond", this.beyond != null && value > this.beyond);
    }
    if (this.beyond != null && value > this.beyond) this.says(`beyond the paper (up to ${plain(this.beyond)})`, "beyond");
    else if (this.note.dataset.kind === "beyond") this.says("");
  }

  /** A few words beneath: what it was before a tune. */
  says(text, kind = "") {
    replace(this.note, text).hidden = !text;
    this.note.dataset.kind = kind;
  }

  wrong(text) {
    replace(this.error, text).hidden = !text;
    for (const control of this.controls) if (text) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
  }
}

/** "how hard D learns. Low: slow; high: oscillation." */
export function explain(knob) {
  const ends = knob.ends?.[0] || knob.ends?.[1] ? ` Low: ${knob.ends[0] || "–"}; high: ${knob.ends[1] || "–"}.` : "";
  return `${called(knob)}: ${knob.help}.${ends}${knob.live ? "" : " Needs a new run."}`;
}
