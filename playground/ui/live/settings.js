// The left column: what to train, on what, with which knobs.

import {h, icon, replace, uid} from "./dom.js";
import {duration, number, plain, whole} from "./format.js";
import {explain, Knob} from "./knobs.js";
import {thumbnail} from "./thumbs.js";

const DICE = ["M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z", "f:M9 7.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4m6 6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4m0-6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4m-6 6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4"];
const TITLES = {quick: "Quick", paper: "Paper"};

export class Settings {
  /** `started()` is the button; `tuned(name, value)` a live knob that was moved; `estimated(spec)` asks for seconds and bytes. */
  constructor(catalogue, {started, tuned, estimated}) {
    Object.assign(this, {catalogue, started, tuned, estimated, knobs: {}});
    this.element = h("section", {class: "left", "aria-label": "Settings"});
    this.build();
    const {variant, data, preset, seed} = catalogue.first;
    this.seed.value = seed;
    this.choose(variant, data, preset);
  }

  build() {
    const families = Map.groupBy ? Map.groupBy(this.catalogue.variants, (v) => v.family) : this.catalogue.variants.reduce((m, v) => m.set(v.family, [...(m.get(v.family) ?? []), v]), new Map());
    const v = uid("variant"), s = uid("seed"), b = uid("budget");
    this.variantBox = h("select", {id: v, onchange: () => this.choose(this.variantBox.value, this.spec.data, "quick")},
      ...[...families].map(([family, list]) => h("optgroup", {label: family}, ...list.map((x) => h("option", {value: x.id}, x.title)))));
    this.sentence = h("p", {class: "note"});
    this.formula = h("div", {class: "formula"});
    this.paper = h("a", {class: "note paper", target: "_blank", rel: "noreferrer"});
    this.dataName = h("span");
    this.thumbs = h("div", {class: "thumbs", role: "group", "aria-label": "Data"}, ...this.catalogue.data.map((d) =>
      h("button", {type: "button", "aria-label": d.title, title: `${d.title}: ${d.help}`, "data-data": d.id, onclick: () => this.choose(this.spec.variant, d.id, "quick")}, thumbnail(d))));
    this.size = h("div", {class: "seg", role: "radiogroup", "aria-label": "Size"});
    this.preset = h("div", {class: "seg", role: "radiogroup", "aria-label": "Preset"});
    this.changed = h("span", {class: "hand"});
    this.basic = h("div");
    this.more = h("div");
    this.help = h("p", {class: "note help", "aria-hidden": "true"});
    this.seed = h("input", {type: "text", inputmode: "numeric", class: "num", id: s, autocomplete: "off", onchange: () => this.ask()});
    this.budget = h("input", {type: "text", inputmode: "numeric", class: "num", id: b, list: `${b}-list`, autocomplete: "off", onchange: () => this.ask()});
    this.button = h("button", {type: "button", class: "go", onclick: () => this.started()}, "Start a new run");
    this.under = h("p", {class: "note under", role: "status"});
    this.error = h("p", {class: "wrong", role: "alert", hidden: true});
    this.element.append(
      h("div", {class: "field"}, h("label", {class: "lab", for: v}, "Variant"), this.variantBox, this.sentence, this.formula, this.paper),
      h("div", {class: "field"}, h("div", {class: "lab"}, h("span", {}, "Data"), this.dataName), this.thumbs, this.size),
      h("div", {class: "field"}, h("div", {class: "lab"}, h("span", {}, "Preset"), this.changed), this.preset),
      h("div", {class: "rulehead"}, h("h2", {}, "Knobs"), h("span", {}, h("span", {class: "mark now"}, "live"), h("span", {class: "mark re"}, "needs a new run"))),
      this.basic, this.help,
      h("details", {class: "more"}, h("summary", {}, "Advanced"), this.more),
      h("div", {class: "two"},
        h("div", {}, h("label", {class: "lab", for: s}, "Seed"), h("div", {class: "row"}, this.seed,
          h("button", {type: "button", class: "icon boxed", "aria-label": "Another seed", title: "Another seed", onclick: () => { this.seed.value = Math.floor(Math.random() * 1e6); this.ask(); }}, icon(...DICE)))),
        h("div", {}, h("label", {class: "lab", for: b}, "Budget, steps"), this.budget, h("datalist", {id: `${b}-list`}, ...this.catalogue.budgets.map((n) => h("option", {value: n}))))),
      this.error, this.button, this.under);
  }

  get variant() { return this.catalogue.variants.find((v) => v.id === this.spec.variant); }
  get data() { return this.catalogue.data.find((d) => d.id === this.spec.data); }

  /** Show a variant on data with a preset, or with the knobs of a run's spec. */
  choose(variant, data, preset, spec = null) {
    const before = this.spec?.variant;
    this.spec = {variant, data, preset};
    const presets = this.variant.presets[data], found = presets[preset] ?? presets.quick ?? presets.paper;
    this.spec = spec ? {...spec} : {variant, data, preset: presets[preset] ? preset : "paper", size: found.size, knobs: {...found.knobs}, steps: found.steps};
    this.variantBox.value = variant;
    if (before !== variant) this.describe();
    replace(this.dataName, this.data.title);
    for (const thumb of this.thumbs.children) thumb.setAttribute("aria-pressed", String(thumb.dataset.data === data));
    this.segments(this.size, this.data.sizes.length > 1 ? this.data.sizes.map((n) => [n, `${n} px`]) : [], this.spec.size, (n) => { this.spec.size = n; this.ask(); });
    this.segments(this.preset, Object.keys(presets).map((p) => [p, TITLES[p] ?? p]), this.spec.preset, (p) => this.choose(variant, data, p));
    this.budget.value = this.spec.steps;
    if (spec) this.seed.value = spec.seed;
    this.draw();
    this.mark();
    this.ask();
  }

  describe() {
    const {sentence, formula, paper} = this.variant;
    replace(this.sentence, sentence);
    replace(this.formula, ...formula.map((line) => document.importNode(new DOMParser().parseFromString(line, "application/xml").documentElement, true)));
    replace(this.paper, `${paper.authors}, ${paper.year}`).href = paper.url;
    this.paper.title = paper.title;
  }

  segments(box, options, value, chosen) {
    const name = uid("seg");
    replace(box, ...options.map(([key, title]) => h("label", {}, h("input", {type: "radio", name, value: key, checked: key === value, onchange: () => chosen(key)}), h("span", {}, title)))).hidden = !options.length;
  }

  draw() {
    const declared = this.variant.knobs[this.data.kind];
    this.knobs = Object.fromEntries(declared.map((k) => [k.name, new Knob(k, this.spec.knobs[k.name], (...moved) => this.moved(...moved), (about) => replace(this.help, explain(about)), this.variant.beyond[k.name])]));
    replace(this.basic, ...declared.filter((k) => k.basic).map((k) => this.knobs[k.name].row));
    replace(this.more, ...declared.filter((k) => !k.basic).map((k) => this.knobs[k.name].row));
    replace(this.help, "Point at a knob to read what it does.");
  }

  moved(name, value, settled) {
    this.spec.knobs[name] = value;
    this.mark();
    if (!settled) return;
    if (this.knobs[name].knob.live) this.tuned(name, value);
    this.ask();
  }

  /** Whether the knobs are still the preset's own. */
  mark() {
    const own = this.variant.presets[this.spec.data][this.spec.preset]?.knobs;
    replace(this.changed, own && Object.entries(own).some(([k, v]) => this.spec.knobs[k] !== v) ? "changed" : "");
  }

  /** The spec as the server wants it; wrong numbers are refused there, by name. */
  wanted() {
    return {...this.spec, seed: number(this.seed.value) ?? this.seed.value, steps: number(this.budget.value) ?? this.budget.value};
  }

  ask() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.estimated(this.wanted()), 250);
  }

  show({seconds, bytes}) {
    replace(this.under, `about ${duration(seconds)} here, ${bytes > 1e9 ? `${plain(bytes / 1e9)} GB` : `${whole(Math.max(1, bytes / 1e6))} MB`}`);
    this.wrong(null);
  }

  /** A refusal, beside the field it names. */
  wrong(refused) {
    for (const knob of Object.values(this.knobs)) knob.wrong("");
    const knob = refused && this.knobs[refused.field];
    if (knob) knob.wrong(refused.message);
    replace(this.error, refused && !knob ? refused.message : "").hidden = !refused || Boolean(knob);
    for (const [name, field] of [["seed", this.seed], ["steps", this.budget]]) if (refused?.field === name) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    if (refused) replace(this.under, "");
  }

  /** What a tune changed in the run that is shown. */
  tunedTo(mark) {
    const knob = this.knobs[mark.knob];
    if (!knob) return;
    this.spec.knobs[mark.knob] = mark.to;
    knob.set(mark.to);
    knob.says(`was ${plain(mark.from)} until step ${whole(mark.step)}`);
  }
}
