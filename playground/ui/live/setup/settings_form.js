// The fields of the left column, and their errors.

import {VariantInfo} from "./variant_info.js";
import {StepBudget} from "./step_budget.js";
import {DatasetPicker} from "./data/dataset_picker.js";
import {diceButton} from "../core/seed_dice.js";
import {h, setText, uid} from "../core/dom.js";
import {FieldErrors} from "./field_errors.js";
import {Hint} from "../controls/hint.js";
import {KnobPanel} from "./knob_panel.js";
import {SettingsLinks} from "./address/settings_links.js";
import {StartButton} from "./start_button.js";
import {VariantPicker} from "./variant_picker.js";

export class SettingsForm {
  /**
   * @param {any} api
   * @param {any} catalogue
   * @param {object} act what happens when a person
   * @param {(id: string) => void} act.variant takes a variant
   * @param {(id: string) => void} act.data takes data
   * @param {() => void} act.shaped sets another size or option of the data
   * @param {() => void} act.reset wants the preset's knobs again
   * @param {(name: string, value: unknown, settled: boolean) => void} act.moved moves a knob
   * @param {() => void} act.ask sets something else
   * @param {(replace: boolean) => void} act.start starts a run
   * @param {() => void} act.back wants the settings of the run that is shown
   * @param {() => Spec} act.spec what is set
   * @param {(variants: string[]) => void} [act.race] wants a race of these
   * @param {() => void} [act.twin] wants a race of what is set and its twin
   */
  constructor(api, catalogue, handlers) {
    this.api = api;
    this.catalogue = catalogue;
    this.element = h("section", {class: "left", "aria-label": "Settings"});
    this.hint = new Hint(this.element);
    const s = uid("seed");
    const {ask} = handlers;
    this.variants = new VariantPicker(this.catalogue.variants, handlers.variant, {race: handlers.race});
    this.about = new VariantInfo();
    this.datasetPicker = new DatasetPicker(this.api, this.catalogue.data, this.hint, {
      chosen: handlers.data,
      changed: handlers.shaped,
      train: () => handlers.start(false),
    });
    this.preset = h("div", {class: "seg", role: "radiogroup", "aria-label": "Preset"});
    this.changed = h(
      "button",
      {
        type: "button",
        class: "link hand",
        "data-testid": "changed",
        title: "Back to the preset's knobs",
        onclick: handlers.reset,
      },
      "Modified · Reset to preset",
    );
    this.knobPanel = new KnobPanel(this.catalogue.variants, this.hint, handlers.moved);
    this.seed = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id: s,
      autocomplete: "off",
      onchange: ask,
    });
    this.budget = new StepBudget(this.catalogue.budgets, this.catalogue.limits, ask);
    this.errors = new FieldErrors();
    const errorLines = (...names) => this.errors.lines(...names);
    this.startButton = new StartButton(this.catalogue.me, errorLines("any"), handlers);
    this.links = new SettingsLinks(catalogue, handlers.spec, handlers.twin);
    this.element.append(
      this.links.note,
      h("div", {class: "field"}, this.variants.element, errorLines("variant"), this.about.element),
      this.datasetPicker.element,
      ...errorLines("data", "size", "options"),
      h(
        "div",
        {class: "field"},
        h("div", {class: "lab"}, h("span", {}, "Preset"), this.changed),
        this.preset,
        errorLines("preset"),
      ),
      h(
        "div",
        {class: "rulehead"},
        h("h2", {}, "Knobs"),
        h("span", {}, h("span", {class: "mark now"}, "Live"), h("span", {class: "mark re"}, "Applies to the next run")),
      ),
      this.knobPanel.basic,
      this.knobPanel.details,
      h(
        "div",
        {class: "two"},
        h(
          "div",
          {},
          h("label", {class: "lab", for: s}, "Seed"),
          h("div", {class: "row"}, this.seed, diceButton("Another seed", this.seed, ask)),
        ),
        this.budget.element,
      ),
      this.budget.note,
      ...errorLines("seed", "steps"),
      this.links.element,
      this.startButton.element,
    );
  }

  get knobs() {
    return this.knobPanel.knobs;
  }
  get rows() {
    return [...Object.values(this.knobs), ...Object.values(this.datasetPicker.options)];
  }

  /** Show one refusal beside its field, or none. -> the element that has it */
  showError(error) {
    for (const knob of this.rows) if (!knob.isInvalid) knob.setError("");
    const knob = error && (this.knobs[error.field] ?? this.datasetPicker.options[error.field]);
    knob?.setError(error.message);
    if (knob) this.unfold(knob);
    const line = this.errors.show(knob ? null : error);
    this.budget.invalid(line?.name === "steps");
    if (line?.name === "seed") this.seed.setAttribute("aria-invalid", "true");
    else this.seed.removeAttribute("aria-invalid");
    if (error) setText(this.startButton.estimate, "");
    return knob ? knob.row : line?.element;
  }

  /** Opens the advanced knobs if one of them has an error. */
  unfold({knob}) {
    if (!knob.basic && !knob.of) this.knobPanel.details.open = true;
  }

  /** Whether every knob's field can be read; goes to the first that cannot. */
  isValid() {
    const invalidRow = this.rows.find((knob) => knob.isInvalid);
    if (invalidRow) this.unfold(invalidRow);
    invalidRow?.field.focus();
    return !invalidRow;
  }

  /** `watching`: somebody else's run is shown, on which no knob acts. */
  setWatching(watching) {
    this.element.classList.toggle("watching", watching);
  }
}
