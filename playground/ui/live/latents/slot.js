// An input of a tool: a pinned sample, or a seed.

import {h, replace, setText, uid} from "../core/dom.js";
import {parseNumber} from "../core/format.js";
import {seedField} from "../core/seed_dice.js";
import {ErrorLine} from "../controls/error_line.js";

const SIDE = 48;
const SEED = "seed";
const HELD = "held";

export class Slot {
  /** `label`: its part in the tool; `seed`: what it begins with while nothing is pinned. `changed()`. */
  constructor(workbench, label, seed, changed, {face = true} = {}) {
    this.workbench = workbench;
    this.label = label;
    this.pin = null;
    this.touched = false;
    this.item = null; // of a list, where it stands in one
    this.changed = changed;
    const id = uid("slot");
    const onSeed = () => {
      this.touched = true;
      this.draw();
      changed();
    };
    this.error = new ErrorLine();
    this.canvas = face && h("canvas", {"aria-hidden": "true"});
    this.heading = h("label", {class: "lab", for: id}, label);
    this.select = h("select", {
      id,
      onchange: () => {
        this.choose(this.select.value);
        changed();
      },
    });
    const {field, row} = seedField(label, seed, onSeed);
    this.field = field;
    this.seed = row;
    this.element = h(
      "div",
      {class: "slot"},
      this.canvas,
      h("div", {class: "says"}, this.heading, h("div", {class: "row"}, this.select, this.seed)),
      this.error.element,
    );
    workbench.tray.subscribe(() => this.draw());
    this.draw();
  }

  /** The value for messages. */
  get place() {
    return this.pin ? {z: this.pin.z} : (parseNumber(this.field.value) ?? this.field.value);
  }

  /** Changes the label. */
  setLabel(label) {
    this.label = label;
    setText(this.heading, label);
    this.field.setAttribute("aria-label", `Seed of ${label}`);
  }

  /** In words. */
  get name() {
    const {
      pin,
      workbench: {tray},
    } = this;
    return !pin ? `seed ${this.field.value}` : tray.pins.includes(pin) ? tray.pinName(pin) : pin.name;
  }

  /** Proposes a pin, null for the seed, unless a person chose already. */
  propose(pin) {
    if (this.touched || this.pin === pin) return;
    this.pin = pin;
    this.draw();
  }

  take(pin) {
    this.pin = pin;
    this.touched = true;
    this.draw();
  }

  choose(value) {
    this.take(value === SEED ? null : value === HELD ? this.pin : this.workbench.tray.pins[Number(value)]);
  }

  draw() {
    const {
      select,
      workbench: {tray},
      pin,
    } = this;
    const at = tray.pins.indexOf(pin);
    replace(
      select,
      h("option", {value: SEED}, "a seed"),
      pin && at < 0 && h("option", {value: HELD}, pin.name),
      ...tray.pins.map((trayPin, i) => h("option", {value: i}, `pin ${i + 1}`)),
    );
    select.value = !pin ? SEED : at < 0 ? HELD : String(at);
    this.seed.hidden = Boolean(pin);
    if (!this.canvas) return;
    const {place} = this;
    if (place === this.painted || (pin?.z && pin.z === this.painted)) return;
    this.painted = pin?.z ?? place;
    if (pin || Number.isInteger(place)) this.workbench.paint(this.canvas, place, SIDE);
  }

  /** Another theme. */
  restyle() {
    this.painted = null;
    this.draw();
  }

  setError(text) {
    this.error.show(text);
    for (const field of [this.field, this.select])
      if (text) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
  }
}
