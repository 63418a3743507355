// A race that is being set up, as an address: ?tab=compare&data=…&lane=gan,quick,g_loss:minimax&lane=…&seeds=1,2,3.
// Read part by part: what is unknown or not allowed is named and left out, and nothing starts by itself.

import {CLOCKS} from "./clocks.js";
import {LANES, SEEDS, fitLane} from "./lanes.js";
import {
  MAX_SEED,
  VERSION,
  addressOf,
  otherVersion,
  readData,
  readPreset,
  readShape,
  readWhole,
  unknownParts,
} from "../setup/address/settings_address.js";
import {quoted, readValues, writeValues} from "../setup/address/typed_values.js";

const PARTS = ["tab", "data", "size", "options", "lane", "twin", "seeds", "clock", "budget", "v"];
const KNOBS = /,(?=\w+:)/;

/** Whether an address has a race to set up. */
export const hasRace = (address) => PARTS.some((name) => !["tab", "v"].includes(name) && address.has(name));

/** "gan,quick,g_loss:minimax" -> ["gan", "quick", "g_loss:minimax"]. */
function laneTexts(text) {
  const [head, ...knobs] = text.split(KNOBS);
  const [variant, ...preset] = head.split(",");
  return [variant, preset.join(","), knobs.join(",")];
}

function readLanes(catalogue, address, data) {
  const wrong = [];
  const lanes = [];
  for (const text of address.getAll("lane")) {
    const [id, name, knobs] = laneTexts(text);
    const variant = catalogue.variants.find((v) => v.id === id);
    if (!variant) wrong.push(`there is no variant ${quoted(id)}`);
    if (!variant) continue;
    const {preset, wrong: ofPreset} = readPreset(name, variant.presets[data.id]);
    const {values, wrong: ofKnobs} = readValues(variant.knobs[data.kind], knobs);
    wrong.push(...[...ofPreset, ...ofKnobs].map((said) => `lane ${lanes.length + 1}: ${said}`));
    lanes.push(fitLane(catalogue, {variant: id, preset, knobs: values}, data));
  }
  if (lanes.length > LANES[1]) wrong.push(`a race has at most ${LANES[1]} lanes`);
  return {lanes: lanes.slice(0, LANES[1]), wrong};
}

function readSeeds(text) {
  if (text == null) return {seeds: null, wrong: []};
  const read = text.split(",").map((part) => readWhole("seeds", part, 0, MAX_SEED));
  const seeds = [...new Set(read.map(([seed]) => seed).filter((seed) => seed != null))];
  const wrong = [...new Set(read.map(([, said]) => said).filter(Boolean))];
  if (seeds.length > SEEDS[1]) wrong.push(`a lane has at most ${SEEDS[1]} seeds`);
  return {seeds: seeds.length ? seeds.slice(0, SEEDS[1]) : null, wrong};
}

/**
 * The race that an address sets up; what it does not say is null, or [] for lanes. `open`: the lane whose knobs are to
 * be changed.
 * @param {Catalogue} catalogue
 * @param {URLSearchParams} address
 */
export function readRace(catalogue, address) {
  const ids = address.getAll("lane").map((text) => laneTexts(text)[0]);
  const variants = catalogue.variants.filter((v) => ids.includes(v.id));
  const {data, wrong: ofData} = readData(catalogue, address, variants);
  const shape = readShape(data, address);
  const {lanes, wrong: ofLanes} = readLanes(catalogue, address, data);
  const {seeds, wrong: ofSeeds} = readSeeds(address.get("seeds"));
  const name = address.get("clock");
  const clock = CLOCKS.find((c) => c.id === name) ?? null;
  const [budget, ofBudget] = readWhole("budget", address.get("budget"), 1, CLOCKS.find((c) => c.id === "images").most);
  const twin = address.has("twin") && lanes.length === 1;
  const wrong = [...otherVersion(address), ...ofData, ...shape.wrong, ...ofLanes, ...ofSeeds, ofBudget];
  if (name != null && !clock) wrong.push(`clock must be one of ${CLOCKS.map(({id}) => id).join(", ")}`);
  wrong.push(...unknownParts(address, PARTS));
  return {
    race: {
      data,
      size: shape.size,
      options: shape.options,
      lanes: twin ? [lanes[0], structuredClone(lanes[0])] : lanes,
      open: twin ? 1 : null,
      seeds,
      clock,
      budget,
    },
    wrong: wrong.filter(Boolean),
  };
}

/** A lane as it stands in an address. */
function writeLane({variants}, {variant: id, preset = "", knobs = {}}, data) {
  const variant = variants.find((v) => v.id === id);
  return [id, preset, writeValues(variant.knobs[data.kind], knobs)].filter(Boolean).join(",");
}

/**
 * The address of a race to set up, as `readRace` takes it.
 * @param {Catalogue} catalogue
 * @param {any} race `lanes` and `data`; `size`, `options`, `seeds`, `clock`, `budget` and `twin` where they are given
 */
export function raceAddress(catalogue, {data, lanes, size = null, options = {}, seeds = null, clock = null, ...rest}) {
  const changed = data.options.filter((option) => options?.[option.name] !== option.default);
  return addressOf([
    ["tab", "compare"],
    ["data", data.id],
    ["size", data.sizes.length > 1 ? size : null],
    ["options", writeValues(changed, options ?? {})],
    ...lanes.map((lane) => ["lane", writeLane(catalogue, lane, data)]),
    ["twin", rest.twin ? 1 : null],
    ["seeds", seeds?.join(",")],
    ["clock", clock?.id],
    ["budget", rest.budget],
    ["v", VERSION],
  ]);
}
