// Keeps the settings in step with what is shown: a run's, or a model's.

import {hasSettings, readSettings} from "../setup/address/settings_address.js";

export class ShownSettings {
  /** @param {TrainTab} tab */
  constructor(tab) {
    this.tab = tab;
    this.pending = null; // settings that wait until the run that is shown has said what it is
    this.wrong = null; // of settings of a link: what was left out
  }

  /** Sets the settings of the run that is shown, with its present knobs. */
  restore(knobs = this.knobs()) {
    const {spec, settings, state} = this.tab;
    const {variant, data, preset, size, options, seed, steps} = spec;
    const now = {variant, data, preset, size, options, knobs, seed, steps: state?.budget ?? steps};
    settings.choose(variant, data, preset, now);
  }

  /** The knobs of the run that is shown, as they are now. */
  knobs() {
    const {spec, history} = this.tab;
    const now = (name) => history.knobValues(name, spec.knobs[name]).at(-1)[1];
    return Object.fromEntries(Object.keys(spec.knobs).map((name) => [name, now(name)]));
  }

  /** Sets the settings of a model, once the first update of the run that is shown is there. */
  like({variant, data, size, options, knobs, seed, step}) {
    const {catalogue, state, poller} = this.tab;
    const [preset] = Object.keys(catalogue.variants.find((v) => v.id === variant).presets[data]);
    const steps = Math.min(step, catalogue.limits.steps ?? Infinity);
    this.pending = {variant, data, preset, size, options, knobs, seed, steps};
    if (state || !poller.run) this.applyPending();
  }

  /** Reads the settings of an address, if it has any; `applyPending` sets them. */
  read(address) {
    if (!hasSettings(address)) return;
    const {settings, wrong} = readSettings(this.tab.catalogue, address);
    this.pending = settings;
    this.wrong = wrong;
  }

  /** Applies pending settings. */
  applyPending() {
    const {pending, wrong} = this;
    const {settings} = this.tab;
    this.pending = this.wrong = null;
    if (!pending) return;
    settings.choose(pending.variant, pending.data, pending.preset, pending);
    if (wrong) settings.links.show(wrong);
    else settings.startButton.button.focus();
  }
}
