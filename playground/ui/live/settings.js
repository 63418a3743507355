// The left column: what to train, on what, with which knobs.

import {About} from "./about.js";
import {Budget} from "./budget.js";
import {DataPicker} from "./data.js";
import {h, icon, replace, say, uid} from "./dom.js";
import {capital, number} from "./format.js";
import {door} from "./head.js";
import {Hint} from "./hint.js";
import {Knob} from "./knobs.js";
import {segments} from "./segments.js";
import {Variants} from "./variants.js";

const PIP = "a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6";
const DICE = ["M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z", `f:M8.8 7.5${PIP}M15.2 7.5${PIP}M8.8 13.9${PIP}M15.2 13.9${PIP}`];
const MOST = 1e6;

/** A button that draws another seed into `field`. */
export function dice(label, field, then) {
  return h("button", {type: "button", class: "icon boxed", "aria-label": label, title: label, onclick: () => {
    field.value = Math.floor(Math.random() * MOST);
    then();
  }}, icon(...DICE));
}

export class Settings {
  /** `hears`: started(); tuned(name, value), a live knob was moved; estimate(spec, turn), which is shown by `estimated`. */
  constructor(api, catalogue, hears) {
    Object.assign(this, {api, catalogue, hears, knobs: {}, running: null, turn: 0});
    this.element = h("section", {class: "left", "aria-label": "Settings"});
    this.hint = new Hint(this.element);
    this.build();
    const {variant, data, preset, seed} = catalogue.first;
    this.seed.value = seed;
    this.choose(variant, data, preset);
  }

  build() {
    const s = uid("seed"), ask = () => this.ask();
    this.variants = new Variants(this.catalogue.variants, (id) => this.choose(id, this.spec.data, "quick"));
    this.about = new About();
    this.dataBox = new DataPicker(this.api, this.catalogue.data, this.hint, {chosen: (id) => this.choose(this.spec.variant, id, "quick"), changed: () => this.shaped()});
    this.preset = h("div", {class: "seg", role: "radiogroup", "aria-label": "Preset"});
    this.changed = h("button", {type: "button", class: "link hand", "data-testid": "changed", title: "Back to the preset's knobs", onclick: () => this.choose(this.spec.variant, this.spec.data, this.spec.preset)}, "changed, undo");
    this.basic = h("div", {class: "knobs"});
    this.more = h("div", {class: "knobs"});
    this.count = h("span", {class: "note"});
    this.seed = h("input", {type: "text", inputmode: "numeric", class: "num", id: s, autocomplete: "off", onchange: ask});
    this.budget = new Budget(this.catalogue.budgets, this.catalogue.limits, ask);
    this.button = h("button", {type: "button", class: "go", "data-testid": "start", onclick: () => this.hears.started()}, "Start a new run");
    const {may_train: may, sign_in: way} = this.catalogue.me;
    this.signs = !may && way ? h("p", {class: "note under", "data-testid": "sign-in"}, door(way, "Sign in"), " to train: here only people who are signed in do.") : null;
    this.under = h("p", {class: "note under", role: "status", "data-testid": "estimate"});
    const slot = (...names) => names.map((name) => (this.slots[name] = h("p", {class: "wrong", role: "alert", hidden: true, "data-error": name})));
    this.slots = {};
    this.element.append(
      h("div", {class: "field"}, this.variants.element, slot("variant"), this.about.element),
      this.dataBox.element, ...slot("data", "size", "options"),
      h("div", {class: "field"}, h("div", {class: "lab"}, h("span", {}, "Preset"), this.changed), this.preset, slot("preset")),
      h("div", {class: "rulehead"}, h("h2", {}, "Knobs"), h("span", {}, h("span", {class: "mark now"}, "live"), h("span", {class: "mark re"}, "needs a new run"))),
      this.basic,
      h("details", {class: "more"}, h("summary", {}, h("span", {}, "Advanced"), this.count), this.more),
      h("div", {class: "two"}, h("div", {}, h("label", {class: "lab", for: s}, "Seed"), h("div", {class: "row"}, this.seed, dice("Another seed", this.seed, ask))), this.budget.element),
      this.budget.note, ...slot("seed", "steps"), h("div", {class: "launch"}, ...slot("any"), this.button, this.signs, this.under));
  }

  get variant() { return this.catalogue.variants.find((v) => v.id === this.spec.variant); }
  get rows() { return [...Object.values(this.knobs), ...Object.values(this.dataBox.options)]; }
  get data() { return this.catalogue.data.find((d) => d.id === this.spec.data); }

  /** Show a variant on data with a preset, or all of a run's `spec`. Size and options are the data's: they outlast another variant or preset. */
  choose(variant, data, preset, spec = null) {
    const before = this.spec, same = before?.data === data;
    this.spec = {variant, data, preset};
    const presets = this.variant.presets[data], name = preset in presets ? preset : Object.keys(presets)[0], found = presets[name];
    const size = same && this.sized ? before.size : found.size, options = same ? this.dataBox.chosen : null;
    this.sized = same && this.sized;
    const born = Object.fromEntries(this.variant.knobs[this.data.kind].map((k) => [k.name, k.default]));      // of a knob younger than the run
    this.spec = spec ? {...structuredClone(spec), knobs: {...born, ...spec.knobs}, preset: spec.preset || name} : {variant, data, preset: name, size, knobs: this.dataBox.fitting(found.knobs, this.catalogue.data.find((d) => d.id === data)), steps: found.steps};
    this.refused(null);
    this.dataBox.set(this.data, this.spec.size, spec ? spec.options : options ?? {});
    this.spec.options = this.dataBox.chosen ?? undefined;
    if (before?.variant !== variant || !same) this.describe();
    segments(this.preset, Object.keys(presets).map((p) => [p, capital(p)]), this.spec.preset, (p) => this.choose(variant, data, p));
    this.budget.value = this.spec.steps;
    if (spec) this.seed.value = spec.seed;
    for (const [name, knob] of Object.entries(this.knobs)) {
      knob.was = "";
      knob.set(this.spec.knobs[name]);
    }
    this.compare();
    this.ask();
  }

  /** Another size, or another option of the data. */
  shaped() {
    this.sized ||= this.spec.size !== this.dataBox.size;
    Object.assign(this.spec, {size: this.dataBox.size, options: this.dataBox.chosen ?? undefined});
    this.compare();
    this.ask();
  }

  describe() {
    const {knobs, beyond} = this.variant, declared = knobs[this.data.kind];
    this.variants.set(this.variant, (variant) => variant.warns?.[this.data.id] ?? "");
    this.about.draw(this.variant, this.data);
    this.hint.hide();
    this.knobs = Object.fromEntries(declared.map((k) => [k.name, new Knob(k, this.spec.knobs[k.name], (...moved) => this.moved(...moved), beyond[k.name])]));
    for (const {knob, row} of Object.values(this.knobs)) this.hint.on(row, knob, beyond[knob.name]);
    replace(this.basic, ...declared.filter((k) => k.basic).map((k) => this.knobs[k.name].row));
    replace(this.more, ...declared.filter((k) => !k.basic).map((k) => this.knobs[k.name].row));
  }

  moved(name, value, settled) {
    this.spec.knobs[name] = value;
    this.compare();
    if (!settled) return;
    if (this.knobs[name].knob.live) this.hears.tuned(name, value);
    this.ask();
  }

  /** Whether the knobs are the preset's own still, and where they are not the run's. */
  compare() {
    const preset = this.variant.presets[this.spec.data][this.spec.preset], own = preset ? this.dataBox.fitting(preset.knobs, this.data) : {}, here = Object.keys(this.knobs).filter((k) => k in own && this.spec.knobs[k] !== own[k]);
    this.changed.hidden = !here.length;
    const hidden = Object.values(this.knobs).filter(({knob}) => !knob.basic), moved = hidden.filter(({knob}) => here.includes(knob.name)).length;
    say(this.count, moved ? `${moved} changed` : `${hidden.length} knobs`);
    const same = this.running && this.running.variant === this.spec.variant && this.running.data === this.spec.data;
    for (const [name, knob] of Object.entries(this.knobs)) knob.differs(same && !(knob.knob.live && this.running.live) ? this.running.knobs[name] : null);
    for (const [name, option] of Object.entries(this.dataBox.options)) option.differs(same ? this.running.options?.[name] : null);
  }

  /** The run that is shown: {variant, data, options, knobs as they are now, live: whether tunes reach it}, or null. */
  beside(running) {
    this.running = running;
    this.compare();
  }

  /** The spec as the server wants it; wrong numbers are refused there, by name. */
  wanted() {
    return {...this.spec, seed: number(this.seed.value) ?? this.seed.value, steps: this.budget.value};
  }

  ask() {
    clearTimeout(this.soon);
    this.turn += 1;
    this.soon = setTimeout(() => this.hears.estimate(this.wanted(), this.turn), 250);
  }

  /** `turn`: which question it answers. A late one may not wipe what was said since. */
  estimated({text}, turn) {
    if (turn !== this.turn) return;
    this.refused(null);
    say(this.under, text);
  }

  /** A refusal in words beside the field that it names; null clears all. Nothing older than it is heard any more. */
  refused(error) {
    if (error) this.turn += 1;
    for (const knob of this.rows) if (!knob.unread) knob.wrong("");
    const knob = error && (this.knobs[error.field] ?? this.dataBox.options[error.field]), slot = error && !knob && (error.field in this.slots ? error.field : "any");
    knob?.wrong(error.message);
    if (knob && !knob.knob.basic && !knob.knob.of) this.element.querySelector("details").open = true;
    for (const [name, line] of Object.entries(this.slots)) {
      say(line, name === slot ? error.message : "");
      line.hidden = name !== slot;
    }
    this.budget.invalid(slot === "steps");
    if (slot === "seed") this.seed.setAttribute("aria-invalid", "true"); else this.seed.removeAttribute("aria-invalid");
    if (error) say(this.under, "");
    return knob ? knob.row : this.slots[slot];
  }

  /** `watching`: somebody else's run is shown, on which no knob acts. */
  watches(watching) {
    this.element.classList.toggle("watching", watching);
  }

  /** Whether every knob's field can be read; goes to the first that cannot. */
  sound() {
    const bad = this.rows.find((knob) => knob.unread);
    if (bad && !bad.knob.basic && !bad.knob.of) this.element.querySelector("details").open = true;
    bad?.field.focus();
    return !bad;
  }

  /** A tune reached the run that is shown. */
  tunedTo(mark) {
    this.spec.knobs[mark.knob] = mark.to;
    this.knobs[mark.knob]?.tuned(mark);
  }
}
