// The settings of a run as an address, without a run behind it: ?variant=…&data=…&preset=…&knobs=name:value,…&v=1.
// Read part by part: what is unknown or not allowed is named and left out, and nothing starts by itself.

import {lacking} from "../../core/catalogue.js";
import {parseNumber, whole} from "../../core/format.js";
import {quoted, readValues, writeValues} from "./typed_values.js";

export const VERSION = "1";
export const MAX_SEED = 2 ** 31 - 1;
const PARTS = ["variant", "data", "size", "options", "preset", "knobs", "seed", "steps", "v"];
const OTHERS = ["tab", "run"];

/** Names that are in an address and mean nothing here; the server's own begin with "__". */
export const unknownParts = (address, known) =>
  [...new Set(address.keys())]
    .filter((name) => !known.includes(name) && !name.startsWith("__"))
    .map((name) => `there is no setting ${quoted(name)}`);

/** What is said of a version that is not this one. */
export const otherVersion = (address) =>
  [address.get("v") ?? VERSION].filter((v) => v !== VERSION).map((v) => `v is ${quoted(v)}; here it is ${VERSION}`);

/**
 * A whole number within its range.
 * @returns {[number | null, string | null]} it, and what is wrong
 */
export function readWhole(name, text, low, high) {
  const value = text == null ? null : parseNumber(text);
  if (text == null || (Number.isInteger(value) && value >= low && value <= high)) return [value, null];
  return [null, `${name} must be a whole number between ${whole(low)} and ${whole(high)}`];
}

/** Whether an address has settings in it. */
export const hasSettings = (address) => !address.get("run") && PARTS.some((name) => name !== "v" && address.has(name));

/** The data set that an address names, if `variant` can have it, else one that it can. */
export function readData(catalogue, address, variants) {
  const {data, first} = catalogue;
  const id = address.get("data");
  const found = data.find((d) => d.id === id);
  const lacks = (d) => variants.map((v) => lacking(v, d) && `${v.title} needs ${lacking(v, d)}`).find(Boolean);
  const fallback = [data.find((d) => d.id === first.data), ...data].find((d) => !d.needs && !lacks(d)) ?? data[0];
  if (id == null) return {data: fallback, wrong: []};
  if (!found) return {data: fallback, wrong: [`there are no data ${quoted(id)}`]};
  return lacks(found)
    ? {data: fallback, wrong: [`${lacks(found)}; ${found.title} has none`]}
    : {data: found, wrong: []};
}

/** Size and options of data. */
export function readShape(data, address) {
  const [size, wrong] = data.sizes.length
    ? readWhole("size", address.get("size"), Math.min(...data.sizes), Math.max(...data.sizes))
    : [null, address.has("size") ? `${data.title} has no size` : null];
  const known = size == null || data.sizes.includes(size);
  const {values, wrong: others} = readValues(data.options, address.get("options") ?? "");
  const sizes = data.sizes.toSorted((a, b) => a - b).join(", ");
  return {
    size: known ? size : null,
    options: values,
    wrong: [wrong, !known && `size must be one of ${sizes}`, ...others].filter(Boolean),
  };
}

/** A preset's name among `presets`, the first without one. */
export function readPreset(name, presets) {
  const names = Object.keys(presets);
  if (!name || names.includes(name)) return {preset: name || names[0], wrong: []};
  return {preset: names[0], wrong: [`there is no preset ${quoted(name)}; there are ${names.join(", ")}`]};
}

/**
 * The settings that an address has, complete.
 * @param {Catalogue} catalogue
 * @param {URLSearchParams} address
 * @returns {{settings: Spec, wrong: string[]}} `wrong`: what was left out, and why
 */
export function readSettings(catalogue, address) {
  const {variants, first, limits} = catalogue;
  const id = address.get("variant");
  const asked = variants.find((v) => v.id === id);
  const variant = asked ?? variants.find((v) => v.id === first.variant);
  const {data, wrong: ofData} = readData(catalogue, address, [variant]);
  const shape = readShape(data, address);
  const {preset, wrong: ofPreset} = readPreset(address.get("preset"), variant.presets[data.id]);
  const usual = variant.presets[data.id][preset];
  const {values, wrong: ofKnobs} = readValues(variant.knobs[data.kind], address.get("knobs") ?? "");
  const [seed, ofSeed] = readWhole("seed", address.get("seed"), 0, MAX_SEED);
  const [steps, ofSteps] = readWhole("steps", address.get("steps"), 1, limits.steps);
  const settings = {
    variant: variant.id,
    data: data.id,
    preset,
    size: shape.size ?? usual.size,
    options: shape.options,
    knobs: {...usual.knobs, ...values},
    seed: seed ?? first.seed,
    steps: steps ?? usual.steps,
  };
  const unknown = id != null && !asked && `there is no variant ${quoted(id)}`;
  const wrong = [
    unknown,
    ...otherVersion(address),
    ...ofData,
    ...shape.wrong,
    ...ofPreset,
    ...ofKnobs,
    ofSeed,
    ofSteps,
  ];
  return {settings, wrong: [...wrong, ...unknownParts(address, [...PARTS, ...OTHERS])].filter(Boolean)};
}

/** An address of these parts; those that are empty or null are left out. */
export function addressOf(parts) {
  const kept = parts.filter(([, value]) => value !== "" && value != null);
  // as they are read: an address may hold these as they stand
  const text = (value) => encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%20/g, "+");
  return `?${kept.map(([name, value]) => `${name}=${text(value)}`).join("&")}`;
}

/** The address of settings, as `readSettings` takes it: of the knobs those that are not the preset's. */
export function settingsAddress({variants, data: sets}, spec) {
  const variant = variants.find((v) => v.id === spec.variant);
  const data = sets.find((d) => d.id === spec.data);
  const usual = variant.presets[spec.data][spec.preset]?.knobs ?? {};
  const declared = variant.knobs[data.kind].filter(({name}) => spec.knobs[name] !== usual[name]);
  const options = data.options.filter((option) => spec.options?.[option.name] !== option.default);
  return addressOf([
    ["variant", spec.variant],
    ["data", spec.data],
    ["size", data.sizes.length > 1 ? spec.size : null],
    ["options", writeValues(options, spec.options ?? {})],
    ["preset", spec.preset],
    ["knobs", writeValues(declared, spec.knobs)],
    ["seed", Number.isInteger(spec.seed) ? spec.seed : null],
    ["steps", Number.isInteger(spec.steps) ? spec.steps : null],
    ["v", VERSION],
  ]);
}
