// Directions as sliders; a mix can be saved with one's own model under a name.

import {h, icon, replace, uid} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {ErrorLine} from "../../controls/error_line.js";
import {NumberField, button, ChoiceField} from "../fields.js";
import {KINDS, percent} from "../direction_field.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Slot} from "../slot.js";
import {Tool} from "../tool.js";

const CROSS = "M6 6l12 12M18 6L6 18";
const FAR = 2;

export class MixTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "mix",
      "Directions along which most changes, the strongest first. A step of 1 is as long as a latent usually is.",
    );
    this.sliders = {}; // by name: Amount
    this.from = new Slot(workbench, "from", 1, () => this.ask());
    this.slots = [this.from];
    this.kind = new ChoiceField("Most changes in", Object.entries(KINDS), "layer", () => this.load());
    this.list = h("div", {class: "sliders", role: "group", "aria-label": "Directions"});
    this.own = h("div", {class: "sliders", role: "group", "aria-label": "Named directions"});
    this.fields = {place: this.from};
    this.controls.append(
      this.from.element,
      this.kind.element,
      this.list,
      this.own,
      h(
        "div",
        {class: "acts-of"},
        button("All to 0", () => this.resetAll()),
        button("Pin the result", () => this.pin()),
      ),
      workbench.about.mine ? this.naming() : "",
    );
    this.views = workbench.points
      ? [new ResultView(workbench, {label: "Before and after", sampleName: (i) => ["before", "after"][i]})]
      : ["before", "after"].map(
          (label) => new ResultView(workbench, {label: label, maxSide: 380, sampleName: () => label}),
        );
    this.stage.append(
      h(
        "div",
        {class: workbench.points ? "" : "pair"},
        ...this.views.map(({element}, i) =>
          workbench.points
            ? element
            : h("figure", {}, element, h("figcaption", {class: "note"}, ["before", "after"][i])),
        ),
      ),
    );
    this.latest = new LatestOnly(
      (message) => workbench.ask("move", message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  show() {
    super.show();
    if (!this.loaded) this.load();
  }

  outdate() {
    this.loaded = false;
  }

  async load() {
    this.loaded = true;
    const {value} = this.kind;
    try {
      const {directions, named} = await this.workbench.directions(value);
      if (value !== this.kind.value) return;
      this.fill(this.list, directions, value);
      this.showNamed(this.named ?? named);
      this.ask();
    } catch (error) {
      this.loaded = false;
      this.showFailure(error);
    }
  }

  slider(name, words) {
    const amount =
      this.sliders[name] ?? new NumberField(words, {low: -FAR, high: FAR, step: 0.05, value: 0}, () => this.ask());
    this.sliders[name] = amount;
    return amount.element;
  }

  fill(list, directions, kind) {
    for (const name of Object.keys(this.sliders))
      if (Object.keys(KINDS).includes(name.split(" ")[0]) && !name.startsWith(kind)) delete this.sliders[name];
    replace(
      list,
      ...directions.map((direction) => this.slider(direction.name, `${direction.name}, ${percent(direction)}`)),
    );
  }

  /** Shows the named directions, with buttons that delete them. */
  showNamed(named) {
    this.named = named;
    for (const name of Object.keys(this.sliders))
      if (!Object.keys(KINDS).includes(name.split(" ")[0]) && !named.some((direction) => direction.name === name))
        delete this.sliders[name];
    const deleteButton = (name) =>
      h(
        "button",
        {
          type: "button",
          class: "icon",
          "aria-label": `Take the name ${name} away`,
          title: "Take this name away",
          onclick: ({currentTarget}) => this.forget(name, currentTarget),
        },
        icon(CROSS),
      );
    replace(
      this.own,
      named.length > 0 && h("div", {class: "lab"}, "Named"),
      ...named.map(({name}) =>
        h("div", {class: "row named"}, this.slider(name, name), this.workbench.about.mine && deleteButton(name)),
      ),
    );
  }

  /** Deletes a name on the second press, because it cannot be undone. */
  forget(name, pressed) {
    if (pressed.dataset.sure) return this.name(name, {});
    pressed.dataset.sure = true;
    pressed.title = "Press again: this cannot be undone";
    pressed.setAttribute("aria-label", `Take the name ${name} away: press again, this cannot be undone`);
    pressed.addEventListener("blur", () => this.showNamed(this.named), {once: true});
  }

  naming() {
    const id = uid("name");
    const error = new ErrorLine();
    this.title = h("input", {type: "text", class: "num", id, maxlength: 80, autocomplete: "off"});
    const setError = (text) => {
      error.show(text);
      if (text) this.title.setAttribute("aria-invalid", "true");
      else this.title.removeAttribute("aria-invalid");
    };
    this.fields.name = this.fields.weights = {setError};
    return h(
      "form",
      {
        class: "field naming",
        onsubmit: (event) => {
          event.preventDefault();
          this.keep();
        },
      },
      h("label", {class: "lab", for: id}, "Keep this mix with your model, as"),
      h("div", {class: "row"}, this.title, h("button", {type: "submit", class: "ghost"}, "Keep")),
      error.element,
    );
  }

  keep() {
    const {weights} = this;
    if (Object.keys(weights).length) return this.name(this.title.value.trim(), weights);
    return this.fields.weights.setError("move a slider first: this mix leads nowhere");
  }

  async name(name, weights) {
    try {
      const {named} = await this.workbench.ask("name_direction", {name, weights});
      this.workbench.kinds = {};
      this.showNamed(named);
      this.title.value = "";
      this.showNote(Object.keys(weights).length ? `Kept as ${name}` : `${name} is no name any more`);
    } catch (error) {
      this.showFailure(error);
    }
  }

  get weights() {
    return Object.fromEntries(
      Object.entries(this.sliders)
        .map(([name, {value}]) => [name, value])
        .filter(([, value]) => value !== 0),
    );
  }

  resetAll() {
    for (const amount of Object.values(this.sliders)) amount.value = 0;
    this.ask();
  }

  ask() {
    this.latest.schedule({place: this.from.place, weights: this.weights});
  }

  showAnswer(answer) {
    const {points} = answer;
    this.answer = answer;
    if (points)
      this.views[0].set(answer, {
        layers: {
          links: [points],
          marks: [
            {at: points[0], kind: "fake", name: "before"},
            {at: points[1], kind: "hand", name: "after"},
          ],
        },
      });
    else this.views.forEach((view, i) => view.set(answer, {which: [i]}));
    this.showNote(`|z| ${answer.norms.map((v) => short(v)).join(" → ")}`);
  }

  pin() {
    if (this.answer) this.workbench.tray.toggle(this.views.at(-1).pins.at(-1));
  }

  draw() {
    for (const view of this.views) view.draw();
  }
}
