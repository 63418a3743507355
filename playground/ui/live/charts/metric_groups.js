// Which scalars share a chart, in which order, with which title and colour.

import {capitalise} from "../core/format.js";

const NAMES = {
  "modes/found": "modes found",
  "modes/share": "in modes",
  "sample/std": "spread",
  "penalty/gp": "gradient penalty",
  loss: "losses",
  grad: "gradients",
  lr: "rates",
  acc: "D’s accuracy",
  prob: "probabilities",
  "distance/energy": "energy distance",
  "distance/mmd": "MMD",
  "quality/fd": "FD",
  "quality/sw": "sliced Wasserstein",
  "quality/sw quality/patches": "sliced Wasserstein",
  "quality/ssim": "likeness of pairs",
  "quality/entropy": "class entropy",
  "quality/classes": "classes found",
  "quality/precision quality/recall": "precision and recall",
  "hinge/active": "fakes inside the margin",
  "cond/gap": "what the class counts",
  "cond/accuracy": "class accuracy",
  "cond/accuracy cond/worst": "class accuracy",
  class: "classes that D finds",
  ce: "cross-entropies",
  label: "accuracy on held-out data",
  "cluster/accuracy": "cluster accuracy",
  "cluster/nmi": "category and class",
  "gap/mean": "gap",
  "clip/share": "at the clip",
  "slope/mean slope/least slope/most": "slopes",
  "info/ce info/mi": "information, nats",
  "info/ce info/mi info/nll": "information, nats",
  "info/error": "error of codes",
  "info/square": "error of E",
  score: "scores",
  energy: "energies",
  point: "θ and ψ",
  "mix/penalty": "mixed in",
  "gap/relative": "gap",
};
/** What the scalars of one chart show together. */
const SUMMARIES = {
  energy: "D’s reconstruction errors",
  score: "what D gives each",
  prob: "both near ½: D cannot tell",
  acc: "share that D gets right; both at 1: D has won",
  gap: "the gap should approach the margin Δ",
  criteria: "all three at an epoch’s end: m drops",
  slope: "how steep D is; it should be 1",
  class: "share that D puts into the right class",
  ce: "how far D is from the right classes",
  "cond/accuracy": "of all fakes, and of the class that is missed most often",
  label: "D’s, that of its worst class, and that of the same network from the labels alone",
  point: "the numbers of G and D; the equilibrium is 0",
  loss: "what each minimises",
  grad: "length of each player’s gradient",
  "quality/precision": "likeness and variety",
  "quality/sw": "of whole pictures, and of their patches: sharpness",
};
const SHORT = {
  "penalty/gp": "penalty",
  grad: "grads",
  prob: "prob",
  acc: "accuracy",
  class: "classes",
  label: "held-out",
  "modes/found": "modes",
  "balance/error": "error",
  "hinge/active": "inside",
  "hinge/mean": "shortfall",
  "clip/share": "clip",
  score: "scores",
  energy: "energy",
  "distance/energy": "distance",
  "quality/sw": "Wasserstein",
  "quality/sw quality/patches": "Wasserstein",
  "quality/ssim": "likeness",
  "quality/entropy": "entropy",
  "quality/classes": "classes",
  "quality/precision quality/recall": "P and R",
};
const LEGACY = "sample/real"; // of runs from before there were floors
const LAST_KINDS = ["loss", "grad", "lr"];
/** Measures come in this order. */
export const MEASURE_ORDER = ["modes", "distance", "quality/fd", "quality/precision", "quality", "sample"];
const DASHES = [[], [5, 3], [1.5, 2.5]];

/**
 * [{key, kind, names, measured, section}]: the variant's own first, then what was measured now and then, losses and
 * gradients last.
 */
export function groupMetrics(scalars, measures) {
  const groups = new Map();
  const add = (name, unit, measured) => {
    const kind = name.split("/")[0];
    const key = `${kind} ${unit}`;
    if (!groups.has(key)) groups.set(key, {key, kind, names: [], measured});
    groups.get(key).names.push(name);
  };
  for (const [name, {unit}] of Object.entries(scalars)) add(name, unit, false);
  for (const [name, {unit}] of Object.entries(measures)) if (name !== LEGACY) add(name, unit, true);
  const section = ({kind, measured}) => (LAST_KINDS.includes(kind) ? 3 : measured ? 2 : kind === "balance" ? 0 : 1);
  const rank = ({measured, names: [name]}) =>
    measured ? MEASURE_ORDER.findIndex((start) => name.startsWith(start)) : 0;
  return [...groups.values()]
    .map((group) => ({...group, section: section(group)}))
    .sort((a, b) => a.section - b.section || rank(a) - rank(b));
}

/** A chart's title: {symbol} or {text}. */
export function title({kind, names, measured}, scalars) {
  const [name] = names;
  const alone = names.length === 1;
  if (alone && !measured && scalars[name].symbol) return {symbol: scalars[name].symbol};
  return {text: capitalise(NAMES[names.join(" ")] ?? NAMES[kind] ?? (alone ? name.split("/")[1] : kind))};
}

/** The title of a chart of one scalar alone, among charts of others of its kind: {symbol} or {text}. */
export function soleTitle(name, {symbol = ""} = {}) {
  const [kind] = name.split("/");
  if (!NAMES[name] && symbol) return {symbol};
  const text = NAMES[name] ?? (NAMES[kind] ? `${NAMES[kind]}, ${seriesName(name)}` : seriesName(name));
  return {text: capitalise(text)};
}

/** What scalars of a kind are called together: "losses". */
export const kindTitle = (name) => NAMES[name] ?? NAMES[name.split("/")[0]] ?? name.replace("/", " ");

/** A chart's summary: the scalar's own help, or that of several. */
export function chartSummary({kind, names}, scalars) {
  return names.length === 1 ? scalars[names[0]].help : (SUMMARIES[names[0]] ?? SUMMARIES[kind] ?? "");
}

/** Whether its values are criteria, yes or no. */
export const isCriteria = ({names}, scalars) => scalars[names[0]].unit === "criterion";

/** A short title, for a phone. */
export function shortTitle({kind, names}) {
  const [name] = names;
  return (
    SHORT[names.join(" ")] ??
    (names.length > 1 ? (SHORT[kind] ?? NAMES[kind] ?? kind) : (NAMES[name] ?? name.split("/")[1]))
  );
}

/** "real", "fake" (what G makes or minimises), or "" for what is neither. */
export function seriesRole(name) {
  const part = name.split("/")[1];
  return part === "g" ? "fake" : ["real", "fake"].includes(part) ? part : "";
}

const SERIES = {
  theta: "θ",
  psi: "ψ",
  ce: "cross-entropy",
  mi: "mutual information",
  nll: "−log likelihood",
  nmi: "normalised mutual information",
  mse: "squared error",
  kl: "KL divergence",
};

/** A series' name in its chart: "real", "D". */
export function seriesName(name) {
  const part = name === "quality/sw" ? "whole" : name.split("/")[1];
  return SERIES[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

/**
 * How each of a chart's series is drawn: {colour, in the palette, and dash}: real and fake by colour, what is neither
 * by its dashes.
 */
export function seriesPens(names) {
  let plain = 0;
  return names.map((name) =>
    seriesRole(name) ? {colour: seriesRole(name), dash: []} : {colour: "trace", dash: DASHES[plain++ % DASHES.length]},
  );
}
