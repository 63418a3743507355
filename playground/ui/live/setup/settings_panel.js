// The left column: variant, data, knobs and start button.

import {capitalise, parseNumber} from "../core/format.js";
import {setText} from "../core/dom.js";
import {segments} from "../controls/segments.js";
import {lockRows} from "./knob_needs.js";
import {SettingsForm} from "./settings_form.js";

export class SettingsPanel extends SettingsForm {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {SettingsHandlers} handlers
   */
  constructor(api, catalogue, handlers) {
    super(api, catalogue, {
      variant: (id) => this.choose(id, this.spec.data, "quick"),
      data: (id) => this.choose(this.spec.variant, id, "quick"),
      shaped: () => this.dataChanged(),
      reset: () => this.choose(this.spec.variant, this.spec.data, this.spec.preset),
      moved: (name, value, settled) => this.moved(name, value, settled),
      ask: () => this.requestEstimate(),
      start: (replace) => handlers.started(replace),
      back: () => handlers.back(),
      spec: () => this.requestedSpec(),
      race: (ids) => handlers.race(ids, this.requestedSpec()),
      twin: () => this.isValid() && handlers.twin(this.requestedSpec()),
    });
    this.handlers = handlers;
    this.shownRun = null;
    this.apart = false;
    this.estimateTurn = 0;
    const {variant, data, preset, seed} = catalogue.first;
    this.seed.value = seed;
    this.choose(variant, data, preset);
  }

  get variant() {
    return this.catalogue.variants.find((v) => v.id === this.spec.variant);
  }
  get data() {
    return this.catalogue.data.find((d) => d.id === this.spec.data);
  }

  /** Sets a variant on data with a preset, or a run's whole `spec`. Size and options of the data are kept. */
  choose(variant, data, preset, spec = null) {
    const before = this.spec;
    const same = before?.data === data;
    this.links.show(null);
    this.spec = {variant, data, preset};
    const presets = this.variant.presets[data];
    const name = preset in presets ? preset : Object.keys(presets)[0];
    const settings = presets[name];
    const size = same && this.sized ? before.size : settings.size;
    const options = same ? this.datasetPicker.chosen : null;
    this.sized = same && this.sized;
    // of a knob younger than the run
    const defaults = Object.fromEntries(this.variant.knobs[this.data.kind].map((k) => [k.name, k.default]));
    this.spec = spec
      ? {...structuredClone(spec), knobs: {...defaults, ...spec.knobs}, preset: spec.preset || name}
      : {
          variant,
          data,
          preset: name,
          size,
          knobs: this.datasetPicker.fitKnobs(
            settings.knobs,
            this.catalogue.data.find((d) => d.id === data),
          ),
          steps: settings.steps,
        };
    this.showRefusal(null);
    this.datasetPicker.set(this.data, this.spec.size, spec ? spec.options : (options ?? {}));
    this.spec.options = this.datasetPicker.chosen ?? undefined;
    if (before?.variant !== variant || !same) this.describe();
    segments(
      this.preset,
      Object.keys(presets).map((p) => [p, capitalise(p)]),
      this.spec.preset,
      (p) => this.choose(variant, data, p),
    );
    this.budget.value = this.spec.steps;
    if (spec) this.seed.value = spec.seed;
    for (const [name, knob] of Object.entries(this.knobs)) {
      knob.previous = "";
      knob.set(this.spec.knobs[name]);
    }
    this.compare();
    this.requestEstimate();
  }

  /** The size or an option of the data changed. */
  dataChanged() {
    this.sized ||= this.spec.size !== this.datasetPicker.size;
    this.spec.size = this.datasetPicker.size;
    this.spec.options = this.datasetPicker.chosen ?? undefined;
    this.compare();
    this.requestEstimate();
  }

  describe() {
    this.variants.set(this.variant, this.data);
    this.datasetPicker.fit(this.variant);
    this.about.draw(this.variant, this.data, this.spec.knobs);
    this.knobPanel.build(this.variant, this.data.kind, this.spec.knobs);
  }

  moved(name, value, settled) {
    this.spec.knobs[name] = value;
    this.compare();
    if (!settled) return;
    if (this.knobs[name].knob.live) this.handlers.tuned(name, value);
    this.requestEstimate();
  }

  /** Marks knobs that differ from the preset, and from the run that is shown. */
  compare() {
    this.about.updateFormula(this.variant, this.spec.knobs);
    lockRows(this.knobs);
    const preset = this.variant.presets[this.spec.data][this.spec.preset];
    const presetKnobs = preset ? this.datasetPicker.fitKnobs(preset.knobs, this.data) : {};
    const changed = Object.keys(this.knobs).filter((k) => k in presetKnobs && this.spec.knobs[k] !== presetKnobs[k]);
    this.changed.hidden = !changed.length;
    this.knobPanel.count(changed);
    const same = this.shownRun && this.shownRun.variant === this.spec.variant && this.shownRun.data === this.spec.data;
    for (const [name, knob] of Object.entries(this.knobs))
      knob.showRunValue(same && !(knob.knob.live && this.shownRun.live) ? this.shownRun.knobs[name] : null);
    for (const [name, option] of Object.entries(this.datasetPicker.options))
      option.showRunValue(same ? this.shownRun.options?.[name] : null);
    this.setApart(Boolean(this.shownRun) && !this.matches(this.shownRun));
  }

  /** Whether the settings are those of a run, except for live knobs that its tunes reach. */
  matches({variant, data, size, options = {}, knobs, seed, steps, live}) {
    const {spec, datasetPicker: dataBox} = this;
    const chosen = dataBox.chosen ?? {};
    const own = Object.values(this.knobs).filter(({knob}) => !(live && knob.live));
    return (
      spec.variant === variant &&
      spec.data === data &&
      dataBox.size === size &&
      Object.keys(options).every((name) => chosen[name] === options[name]) &&
      own.every(({knob, value}) => value === (knobs[knob.name] ?? knob.default)) &&
      String(parseNumber(this.seed.value)) === String(seed) &&
      String(this.budget.value) === String(steps)
    );
  }

  setApart(apart) {
    if (this.apart === apart) return;
    this.apart = apart;
    this.handlers.apart(apart);
  }

  /** Sets the run that is shown: its spec with present `knobs`, and `live`: whether tunes reach it; or null. */
  setShownRun(shownRun) {
    this.shownRun = shownRun;
    this.compare();
  }

  /** The spec for the server, which refuses invalid numbers by field. */
  requestedSpec() {
    return {...this.spec, seed: parseNumber(this.seed.value) ?? this.seed.value, steps: this.budget.value};
  }

  requestEstimate() {
    this.compare();
    clearTimeout(this.estimateTimer);
    this.estimateTurn += 1;
    this.estimateTimer = setTimeout(() => this.handlers.estimate(this.requestedSpec(), this.estimateTurn), 250);
  }

  /**
   * Shows an estimate, unless it answers an older request.
   * @param {{text: string}} estimate
   * @param {number} estimateTurn the request that it answers
   */
  showEstimate({text}, estimateTurn) {
    if (estimateTurn !== this.estimateTurn) return;
    this.showRefusal(null);
    setText(this.startButton.estimate, text);
  }

  /** Shows a refusal beside its field; null clears all. Answers to older requests are ignored from then on. */
  showRefusal(error) {
    if (error) this.estimateTurn += 1;
    return this.showError(error);
  }

  /** Shows a tune of the run that is shown. */
  applyTune(mark) {
    this.spec.knobs[mark.knob] = mark.to;
    this.knobs[mark.knob]?.showTune(mark);
  }
}
