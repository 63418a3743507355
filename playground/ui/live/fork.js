// Beginning another run where one stands, or stood: from which step, as which variant, with which knobs. The parent stays as it is.

import {Lost} from "./api.js";
import {h, icon, replace, say, symbol, uid} from "./dom.js";
import {number, plain, whole} from "./format.js";
import {called} from "./hint.js";
import {Knob} from "./knobs.js";

const QUARTER = ["lr_g", "lr_d"], LEAST = 1e-5;

/** What rescues a run that blew up: `knobs` at a quarter of their rates, as far as they go. */
export const quartered = (knobs) => Object.fromEntries(QUARTER.filter((name) => knobs[name] != null).map((name) => [name, Math.max(LEAST, Number((knobs[name] / 4).toPrecision(3)))]));

/** The newest of sorted `steps` at or before `step`; the first when all are later, null without any. */
export const nearest = (steps, step) => steps.findLast((s) => s <= step) ?? steps[0] ?? null;

export class Forking {
  /** `opened(made)`: a child has begun, {run, step, fresh}. */
  constructor(api, catalogue, opened) {
    Object.assign(this, {api, catalogue, opened});
    const v = uid("fork-variant"), b = uid("fork-budget"), r = uid("fork-rests"), title = uid("fork-title");
    this.from = h("input", {type: "range", class: "time", "aria-label": "From step", min: 0, step: 1, oninput: () => this.stand(Number(this.from.value))});
    this.at = h("b", {"data-testid": "fork-step"});
    this.stood = h("p", {class: "note"});
    this.cause = h("p", {class: "note cause"});
    this.variant = h("select", {id: v, onchange: () => this.become(this.variant.value)});
    this.basic = h("div", {class: "knobs"});
    this.more = h("div", {class: "knobs"});
    this.details = h("details", {class: "more"}, h("summary", {}, h("span", {}, "Advanced")), this.more);
    this.budget = h("input", {type: "text", inputmode: "numeric", class: "num", id: b, autocomplete: "off", oninput: () => this.tell()});
    this.rests = h("input", {type: "checkbox", role: "switch", id: r});
    this.room = h("div", {class: "row spread rests"}, h("label", {class: "note", for: r}, "Pause this run, so that the fork need not wait"), this.rests);
    this.changes = h("p", {class: "changes", "data-testid": "fork-changes"});
    this.error = h("p", {class: "wrong", role: "alert", hidden: true});
    this.go = h("button", {type: "submit", class: "go fork", "data-testid": "fork-go"});
    const close = () => this.element.close();
    this.element = h("dialog", {class: "dialog forking", "aria-labelledby": title, onclick: ({target}) => { if (target === this.element) close(); }},
      h("form", {method: "dialog", onsubmit: (event) => { event.preventDefault(); this.submit(); }},
        h("div", {class: "cap"}, h("h2", {id: title}, "Fork"), h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon("M6 6l12 12M18 6L6 18"))),
        h("p", {class: "note"}, "A second run that begins with the same weights, optimisers, latents and place in the data. This one stays as it is."), this.cause,
        h("div", {class: "field"}, h("div", {class: "lab"}, h("span", {}, "From step"), this.at), this.from, this.stood),
        h("div", {class: "field"}, h("label", {class: "lab", for: v}, "Variant"), this.variant),
        this.basic, this.details,
        h("div", {class: "row spread"}, h("label", {class: "note", for: b}, "Steps in all"), this.budget), this.room,
        this.changes, this.error, this.go));
  }

  /**
   * Ask a person. `run`: the poll's news; `spec`, `variant`, `data`, `history` of it; `step`: near which, null for now; `alarm`: what went wrong after it;
   * `knobs`, `as`: what is to be changed to begin with, values and a variant's id.
   */
  async open({run, spec, variant, data, history, step = null, alarm = null, knobs = {}, as = null}) {
    Object.assign(this, {run, spec, parent: variant, data, history, alarm, steps: []});
    const families = [...new Set(this.catalogue.variants.map((v) => v.family))];
    replace(this.variant, ...families.map((family) => h("optgroup", {label: family}, ...this.catalogue.variants.filter((v) => v.family === family).map((v) => h("option", {value: v.id}, v.title)))));
    say(this.cause, alarm ? `${alarm.says} Unchanged, it would come to the same again: change something.` : "");
    this.cause.hidden = !alarm;
    this.budget.value = spec.steps;
    this.room.hidden = !run.mine || run.status !== "running";
    this.rests.checked = !this.room.hidden && this.catalogue.limits.running < 2;
    this.step = step ?? run.step;
    this.wrong("");
    this.become(as ?? variant.id, knobs);
    this.details.open = false;
    this.ready(false, "looking for checkpoints");
    this.element.showModal();
    this.from.focus();
    const found = await this.api.checkpoints({run: run.run}).catch((error) => this.failed(error));
    if (!found || this.run !== run) return;
    this.steps = ["running"].includes(run.status) ? [...found.steps.filter((s) => s < run.step), null] : found.steps;        // null: now
    this.from.max = Math.max(0, this.steps.length - 1);
    this.from.disabled = this.steps.length < 2;
    if (!this.steps.length) {
      this.ready(false);
      return this.wrong("There is no checkpoint of this run to begin from, yet.");
    }
    const at = step == null ? this.steps.length - 1 : this.steps.indexOf(nearest(this.steps.filter((s) => s != null), step));
    this.stand(Math.max(0, at), step);
    this.ready(true);
  }

  /** From the checkpoint number `i`. `wanted`: the step that was asked for. */
  stand(i, wanted = null) {
    const step = this.steps[i], last = step == null;
    this.chosen = i;
    this.from.value = i;
    this.from.style.setProperty("--done", `${this.steps.length > 1 ? i / (this.steps.length - 1) * 100 : 100}%`);
    this.from.setAttribute("aria-valuetext", last ? "now" : `step ${whole(step)}`);
    say(this.at, last ? "now" : whole(step));
    say(this.stood, last ? "It is kept as it stands at this moment." : wanted != null && wanted !== step ? `The newest checkpoint at or before step ${whole(wanted)}.` : `One of ${this.steps.length} kept checkpoints.`);
    this.step = step ?? this.run.step;
    const left = number(this.budget.value);
    if (left != null && left <= this.step) this.budget.value = this.step + this.spec.steps;
    this.become(this.variant.value, this.wanted());
  }

  /** What the parent had at the step chosen. */
  had() {
    return Object.fromEntries(Object.entries(this.spec.knobs).map(([name, value]) => [name, this.history.knob(name, value, this.step).at(-1)[1]]));
  }

  /** As the variant `id`, `changed` beside what the parent had. */
  become(id, changed = {}) {
    const variant = this.catalogue.variants.find((v) => v.id === id), had = this.had(), preset = Object.values(variant.presets[this.spec.data])[0].knobs;
    this.variant.value = id;
    const open = document.activeElement?.closest(".forking [data-knob]")?.dataset.knob;
    this.knobs = Object.fromEntries(variant.knobs[this.data.kind].map((k) => [k.name, new Knob({...k, live: true}, changed[k.name] ?? had[k.name] ?? preset[k.name], () => this.tell(), variant.beyond[k.name])]));
    const rows = (basic) => variant.knobs[this.data.kind].filter((k) => k.basic === basic).map((k) => this.knobs[k.name].row);
    replace(this.basic, ...rows(true));
    replace(this.more, ...rows(false));
    if (open) this.knobs[open]?.controls[0].focus();
    this.tell();
  }

  /** Knobs that are not as the parent's were: {name: value}. */
  wanted() {
    const had = this.had();
    return Object.fromEntries(Object.entries(this.knobs).filter(([name, {value}]) => value !== had[name]).map(([name, {value}]) => [name, value]));
  }

  tell() {
    const had = this.had(), wanted = this.wanted(), names = Object.keys(wanted), other = this.variant.value !== this.parent.id;
    for (const [name, knob] of Object.entries(this.knobs)) {
      knob.was = had[name] === undefined ? "its parent has none" : name in wanted ? `its parent has ${plain(had[name])}` : "";
      knob.tell();
    }
    const shown = names.filter((name) => had[name] !== undefined);
    replace(this.changes, other && h("span", {}, `as ${this.catalogue.variants.find((v) => v.id === this.variant.value).title}`),
      ...shown.map((name) => h("span", {}, this.letter(name), ` ${plain(had[name])} → ${plain(wanted[name])}`)));
    const n = shown.length + other;
    this.changes.hidden = !n;
    say(this.go, n ? (n === 1 ? "Fork with this change" : `Fork with these ${n} changes`) : "Fork unchanged");
  }

  letter(name) {
    const {knob} = this.knobs[name];
    return knob.symbol ? symbol(knob.symbol) : called(knob);
  }

  ready(ready, why = "") {
    this.go.disabled = !ready;
    if (!ready) say(this.stood, why);
  }

  wrong(text, field = null) {
    for (const [name, knob] of Object.entries(this.knobs ?? {})) if (name !== field && !knob.unread) knob.wrong("");
    const knob = this.knobs?.[field];
    knob?.wrong(text);
    if (knob && !knob.knob.basic) this.details.open = true;
    if (field === "steps") this.budget.setAttribute("aria-invalid", "true"); else this.budget.removeAttribute("aria-invalid");
    say(this.error, knob ? "" : text);
    this.error.hidden = Boolean(knob) || !text;
    (knob?.row ?? this.error).scrollIntoView({block: "nearest"});
  }

  failed(error) {
    if (!error.field && !(error instanceof Lost)) throw error;
    this.wrong(error instanceof Lost ? `Not done: ${error.message}. Try again.` : error.message, error.field);
    return null;
  }

  async submit() {
    const unread = Object.values(this.knobs).find((knob) => knob.unread);
    if (unread) return unread.field.focus();
    const other = this.variant.value !== this.parent.id ? {variant: this.variant.value} : {};
    this.wrong("");
    return this.make({run: this.run.run, step: this.steps[this.chosen], knobs: this.wanted(), steps: number(this.budget.value) ?? this.budget.value, ...other});
  }

  /** Without asking: {run, step, knobs, variant, steps}. What is refused is said in the dialog. */
  async make(asked) {
    if (this.making) return;
    this.making = this.go.disabled = true;
    const made = await this.api.fork(asked).catch((error) => this.failed(error));
    this.making = this.go.disabled = false;
    if (!made) return;
    if (this.rests.checked) await this.api.act({run: asked.run, do: "pause", n: 1}).catch((error) => this.failed(error));
    this.element.close();
    this.opened(made);
  }
}
