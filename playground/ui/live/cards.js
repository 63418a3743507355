// What a list says of a run, and which runs answer to a search: words and order.

import {duration, level, short, whole} from "./format.js";
import {FOUND} from "./readings.js";
import {thumbnail} from "./thumbs.js";

const WORDS = {queued: "in the queue", running: "training", paused: "paused", finished: "finished", stopped: "stopped", interrupted: "interrupted", diverged: "diverged", failed: "failed"};
export const ALIVE = ["queued", "running", "paused"];
export const STATUSES = {"": "any status", alive: "under way", finished: "finished", stopped: "stopped", interrupted: "interrupted", diverged: "diverged", failed: "failed", pinned: "pinned", published: "published"};
export const SORTS = {newest: "newest first", name: "by name", score: "best score", size: "largest", steps: "most steps"};
export const FINDS = "name, variant, data, status";
const BEST = ["modes/found", "quality/fd", "distance/energy", "quality/sw"];         // scores of two kinds cannot be compared: one kind after the other

/** The catalogue's titles: a card names ids. */
export class Names {
  constructor({variants, data}) {
    this.variants = Object.fromEntries(variants.map((v) => [v.id, v.title]));
    this.data = Object.fromEntries(data.map((d) => [d.id, d]));
  }

  /** "BEGAN on 8 Gaussians". */
  what({variant, data}) {
    return `${this.variants[variant] ?? variant} on ${this.data[data]?.title ?? data}`;
  }

  /** "points" or "images"; of data that are not known here a card's `dims` tell. */
  kind({data, dims}) {
    return this.data[data]?.kind ?? (dims?.length === 1 ? "points" : "images");
  }

  /** A person's own name, else what it is. */
  title(card) {
    return card.name || this.what(card);
  }

  /** What stands for a run that has no picture yet: its data; null where they have none. */
  picture({data}) {
    const found = this.data[data], made = found && (found.thumb || found.points.length) ? thumbnail(found) : null;
    made?.classList.add("data");
    return made;
  }

  /** {name, value, floor}, in words; null without one. */
  score({score, data}) {
    if (score?.value == null) return null;
    const {name, value, floor} = score, {modes} = this.data[data] ?? {}, told = (v) => (v < 1 ? level(v) : short(v));
    if (name === "modes/found") return {name: "modes", value: modes ? `${value} of ${modes}` : String(value), floor: null};
    return {name: FOUND[name] ?? name, value: told(value), floor: floor == null ? null : told(floor)};
  }

  /** How good, for an order: [which kind, smaller is better]. */
  rank({score, data}) {
    if (score?.value == null) return [BEST.length, 0];
    const most = score.name === "modes/found" ? this.data[data]?.modes || 1 : 0;
    return [BEST.indexOf(score.name), most ? -score.value / most : score.value];
  }
}

/** What a list of runs asks: `scope` is "mine" or "gallery". */
export const reads = (api, scope) => async (known) => {
  const {runs, ...rest} = await api.runs({scope, known});
  return {...rest, cards: runs};
};

/** [word, what more there is to say]. */
export function standing({status, step, budget, note}) {
  const part = budget ? Math.floor(step / budget * 100) : 0, word = WORDS[status] ?? status;
  if (status === "queued" || status === "finished") return [word, note];
  if (["running", "paused"].includes(status)) return [`${word}, ${part}%`, note];
  return [`${word} at ${part}%`, note];
}

export function course({status, step, budget, elapsed}) {
  return [status === "finished" ? `${whole(step)} steps` : `${whole(step)} of ${whole(budget)} steps`, elapsed ? duration(elapsed) : ""];
}

const has = ({status, pinned, published}, wanted) => ({"": true, alive: ALIVE.includes(status), pinned, published}[wanted] ?? status === wanted);
const by = {
  newest: () => 0,
  name: (a, b, names) => names.title(a).localeCompare(names.title(b), undefined, {numeric: true, sensitivity: "base"}),
  score: (a, b, names) => names.rank(a)[0] - names.rank(b)[0] || names.rank(a)[1] - names.rank(b)[1],
  size: (a, b) => b.bytes - a.bytes,
  steps: (a, b) => b.step - a.step,
};

/** The cards that answer to `words` (each in the name, variant, data or status), `status` and `variant`, sorted; those that are alike stay newest first. */
export function sift(cards, names, {search = "", status = "", variant = "", sort = "newest"}) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (card) => `${card.name} ${names.what(card)} ${card.variant} ${card.data} ${standing(card)[0]} ${card.owner} ${card.recorded ? "recorded" : ""}`.toLowerCase();
  const found = cards.filter((card) => has(card, status) && (!variant || card.variant === variant) && (!words.length || words.every((word) => text(card).includes(word))));
  return found.sort((a, b) => by[sort](a, b, names) || b.created - a.created);
}
