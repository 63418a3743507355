// What a list of models says of one, and which answer to a search: words and order.

import {level, short, whole} from "../format.js";
import {FOUND} from "../readings.js";

export const FINDS = "name, variant, data, owner";
export const SORTS = {newest: "newest first", name: "by name", best: "best quality, data by data"};
export const WHOSE = {"": "anybody's", shipped: "shipped", mine: "yours", others: "others'"};
const BEST = ["quality/fd", "modes/found", "distance/energy", "quality/sw"];            // the first that a model has stands for it
const FINER = "modes/share";                    // where as many modes are found

const told = (v) => (v < 1 ? level(v) : short(v));
const best = ({quality}) => BEST.find((name) => quality[name]);

/** {name, value, floor}, in words; null without one. */
export function score(card, names) {
  const name = best(card);
  if (!name) return null;
  const {value, floor} = card.quality[name], {modes} = names.data[card.data] ?? {}, within = card.quality[FINER]?.value;
  if (name === "modes/found") return {name: "modes", value: `${value}${modes ? ` of ${modes}` : ""}${within == null ? "" : `, ${Math.round(100 * within)}% in them`}`, floor: null};
  return {name: FOUND[name] ?? name, value: told(value), floor: floor == null ? null : told(floor)};
}

/** "yours, published": whose it is. */
export function whose({shipped, mine, published, owner}) {
  if (shipped) return "shipped";
  return mine ? (published ? "yours, published" : "yours") : owner ? `by ${owner}` : "by somebody";
}

export const size = ({dims: [, side]}) => (side ? `${side} px` : "");

export const course = ({step, licence}) => [`${whole(step)} steps`, licence].filter(Boolean).join(" · ");

/** What its best measure compares with: no other measure, data, size, extractor or number of samples. */
function kind(card) {
  const name = best(card), {extractor, n} = card.measured ?? {};
  return name ? [BEST.indexOf(name), card.data, card.size, extractor, n] : [BEST.length];
}

function ranked(a, b) {
  const [one, other] = [a, b].map((card) => kind(card)), at = one.findIndex((part, i) => part !== other[i]);
  if (at >= 0) return at === 0 || typeof one[at] === "number" ? one[at] - other[at] : String(one[at]).localeCompare(String(other[at]));
  const name = best(a), down = name === "modes/found" ? -1 : 1, finer = ({quality}) => quality[FINER]?.value ?? 0;
  return name ? down * (a.quality[name].value - b.quality[name].value) || finer(b) - finer(a) : 0;
}

const by = {
  newest: (a, b) => b.created - a.created,
  name: (a, b, names) => names.title(a).localeCompare(names.title(b), undefined, {numeric: true, sensitivity: "base"}),
  best: ranked,
};
const belongs = ({shipped, mine}, wanted) => ({"": true, shipped, mine, others: !shipped && !mine}[wanted]);

/** The cards that answer to `search` (each of its words), `variant`, `data` and `whose`, sorted; those that are alike stay as the server has them. */
export function sift(cards, names, asked) {
  const words = asked.search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (card) => `${card.name} ${names.what(card)} ${card.variant} ${card.data} ${size(card)} ${whose(card)}`.toLowerCase();
  const found = cards.filter((card) => belongs(card, asked.whose) && (!asked.variant || card.variant === asked.variant) && (!asked.data || card.data === asked.data) && words.every((word) => text(card).includes(word)));
  return found.sort((a, b) => by[asked.sort](a, b, names));
}
