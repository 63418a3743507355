// What stands in the cells of the scoreboard.

import {h} from "../../core/dom.js";
import {bytes, duration, short, whole} from "../../core/format.js";

const amount = (value) => (value >= 100 ? whole(value) : short(value));
const two = (first, ...more) => [
  h("span", {class: "first"}, first),
  ...more.filter(Boolean).map((text) => h("small", {}, text)),
];

/** A mean with its interval: {mean, low, high, n} or null. */
export function meanCell(value) {
  if (!value) return two("–");
  return two(short(value.mean), value.low != null && `${short(value.low)} to ${short(value.high)}`);
}

/** How soon a lane came to the target; what is null was not reached by all seeds. */
export function targetCell(found) {
  if (!found) return two("–");
  const {seconds, images, reached, n} = found;
  if (!seconds) return two("–", reached ? `${reached} of ${n} seeds` : "not reached");
  const range = (value, format) => (value.low == null ? "" : ` (${format(value.low)} to ${format(value.high)})`);
  const time = (s) => (s < 100 ? `${short(s)} s` : duration(s));
  return two(`${time(seconds.mean)}${range(seconds, time)}`, `${whole(images.mean)} samples${range(images, amount)}`);
}

const thousands = (n) => (n >= 1e6 ? `${short(n / 1e6)} M` : n >= 1e4 ? `${whole(n / 1e3)} k` : whole(n));

/** What a lane costs: time of a step, weights of each player, memory. */
export function costCell(cost) {
  if (!cost) return two("–");
  const {ms, parameters, memory} = cost;
  const weights = Object.entries(parameters ?? {})
    .map(([player, n]) => `${player} ${thousands(n)}`)
    .join(", ");
  const first = [ms == null ? "–" : `${short(ms)} ms`, memory == null ? "" : bytes(memory)].filter(Boolean);
  return two(first.join(", "), weights);
}
