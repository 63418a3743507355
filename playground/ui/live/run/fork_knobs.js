// The variant and the knobs of a fork, and how they differ from the parent's.

import {lacking} from "../core/catalogue.js";
import {h, replace, uid} from "../core/dom.js";
import {plain} from "../core/format.js";
import {knobLabel} from "../controls/hint.js";
import {lockRows} from "../setup/knob_needs.js";
import {KnobRow} from "../setup/knob_row.js";

export class ForkKnobs {
  /** @param {(changes: number) => void} onChange called with how many things are not as the parent has them */
  constructor(catalogue, onChange) {
    this.catalogue = catalogue;
    this.onChange = onChange;
    this.knobs = {};
    const id = uid("fork-variant");
    this.variant = h("select", {id, onchange: () => this.setVariant(this.variant.value)});
    this.variantField = h("div", {class: "field"}, h("label", {class: "lab", for: id}, "Variant"), this.variant);
    this.basic = h("div", {class: "knobs"});
    this.more = h("div", {class: "knobs"});
    this.details = h("details", {class: "more"}, h("summary", {}, h("span", {}, "Advanced")), this.more);
    this.changes = h("p", {class: "changes", "data-testid": "fork-changes"});
  }

  /** Shows the knobs of the run that is forked. */
  begin({spec, variant, data, history}) {
    this.spec = spec;
    this.parent = variant;
    this.data = data;
    this.history = history;
    const {variants} = this.catalogue;
    const families = [...new Set(variants.map((v) => v.family))];
    const option = (v) => {
      const missing = lacking(v, data);
      return h("option", {value: v.id, disabled: Boolean(missing)}, missing ? `${v.title}, needs ${missing}` : v.title);
    };
    const options = (family) => variants.filter((v) => v.family === family).map(option);
    replace(this.variant, ...families.map((family) => h("optgroup", {label: family}, ...options(family))));
  }

  /** Sets the step; keeps what is set, unless another variant and changed knobs are given. */
  setStep(step, variant = this.variant.value, changed = null) {
    this.step = step;
    this.setVariant(variant, changed ?? this.changedKnobs());
  }

  /** The parent's knobs at the chosen step. */
  parentKnobs() {
    return Object.fromEntries(
      Object.entries(this.spec.knobs).map(([name, value]) => [
        name,
        this.history.knobValues(name, value, this.step).at(-1)[1],
      ]),
    );
  }

  /** Switches to a variant; `changed` knobs override the parent's. */
  setVariant(id, changed = {}) {
    const variant = this.catalogue.variants.find((v) => v.id === id);
    const parentKnobs = this.parentKnobs();
    const preset = Object.values(variant.presets[this.spec.data])[0].knobs;
    this.variant.value = id;
    const open = document.activeElement?.closest(".forking [data-knob]")?.getAttribute("data-knob");
    this.knobs = Object.fromEntries(
      variant.knobs[this.data.kind].map((k) => [
        k.name,
        new KnobRow(
          {...k, live: true},
          changed[k.name] ?? parentKnobs[k.name] ?? preset[k.name],
          () => this.update(),
          variant.paper_range[k.name],
        ),
      ]),
    );
    const rows = (basic) =>
      variant.knobs[this.data.kind].filter((k) => k.basic === basic).map((k) => this.knobs[k.name].row);
    replace(this.basic, ...rows(true));
    replace(this.more, ...rows(false));
    if (open) this.knobs[open]?.controls[0].focus();
    this.update();
  }

  /** Knobs that differ from the parent's: {name: value}. */
  changedKnobs() {
    const parentKnobs = this.parentKnobs();
    return Object.fromEntries(
      Object.entries(this.knobs)
        .filter(([name, {value}]) => value !== parentKnobs[name])
        .map(([name, {value}]) => [name, value]),
    );
  }

  update() {
    const parentKnobs = this.parentKnobs();
    const changed = this.changedKnobs();
    const names = Object.keys(changed);
    const otherVariant = this.variant.value !== this.parent.id;
    for (const [name, knob] of Object.entries(this.knobs)) {
      knob.previous =
        parentKnobs[name] === undefined
          ? "its parent has none"
          : name in changed
            ? `its parent has ${plain(parentKnobs[name])}`
            : "";
      knob.updateNote();
    }
    lockRows(this.knobs);
    const shown = names.filter((name) => parentKnobs[name] !== undefined);
    replace(
      this.changes,
      otherVariant && h("span", {}, `as ${this.catalogue.variants.find((v) => v.id === this.variant.value).title}`),
      ...shown.map((name) =>
        h("span", {}, ...this.label(name), ` ${plain(parentKnobs[name])} → ${plain(changed[name])}`),
      ),
    );
    const n = shown.length + Number(otherVariant);
    this.changes.hidden = !n;
    this.onChange(n);
  }

  label(name) {
    const {knob} = this.knobs[name];
    return knobLabel(knob);
  }

  /** Shows an error at the knob `field` and clears the others. The knob's row, undefined when there is none. */
  setError(text, field) {
    for (const [name, knob] of Object.entries(this.knobs)) if (name !== field && !knob.isInvalid) knob.setError("");
    const knob = this.knobs[field];
    knob?.setError(text);
    if (knob && !knob.knob.basic) this.details.open = true;
    return knob?.row;
  }

  /** The first knob whose field cannot be read. */
  get firstInvalid() {
    return Object.values(this.knobs).find((knob) => knob.isInvalid);
  }

  /** The message's part: {knobs, variant: if it changes}. */
  get request() {
    return {
      knobs: this.changedKnobs(),
      ...(this.variant.value !== this.parent.id ? {variant: this.variant.value} : {}),
    };
  }
}
