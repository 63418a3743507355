// Addresses that lead into a comparison from elsewhere on the page.

import {fitLane} from "./lanes.js";
import {raceAddress} from "./race_address.js";

/**
 * A race of variants on the data of a spec.
 * @param {Catalogue} catalogue
 * @param {string[]} variants
 * @param {Spec} spec
 */
export function variantsAddress(catalogue, variants, {data: id, size, options}) {
  const data = catalogue.data.find((d) => d.id === id);
  return raceAddress(catalogue, {data, size, options, lanes: variants.map((variant) => ({variant}))});
}

/**
 * A race of a spec and of the same with one knob changed, which is still to be chosen.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 */
export function twinAddress(catalogue, {variant, preset, data: id, size, options, knobs, steps, seed}) {
  const data = catalogue.data.find((d) => d.id === id);
  const lane = fitLane(catalogue, {variant, preset, knobs}, data);
  const seeds = Number.isInteger(seed) ? [seed] : null;
  const budget = Number.isInteger(steps) ? steps : null;
  return raceAddress(catalogue, {data, size, options, lanes: [lane], twin: true, seeds, budget});
}

/** Where other runs are chosen, to be put beside one. */
export const chooseAddress = (run) => `?tab=runs&compare=${run}`;
