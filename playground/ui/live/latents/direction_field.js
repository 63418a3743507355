// A field for a direction in latent space: random, towards a pin, a strong one, or a named one.

import {h, replace, uid} from "../core/dom.js";
import {parseNumber} from "../core/format.js";
import {seedField} from "../core/seed_dice.js";
import {ErrorLine} from "../controls/error_line.js";

export const KINDS = {layer: "G’s first layer", features: "what D sees"};
const RANDOM = "random";
const PIN = "pin:";

export const percent = ({explained}) => `${Math.round(100 * explained)}%`;

export class DirectionField {
  /**
   * @param {Workbench} workbench
   * @param {string} label
   * @param {string} initial the name of the first direction
   * @param {number} seed
   * @param {() => void} changed
   */
  constructor(workbench, label, initial, seed, changed) {
    this.workbench = workbench;
    this.initial = initial;
    this.known = {};
    const id = uid("heading");
    this.error = new ErrorLine();
    this.select = h("select", {
      id,
      onchange: () => {
        this.update();
        changed();
      },
    });
    const {field, row} = seedField(label, seed, changed);
    this.field = field;
    this.seed = row;
    this.element = h(
      "div",
      {class: "field heading"},
      h("label", {class: "lab", for: id}, label),
      h("div", {class: "row"}, this.select, this.seed),
      this.error.element,
    );
    workbench.tray.subscribe(() => this.draw());
    this.value = initial;
    this.draw();
  }

  /** Adds directions of a kind, and the named ones. */
  addDirections(kind, {directions, named}) {
    Object.assign(this.known, {[kind]: directions, named});
    this.draw();
  }

  update() {
    const {value} = this.select;
    const {tray} = this.workbench;
    this.pin = value.startsWith(PIN) ? tray.pins[Number(value.slice(PIN.length))] : null;
    this.value = this.pin ? null : value;
    this.draw();
  }

  /** The value for messages. */
  get messageValue() {
    return this.pin
      ? {z: this.pin.z}
      : this.value === RANDOM
        ? (parseNumber(this.field.value) ?? this.field.value)
        : this.value;
  }

  /** In a word or two. */
  get name() {
    return this.pin ? "towards a pin" : this.value === RANDOM ? `random ${this.field.value}` : this.value;
  }

  draw() {
    const {
      workbench: {tray},
      known,
      select,
    } = this;
    const at = tray.pins.indexOf(this.pin);
    const group = (label, options) => options.length > 0 && h("optgroup", {label}, ...options);
    const optionsOf = (kind) =>
      known[kind]?.map((direction) =>
        h("option", {value: direction.name}, `${direction.name} · ${percent(direction)}`),
      ) ?? (this.initial.startsWith(kind) ? [h("option", {value: this.initial}, this.initial)] : []);
    if (this.pin && at < 0) {
      // it was taken off
      this.pin = null;
      this.value = RANDOM;
    }
    replace(
      select,
      h("option", {value: RANDOM}, "at random"),
      group(
        "Towards",
        tray.pins.map((_, i) => h("option", {value: PIN + i}, `pin ${i + 1}`)),
      ),
      ...Object.entries(KINDS).map(([kind, title]) => group(`Most changes, ${title}`, optionsOf(kind))),
      group(
        "Named",
        (known.named ?? []).map(({name}) => h("option", {value: name}, name)),
      ),
    );
    select.value = this.pin ? PIN + at : this.value;
    this.seed.hidden = this.value !== RANDOM;
  }

  setError(text) {
    this.error.show(text);
    if (text) this.select.setAttribute("aria-invalid", "true");
    else this.select.removeAttribute("aria-invalid");
  }
}
