// Lanes of a race that is being set up: a variant, a preset, and the knobs that are not the preset's.

/** How many lanes and seeds a race can have. */
export const LANES = [2, 8];
export const SEEDS = [1, 5];

/** A lane as it can be on `data`: a preset that exists there, and the knobs that do and that differ from it. */
export function fitLane({variants}, {variant: id, preset = "", knobs = {}}, data) {
  const variant = variants.find((v) => v.id === id);
  const presets = variant.presets[data.id];
  const name = preset in presets ? preset : Object.keys(presets)[0];
  const usual = presets[name].knobs;
  const declared = variant.knobs[data.kind].map((k) => k.name);
  const kept = Object.entries(knobs).filter(([knob, value]) => declared.includes(knob) && value !== usual[knob]);
  return {variant: id, preset: name, knobs: Object.fromEntries(kept)};
}

/** A lane, with where it comes from: its variant and the settings of its preset. */
export function laneParts({variants}, lane, data) {
  const variant = variants.find((v) => v.id === lane.variant);
  return {variant, preset: variant.presets[data.id][lane.preset]};
}

/** All knobs of a lane. */
export const laneKnobs = (catalogue, lane, data) => ({
  ...laneParts(catalogue, lane, data).preset.knobs,
  ...lane.knobs,
});

/** The spec of one run of a lane, as the server estimates it. */
export const laneSpec = (catalogue, lane, {data, size, options}, steps) => ({
  variant: lane.variant,
  preset: lane.preset,
  data: data.id,
  size,
  options,
  knobs: laneKnobs(catalogue, lane, data),
  seed: 1,
  steps,
});

/** The lanes, counted from 0, that are the same as an earlier one: [[lane, earlier], ...]. */
export function sameLanes(lanes) {
  const told = lanes.map(({variant, preset, knobs}) => JSON.stringify([variant, preset, Object.entries(knobs).sort()]));
  return told.flatMap((text, i) => (told.indexOf(text) < i ? [[i, told.indexOf(text)]] : []));
}
