// Texts about runs in lists; search and order.

import {duration, twoDigits, short, whole, meanAndDeviation} from "../core/format.js";
import {classesOf} from "../core/catalogue.js";
import {MEASURE_TITLES} from "../charts/readings.js";
import {thumbnail} from "../core/thumbnails.js";

const STATUS_WORDS = {
  queued: "in the queue",
  running: "training",
  paused: "paused",
  finished: "finished",
  stopped: "stopped",
  interrupted: "interrupted",
  diverged: "diverged",
  failed: "failed",
};
export const ALIVE = ["queued", "running", "paused"];
export const STATUSES = {
  "": "any status",
  alive: "under way",
  finished: "finished",
  stopped: "stopped",
  interrupted: "interrupted",
  diverged: "diverged",
  failed: "failed",
  pinned: "pinned",
  published: "published",
};
export const SORTS = {
  newest: "newest first",
  name: "by name",
  score: "best score",
  size: "largest",
  steps: "most steps",
};
export const SEARCH_HINT = "name, variant, data, status";
// scores of two kinds cannot be compared: one kind after the other
const SCORE_ORDER = ["modes/found", "quality/fd", "distance/energy", "quality/sw"];

/** Titles from the catalogue, because cards only have ids. */
export class Names {
  constructor({variants, data}) {
    this.variants = Object.fromEntries(variants.map((v) => [v.id, v.title]));
    this.declared = Object.fromEntries(variants.map((v) => [v.id, v]));
    this.data = Object.fromEntries(data.map((d) => [d.id, d]));
  }

  /** "BEGAN on 8 Gaussians". */
  what({variant, data}) {
    return `${this.variants[variant] ?? variant} on ${this.data[data]?.title ?? data}`;
  }

  /** "points" or "images"; for unknown data by the card's `dims`. */
  kind({data, dims}) {
    return this.data[data]?.kind ?? (dims?.length === 1 ? "points" : "images");
  }

  /** The classes that its samples can be asked to be of, [] without. */
  classes({variant, data, knobs}) {
    return classesOf(this.declared[variant], this.data[data], knobs);
  }

  /** Whether its variant has a capability. */
  can({variant}, capability) {
    return Boolean(this.declared[variant]?.capabilities.includes(capability));
  }

  /** The run's name, else variant and data. */
  title(card) {
    return card.name || this.what(card);
  }

  /** A picture for a run without one: that of its data, null if they have none. */
  picture({data}) {
    const found = this.data[data];
    const picture = found && (found.thumb || found.points.length) ? thumbnail(found) : null;
    picture?.classList.add("data");
    return picture;
  }

  /** {name, value, floor}, in words; null without one. */
  score({score, data}) {
    if (score?.value == null) return null;
    const {name, value, floor, deviation} = score;
    const {modes} = this.data[data] ?? {};
    const format = (v) => (v < 1 ? twoDigits(v) : short(v));
    if (name === "modes/found")
      return {name: "modes", value: modes ? `${value} of ${modes}` : String(value), floor: null};
    return {
      name: MEASURE_TITLES[name] ?? name,
      value: format(value),
      floor: floor == null ? null : meanAndDeviation(floor, deviation, format),
    };
  }

  /** For sorting by quality: [kind of measure, value; smaller is better]. */
  rank({score, data}) {
    if (score?.value == null) return [SCORE_ORDER.length, 0];
    const most = score.name === "modes/found" ? this.data[data]?.modes || 1 : 0;
    return [SCORE_ORDER.indexOf(score.name), most ? -score.value / most : score.value];
  }
}

/** A function that loads a list of runs; `scope` is "mine" or "gallery". */
export const loadRuns = (api, scope) => async (known) => {
  const {runs, ...rest} = await api.runs({scope, known});
  return {...rest, cards: runs};
};

/** [status in words, note]. */
export function statusWords({status, step, budget, note}) {
  const part = budget ? Math.floor((step / budget) * 100) : 0;
  const word = STATUS_WORDS[status] ?? status;
  if ((status === "queued" && !step) || status === "finished") return [word, note];
  if (["queued", "running", "paused"].includes(status)) return [`${word}, ${part}%`, note];
  return [`${word} at ${part}%`, note];
}

export function progressWords({status, step, budget, elapsed}) {
  return [
    status === "finished" ? `${whole(step)} steps` : `${whole(step)} of ${whole(budget)} steps`,
    elapsed ? duration(elapsed) : "",
  ];
}

const hasStatus = ({status, pinned, published}, wanted) =>
  ({"": true, alive: ALIVE.includes(status), pinned, published})[wanted] ?? status === wanted;
const comparators = {
  newest: () => 0,
  name: (a, b, names) => names.title(a).localeCompare(names.title(b), undefined, {numeric: true, sensitivity: "base"}),
  score: (a, b, names) => names.rank(a)[0] - names.rank(b)[0] || names.rank(a)[1] - names.rank(b)[1],
  size: (a, b) => b.bytes - a.bytes,
  steps: (a, b) => b.step - a.step,
};

/**
 * The cards that match all words of the search (in name, variant, data or status), the status and the variant, sorted;
 * equal ones newest first.
 */
export function filterCards(cards, names, {search = "", status = "", variant = "", sort = "newest"}) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (card) =>
    [
      card.name,
      names.what(card),
      card.variant,
      card.data,
      statusWords(card)[0],
      card.owner,
      card.recorded ? "recorded" : "",
    ]
      .join(" ")
      .toLowerCase();
  const found = cards.filter(
    (card) =>
      hasStatus(card, status) &&
      (!variant || card.variant === variant) &&
      (!words.length || words.every((word) => text(card).includes(word))),
  );
  return found.sort((a, b) => comparators[sort](a, b, names) || b.created - a.created);
}
