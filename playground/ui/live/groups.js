// Which numbers share a chart, in which order, under which name and colour.

import {capital} from "./format.js";

const NAMES = {"modes/found": "modes found", "modes/share": "in modes", "sample/std": "spread", "penalty/gp": "gradient penalty", loss: "losses", grad: "gradients", lr: "rates", acc: "right calls", prob: "probabilities",
  "distance/energy": "energy distance", "distance/mmd": "MMD", "quality/fd": "FD", "quality/sw": "sliced Wasserstein", "quality/sw quality/patches": "sliced Wasserstein", "quality/ssim": "likeness of pairs", "quality/entropy": "class entropy", "quality/classes": "classes found",
  "quality/precision quality/recall": "precision and recall", "hinge/active": "hinge at work", "gap/mean": "gap", "clip/share": "at the clip", "slope/mean slope/least slope/most": "slopes", score: "scores", energy: "energies"};
/** What several numbers in one chart say together. */
const SAYS = {energy: "how badly D redraws each", score: "what D gives each", prob: "both near ½: D cannot tell", acc: "both at 1: D has won", gap: "the gap heads for the margin Δ", criteria: "all three at an epoch’s end: m drops",
  slope: "how steep D is, 1 is asked for", loss: "what each minimises", grad: "how hard each is pushed", "quality/precision": "likeness and variety", "quality/sw": "of whole pictures, and of their patches: sharpness"};
const SHORT = {"penalty/gp": "penalty", grad: "grads", prob: "prob", acc: "calls", "modes/found": "modes", "balance/error": "error", "hinge/active": "hinge", "hinge/mean": "shortfall", "clip/share": "clip", score: "scores", energy: "energy",
  "distance/energy": "distance", "quality/sw": "Wasserstein", "quality/sw quality/patches": "Wasserstein", "quality/ssim": "likeness", "quality/entropy": "entropy", "quality/classes": "classes", "quality/precision quality/recall": "P and R"};
const OLD = "sample/real";          // of runs from before there were floors
const LATE = ["loss", "grad", "lr"];
const MEASURED = ["modes", "distance", "quality/fd", "quality/precision", "quality", "sample"];        // in this order
const DASHES = [[], [5, 3], [1.5, 2.5]];

/** [{key, kind, names, measured, section}]: the variant's own first, then what was measured now and then, losses and gradients last. */
export function grouped(scalars, measures) {
  const groups = new Map();
  const add = (name, unit, measured) => {
    const kind = name.split("/")[0], key = `${kind} ${unit}`;
    if (!groups.has(key)) groups.set(key, {key, kind, names: [], measured});
    groups.get(key).names.push(name);
  };
  for (const [name, {unit}] of Object.entries(scalars)) add(name, unit, false);
  for (const [name, {unit}] of Object.entries(measures)) if (name !== OLD) add(name, unit, true);
  const section = ({kind, measured}) => (LATE.includes(kind) ? 3 : measured ? 2 : kind === "balance" ? 0 : 1);
  const place = ({measured, names: [name]}) => (measured ? MEASURED.findIndex((start) => name.startsWith(start)) : 0);
  return [...groups.values()].map((group) => ({...group, section: section(group)})).sort((a, b) => a.section - b.section || place(a) - place(b));
}

/** What stands over a chart: {symbol} of mathematics, or {text}. */
export function title({kind, names, measured}, scalars) {
  const [name] = names, alone = names.length === 1;
  if (alone && !measured && scalars[name].symbol) return {symbol: scalars[name].symbol};
  return {text: capital(NAMES[names.join(" ")] ?? NAMES[kind] ?? (alone ? name.split("/")[1] : kind))};
}

/** The one sentence of a chart: the number's own, or that of the several. */
export function says({kind, names}, scalars) {
  return names.length === 1 ? scalars[names[0]].help : SAYS[names[0]] ?? SAYS[kind] ?? "";
}

/** Whether its numbers are answers, yes or no. */
export const answers = ({names}, scalars) => scalars[names[0]].unit === "criterion";

/** The same in one short word, for a phone. */
export function word({kind, names}) {
  const [name] = names;
  return SHORT[names.join(" ")] ?? (names.length > 1 ? SHORT[kind] ?? NAMES[kind] ?? kind : NAMES[name] ?? name.split("/")[1]);
}

/** "real", "fake" (what G makes or minimises), or "" for what is neither. */
export function role(name) {
  const last = name.split("/")[1];
  return last === "g" ? "fake" : ["real", "fake"].includes(last) ? last : "";
}

/** One of several in a chart: "real", "D". */
export function called(name) {
  const last = name === "quality/sw" ? "whole" : name.split("/")[1];
  return last.length === 1 ? last.toUpperCase() : last;
}

/** How each of a chart's series is drawn: {colour, in the palette, and dash}: real and fake by colour, what is neither by its dashes. */
export function pens(names) {
  let plain = 0;
  return names.map((name) => (role(name) ? {colour: role(name), dash: []} : {colour: "trace", dash: DASHES[plain++ % DASHES.length]}));
}
