// Directions as sliders: where a mix of them leads from one place, live; one's own model keeps a mix under a name.

import {h, icon, replace, uid} from "../dom.js";
import {short} from "../format.js";
import {Amount, button, Choice, Wrong} from "./fields.js";
import {KINDS, percent} from "./heading.js";
import {Latest} from "./latest.js";
import {Show} from "./show.js";
import {Slot} from "./slot.js";
import {Tool} from "./tool.js";

const CROSS = "M6 6l12 12M18 6L6 18", FAR = 2;

export class Mix extends Tool {
  constructor(desk) {
    super(desk, "mix", "Directions along which most changes, the strongest first. A step of 1 is as long as a latent usually is.");
    this.sliders = {};                  // by name: Amount
    this.from = new Slot(desk, "from", 1, () => this.ask());
    this.slots = [this.from];
    this.kind = new Choice("Most changes in", Object.entries(KINDS), "layer", () => this.load());
    this.list = h("div", {class: "sliders", role: "group", "aria-label": "Directions"});
    this.own = h("div", {class: "sliders", role: "group", "aria-label": "Named directions"});
    this.fields = {place: this.from};
    this.controls.append(this.from.element, this.kind.element, this.list, this.own, h("div", {class: "acts-of"}, button("All to 0", () => this.level()), button("Pin the result", () => this.pin())), desk.about.mine ? this.naming() : "");
    this.pair = desk.points ? [new Show(desk, {label: "Before and after", called: (i) => ["before", "after"][i]})] : ["before", "after"].map((called) => new Show(desk, {label: called, most: 380, called: () => called}));
    this.stage.append(h("div", {class: desk.points ? "" : "pair"}, ...this.pair.map(({element}, i) => (desk.points ? element : h("figure", {}, element, h("figcaption", {class: "note"}, ["before", "after"][i]))))));
    this.latest = new Latest((message) => desk.ask("move", message), (made) => this.shown(made), (error) => this.failed(error));
  }

  show() {
    super.show();
    if (!this.loaded) this.load();
  }

  async load() {
    this.loaded = true;
    const {value} = this.kind;
    try {
      const {directions, named} = await this.desk.directions(value);
      if (value !== this.kind.value) return;
      this.fill(this.list, directions, value);
      this.called(this.named ?? named);
      this.ask();
    } catch (error) {
      this.loaded = false;
      this.failed(error);
    }
  }

  slider(name, words) {
    const amount = this.sliders[name] ?? new Amount(words, {low: -FAR, high: FAR, step: 0.05, value: 0}, () => this.ask());
    this.sliders[name] = amount;
    return amount.element;
  }

  fill(list, directions, kind) {
    for (const name of Object.keys(this.sliders)) if (Object.keys(KINDS).includes(name.split(" ")[0]) && !name.startsWith(kind)) delete this.sliders[name];
    replace(list, ...directions.map((one) => this.slider(one.name, `${one.name}, ${percent(one)}`)));
  }

  /** The directions that have names, with what takes these away. */
  called(named) {
    this.named = named;
    for (const name of Object.keys(this.sliders)) if (!Object.keys(KINDS).includes(name.split(" ")[0]) && !named.some((one) => one.name === name)) delete this.sliders[name];
    const away = (name) => h("button", {type: "button", class: "icon", "aria-label": `Take the name ${name} away`, title: "Take this name away", onclick: ({currentTarget}) => this.forget(name, currentTarget)}, icon(CROSS));
    replace(this.own, named.length > 0 && h("div", {class: "lab"}, "Named"), ...named.map(({name}) => h("div", {class: "row named"}, this.slider(name, name), this.desk.about.mine && away(name))));
  }

  /** Twice, for it cannot be undone. */
  forget(name, asked) {
    if (asked.dataset.sure) return this.name(name, {});
    asked.dataset.sure = true;
    asked.title = "Press again: this cannot be undone";
    asked.setAttribute("aria-label", `Take the name ${name} away: press again, this cannot be undone`);
    asked.addEventListener("blur", () => this.called(this.named), {once: true});
  }

  naming() {
    const id = uid("name"), error = new Wrong();
    this.title = h("input", {type: "text", class: "num", id, maxlength: 80, autocomplete: "off"});
    const wrong = (text) => {
      error.tell(text);
      if (text) this.title.setAttribute("aria-invalid", "true"); else this.title.removeAttribute("aria-invalid");
    };
    this.fields.name = this.fields.weights = {wrong};
    return h("form", {class: "field naming", onsubmit: (event) => { event.preventDefault(); this.keep(); }},
      h("label", {class: "lab", for: id}, "Keep this mix with your model, as"), h("div", {class: "row"}, this.title, h("button", {type: "submit", class: "ghost"}, "Keep")), error.element);
  }

  keep() {
    const {weights} = this;
    if (Object.keys(weights).length) return this.name(this.title.value.trim(), weights);
    return this.fields.weights.wrong("move a slider first: this mix leads nowhere");
  }

  async name(name, weights) {
    try {
      const {named} = await this.desk.ask("name_direction", {name, weights});
      this.desk.kinds = {};
      this.called(named);
      this.title.value = "";
      this.well(Object.keys(weights).length ? `Kept as ${name}` : `${name} is no name any more`);
    } catch (error) {
      this.failed(error);
    }
  }

  get weights() {
    return Object.fromEntries(Object.entries(this.sliders).map(([name, {value}]) => [name, value]).filter(([, value]) => value !== 0));
  }

  level() {
    for (const amount of Object.values(this.sliders)) amount.value = 0;
    this.ask();
  }

  ask() {
    this.latest.soon({place: this.from.place, weights: this.weights});
  }

  shown(made) {
    const {points} = made;
    this.made = made;
    if (points) this.pair[0].set(made, {layers: {links: [points], marks: [{at: points[0], kind: "fake", name: "before"}, {at: points[1], kind: "hand", name: "after"}]}});
    else this.pair.forEach((show, i) => show.set(made, {which: [i]}));
    this.well(`|z| ${made.norms.map((v) => short(v)).join(" → ")}`);
  }

  pin() {
    if (this.made) this.desk.tray.toggle(this.pair.at(-1).pins.at(-1));
  }

  draw() {
    for (const show of this.pair) show.draw();
  }
}
