// A direction of the latent space: drawn at random, towards a pinned sample, one along which much changes, or one with a name.

import {h, replace, uid} from "../dom.js";
import {number} from "../format.js";
import {dice} from "../settings.js";
import {Wrong} from "./fields.js";

export const KINDS = {layer: "G’s first layer", features: "what D sees"};
const RANDOM = "random", PIN = "pin:";

export const percent = ({explained}) => `${Math.round(100 * explained)}%`;

export class Heading {
  /** `begin`: the name it begins with. `changed()`. */
  constructor(desk, label, begin, seed, changed) {
    Object.assign(this, {desk, begin, known: {}});
    const id = uid("heading");
    this.error = new Wrong();
    this.select = h("select", {id, onchange: () => { this.keep(); changed(); }});
    this.field = h("input", {type: "text", inputmode: "numeric", class: "num", value: seed, "aria-label": `Seed of ${label}`, autocomplete: "off", onchange: changed});
    this.seed = h("span", {class: "row seed-of"}, this.field, dice(`Another seed of ${label}`, this.field, changed));
    this.element = h("div", {class: "field heading"}, h("label", {class: "lab", for: id}, label), h("div", {class: "row"}, this.select, this.seed), this.error.element);
    desk.tray.on(() => this.draw());
    this.value = begin;
    this.draw();
  }

  /** `kind` of directions have come, the named ones with them. */
  offer(kind, {directions, named}) {
    Object.assign(this.known, {[kind]: directions, named});
    this.draw();
  }

  keep() {
    const {value} = this.select, {tray} = this.desk;
    this.pin = value.startsWith(PIN) ? tray.pins[Number(value.slice(PIN.length))] : null;
    this.value = this.pin ? null : value;
    this.draw();
  }

  /** As messages have it. */
  get told() {
    return this.pin ? {z: this.pin.z} : this.value === RANDOM ? number(this.field.value) ?? this.field.value : this.value;
  }

  /** In a word or two. */
  get name() {
    return this.pin ? "towards a pin" : this.value === RANDOM ? `random ${this.field.value}` : this.value;
  }

  draw() {
    const {desk: {tray}, known, select} = this, at = tray.pins.indexOf(this.pin);
    const group = (label, options) => options.length > 0 && h("optgroup", {label}, ...options);
    const of = (kind) => known[kind]?.map((one) => h("option", {value: one.name}, `${one.name} · ${percent(one)}`)) ?? (this.begin.startsWith(kind) ? [h("option", {value: this.begin}, this.begin)] : []);
    if (this.pin && at < 0) Object.assign(this, {pin: null, value: RANDOM});          // it was taken off
    replace(select, h("option", {value: RANDOM}, "at random"), group("Towards", tray.pins.map((_, i) => h("option", {value: PIN + i}, `pin ${i + 1}`))),
      ...Object.entries(KINDS).map(([kind, title]) => group(`Most changes, ${title}`, of(kind))), group("Named", (known.named ?? []).map(({name}) => h("option", {value: name}, name))));
    select.value = this.pin ? PIN + at : this.value;
    this.seed.hidden = this.value !== RANDOM;
  }

  wrong(text) {
    this.error.tell(text);
    if (text) this.select.setAttribute("aria-invalid", "true"); else this.select.removeAttribute("aria-invalid");
  }
}
