// Texts about models in lists; search and order.

import {twoDigits, short, whole, meanAndDeviation} from "../core/format.js";
import {MEASURE_TITLES} from "../charts/readings.js";

export const SEARCH_HINT = "name, variant, data, owner";
export const SORTS = {newest: "newest first", name: "by name", best: "best quality, data by data"};
export const WHOSE = {"": "anybody's", shipped: "shipped", mine: "yours", others: "others'"};
/** Measures to rank models by: the first that a model has is used. */
const SCORE_ORDER = ["quality/fd", "modes/found", "distance/energy", "quality/sw"];
const FINER = "modes/share"; // where as many modes are found

const format = (v) => (v < 1 ? twoDigits(v) : short(v));
const best = ({quality}) => SCORE_ORDER.find((name) => quality[name]);

/** {name, value, floor}, in words; null without one. */
export function bestScore(card, names) {
  const name = best(card);
  if (!name) return null;
  const {value, floor, deviation} = card.quality[name];
  const {modes} = names.data[card.data] ?? {};
  const share = card.quality[FINER]?.value;
  if (name === "modes/found")
    return {
      name: "modes",
      value: `${value}${modes ? ` of ${modes}` : ""}${share == null ? "" : `, ${Math.round(100 * share)}% in them`}`,
      floor: null,
    };
  return {
    name: MEASURE_TITLES[name] ?? name,
    value: format(value),
    floor: floor == null ? null : meanAndDeviation(floor, deviation, format),
  };
}

/** Whose it is: "yours, published". */
export function ownerWords({shipped, mine, published, owner}) {
  if (shipped) return "shipped";
  return mine ? (published ? "yours, published" : "yours") : owner ? `by ${owner}` : "by somebody";
}

export const sizeWords = ({dims: [, side]}) => (side ? `${side} px` : "");

export const progressWords = ({step, licence}) => [`${whole(step)} steps`, licence].filter(Boolean).join(" · ");

/** Models are comparable if their best measure, data, size, extractor and number of samples agree. */
function comparisonKey(card) {
  const name = best(card);
  const {extractor, n} = card.measured ?? {};
  return name ? [SCORE_ORDER.indexOf(name), card.data, card.size, extractor, n] : [SCORE_ORDER.length];
}

function compareQuality(a, b) {
  const [left, right] = [a, b].map((card) => comparisonKey(card));
  const at = left.findIndex((part, i) => part !== right[i]);
  if (at >= 0)
    return at === 0 || typeof left[at] === "number"
      ? left[at] - right[at]
      : String(left[at]).localeCompare(String(right[at]));
  const name = best(a);
  const sign = name === "modes/found" ? -1 : 1;
  const finer = ({quality}) => quality[FINER]?.value ?? 0;
  return name ? sign * (a.quality[name].value - b.quality[name].value) || finer(b) - finer(a) : 0;
}

const comparators = {
  newest: (a, b) => b.created - a.created,
  name: (a, b, names) => names.title(a).localeCompare(names.title(b), undefined, {numeric: true, sensitivity: "base"}),
  best: compareQuality,
};
const isWhose = ({shipped, mine}, wanted) => ({"": true, shipped, mine, others: !shipped && !mine})[wanted];

/** The cards that match the search, variant, data and owner, sorted; equal ones in the server's order. */
export function filterCards(cards, names, filters) {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (card) =>
    [card.name, names.what(card), card.variant, card.data, sizeWords(card), ownerWords(card)].join(" ").toLowerCase();
  const found = cards.filter(
    (card) =>
      isWhose(card, filters.whose) &&
      (!filters.variant || card.variant === filters.variant) &&
      (!filters.data || card.data === filters.data) &&
      words.every((word) => text(card).includes(word)),
  );
  return found.sort((a, b) => comparators[filters.sort](a, b, names));
}
