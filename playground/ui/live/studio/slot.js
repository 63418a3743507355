// A place in a tool: a pinned sample, or what a seed draws.

import {h, replace, say, uid} from "../dom.js";
import {number} from "../format.js";
import {dice} from "../settings.js";
import {Wrong} from "./fields.js";

const SIDE = 48, SEED = "seed", HELD = "held";

export class Slot {
  /** `label`: its part in the tool; `seed`: what it begins with while nothing is pinned. `changed()`. */
  constructor(desk, label, seed, changed, {face = true} = {}) {
    Object.assign(this, {desk, label, pin: null, touched: false, changed});
    const id = uid("slot"), again = () => { this.touched = true; this.draw(); changed(); };
    this.error = new Wrong();
    this.canvas = face && h("canvas", {"aria-hidden": "true"});
    this.heading = h("label", {class: "lab", for: id}, label);
    this.select = h("select", {id, onchange: () => { this.choose(this.select.value); changed(); }});
    this.field = h("input", {type: "text", inputmode: "numeric", class: "num", value: seed, "aria-label": `Seed of ${label}`, autocomplete: "off", onchange: again});
    this.seed = h("span", {class: "row seed-of"}, this.field, dice(`Another seed of ${label}`, this.field, again));
    this.element = h("div", {class: "slot"}, this.canvas, h("div", {class: "says"}, this.heading, h("div", {class: "row"}, this.select, this.seed)), this.error.element);
    desk.tray.on(() => this.draw());
    this.draw();
  }

  /** As messages have it. */
  get place() {
    return this.pin ? {z: this.pin.z} : number(this.field.value) ?? this.field.value;
  }

  /** It is another part now. */
  calls(label) {
    this.label = label;
    say(this.heading, label);
    this.field.setAttribute("aria-label", `Seed of ${label}`);
  }

  /** In words. */
  get name() {
    const {pin, desk: {tray}} = this;
    return !pin ? `seed ${this.field.value}` : tray.pins.includes(pin) ? tray.called(pin) : pin.name;
  }

  /** Unless a person chose: the pin that stands there for now, null for the seed. */
  propose(pin) {
    if (this.touched || this.pin === pin) return;
    this.pin = pin;
    this.draw();
  }

  take(pin) {
    Object.assign(this, {pin, touched: true});
    this.draw();
  }

  choose(value) {
    this.take(value === SEED ? null : value === HELD ? this.pin : this.desk.tray.pins[Number(value)]);
  }

  draw() {
    const {select, desk: {tray}, pin} = this, at = tray.pins.indexOf(pin);
    replace(select, h("option", {value: SEED}, "a seed"), pin && at < 0 && h("option", {value: HELD}, pin.name), ...tray.pins.map((one, i) => h("option", {value: i}, `pin ${i + 1}`)));
    select.value = !pin ? SEED : at < 0 ? HELD : String(at);
    this.seed.hidden = Boolean(pin);
    if (!this.canvas) return;
    const {place} = this;
    if (place === this.painted || pin?.z && pin.z === this.painted) return;
    this.painted = pin?.z ?? place;
    if (pin || Number.isInteger(place)) this.desk.paint(this.canvas, place, SIDE);
  }

  /** Another theme. */
  dress() {
    this.painted = null;
    this.draw();
  }

  wrong(text) {
    this.error.tell(text);
    for (const field of [this.field, this.select]) if (text) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
  }
}
