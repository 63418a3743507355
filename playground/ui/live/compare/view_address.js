// What is shown, as an address: lanes and the state of the view, each part checked when it is read. Parts that are
// unknown or bad are left out, and named.

import {AXES} from "./alignment.js";
import {MAX_LANES} from "./lane_style.js";

const VERSION = "1"; // of the parts of an address and what they mean
const MAX_SEEDS = 5;
const TILES = 64; // latents of a frame
const ID = /^[0-9a-f]{32}$/;
const MEASURE = /^[a-z]+\/[a-z]+$/;
export const VIEWS = ["grid", "two", "time"];
export const PAIR_MODES = ["swipe", "blink", "difference"];

/** @typedef {{[part: string]: any}} View */

/** The state of a view that nobody has touched. @type {View} */
export const INITIAL = {
  view: "grid",
  align: "step",
  at: null,
  pair: [0, 1],
  mode: "swipe",
  z: 0,
  lane: 0,
  seed: 0,
  measure: "",
  target: null,
};

const oneOf = (names) => (text) => (names.includes(text) ? text : undefined);
const index = (count) => (text) => (/^\d{1,3}$/.test(text) && Number(text) < count ? Number(text) : undefined);
const number = (text) => (/^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined);

function pair(text, lanes) {
  const found = text.split(",").map(index(lanes));
  return found.length === 2 && !found.includes(undefined) && found[0] !== found[1] ? found : undefined;
}

/** [how a part is read, what is allowed, in words], by its name. */
const PARTS = {
  view: [oneOf(VIEWS), () => VIEWS.join(", ")],
  align: [oneOf(AXES.map(([name]) => name)), () => AXES.map(([name]) => name).join(", ")],
  at: [number, () => "a number from 0 on"],
  pair: [pair, (lanes) => `two lanes of 0 to ${lanes - 1}, as in 0,1`],
  mode: [oneOf(PAIR_MODES), () => PAIR_MODES.join(", ")],
  z: [index(TILES), () => `0 to ${TILES - 1}`],
  lane: [(text, lanes) => index(lanes)(text), (lanes) => `0 to ${lanes - 1}`],
  seed: [index(MAX_SEEDS), () => `0 to ${MAX_SEEDS - 1}`],
  measure: [(text) => (MEASURE.test(text) ? text : undefined), () => "a measure, as quality/fd"],
  target: [number, () => "a number from 0 on"],
};
const OTHERS = ["tab", "race", "runs", "v"];
const LONGEST = 40; // characters of a bad part that are repeated

const quoted = (text) => `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`;

/** Lanes, [[run, ...], ...], of "a.b,c"; what is no run's id, a second time there, or too much is named. */
export function parseLanes(text, problems) {
  const seen = new Set();
  const lanes = text
    .split(",")
    .map((lane) =>
      lane.split(".").filter((id) => {
        if (!ID.test(id)) problems.push(`${quoted(id)} is no run: a run has 32 hex digits`);
        else if (seen.has(id)) problems.push(`run ${id.slice(0, 6)}… is named twice`);
        else return seen.add(id);
        return false;
      }),
    )
    .filter((lane) => lane.length);
  if (lanes.length > MAX_LANES) problems.push(`there are ${lanes.length} lanes, at most ${MAX_LANES} are shown`);
  if (lanes.some((lane) => lane.length > MAX_SEEDS)) problems.push(`a lane shows at most ${MAX_SEEDS} runs`);
  return lanes.slice(0, MAX_LANES).map((lane) => lane.slice(0, MAX_SEEDS));
}

/**
 * An address, read.
 * @param {URLSearchParams} address
 * @returns {{race: string | null, lanes: string[][], problems: string[]}}
 */
export function readAddress(address) {
  const problems = [];
  const race = address.get("race");
  const isRace = race !== null && ID.test(race);
  if (race !== null && !isRace) problems.push(`${quoted(race)} is no race: a race has 32 hex digits`);
  const lanes = !isRace && address.get("runs") !== null ? parseLanes(address.get("runs"), problems) : [];
  if (isRace && address.get("runs") !== null) problems.push("of a race and of runs only the race is shown");
  return {race: isRace ? race : null, lanes, problems};
}

/**
 * The state of the view in an address of so many lanes: {view: what is well, problems}.
 * @param {URLSearchParams} address
 * @param {number} lanes
 * @param {View} initial
 */
export function readView(address, lanes, initial = INITIAL) {
  const problems = [];
  const view = {...initial};
  const version = address.get("v");
  if (version !== null && version !== VERSION)
    problems.push(`it is of another version, ${quoted(version)}: what is known of it is shown`);
  for (const [name, text] of address) {
    if (OTHERS.includes(name)) continue;
    const [read, allowed] = Object.hasOwn(PARTS, name) ? PARTS[name] : [];
    const value = read?.(text, lanes);
    if (!read) problems.push(`${quoted(name)} is not known`);
    else if (value === undefined) problems.push(`${name} is ${quoted(text)}: allowed is ${allowed(lanes)}`);
    else view[name] = value;
  }
  return {view, problems};
}

/** The address of lanes, or of a race, with what differs from an untouched view. */
export function writeAddress({race, lanes}, view, initial = INITIAL) {
  const what = race ? `race=${race}` : `runs=${lanes.map((lane) => lane.join(".")).join(",")}`;
  const parts = Object.keys(PARTS)
    .filter((name) => view[name] != null && String(view[name]) !== String(initial[name]))
    .map((name) => `${name}=${name === "at" ? Number(view.at.toFixed(3)) : view[name]}`);
  return `?tab=compare&${[what, ...(parts.length ? [`v=${VERSION}`, ...parts] : [])].join("&")}`;
}

/** Two runs beside each other once had an address in Play: it leads to the same here. */
export function forwardOldAddress() {
  const address = new URLSearchParams(location.search);
  const [run, beside] = [address.get("run"), address.get("beside")];
  if (run !== null && beside !== null) history.replaceState(null, "", `?tab=compare&runs=${run},${beside}`);
}

/** The address that puts runs beside each other, one lane each. */
export const compareAddress = (...runs) => writeAddress({race: null, lanes: runs.map((run) => [run])}, INITIAL);
