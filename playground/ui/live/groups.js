// Which numbers share a chart, in which order, under which name and colour.

import {capital} from "./format.js";

/** Numbers that come with frames, not with every step. */
export const MEASURES = {
  "modes/found": {help: "clusters with a quarter of their fair share", unit: "modes", symbol: ""},
  "modes/share": {help: "share of fakes within 3σ of a cluster", unit: "share", symbol: "", healthy: [0.5, 1]},
  "sample/std": {help: "spread of the samples", unit: "sd", symbol: "", line: "real"},
};
const NAMES = {"modes/found": "modes found", "modes/share": "in modes", "sample/std": "spread", loss: "losses", grad: "gradients", lr: "rates", acc: "right calls", prob: "probabilities"};
const SHORT = {grad: "grads", prob: "prob", acc: "calls", "modes/found": "modes", "balance/error": "error"};
const LATE = ["loss", "grad", "lr"];
const OTHERS = ["ink2", "hand"];

/** [{key, kind, names, measured, section}]: the variant's own first, then what was measured, losses and gradients last. */
export function grouped(scalars) {
  const groups = new Map();
  const add = (name, unit, measured) => {
    const kind = name.split("/")[0], key = `${kind} ${unit}`;
    if (!groups.has(key)) groups.set(key, {key, kind, names: [], measured});
    groups.get(key).names.push(name);
  };
  for (const [name, {unit}] of Object.entries(scalars)) add(name, unit, false);
  for (const [name, {unit}] of Object.entries(MEASURES)) add(name, unit, true);
  const section = ({kind, measured}) => (LATE.includes(kind) ? 3 : measured ? 2 : kind === "balance" ? 0 : 1);
  return [...groups.values()].map((group) => ({...group, section: section(group)})).sort((a, b) => a.section - b.section);
}

/** What stands over a chart: {symbol} of mathematics, or {text}. */
export function title({kind, names}, scalars) {
  const [name] = names, alone = names.length === 1;
  if (alone && scalars[name].symbol) return {symbol: scalars[name].symbol};
  return {text: capital(NAMES[name] ?? NAMES[kind] ?? (alone ? name.split("/")[1] : kind))};
}

/** The same in one short word, for a phone. */
export function word({kind, names}) {
  const [name] = names;
  return SHORT[name] ?? (names.length > 1 ? SHORT[kind] ?? NAMES[kind] ?? kind : NAMES[name] ?? name.split("/")[1]);
}

/** "real", "fake" (what G makes or minimises), or "" for what is neither. */
export function role(name) {
  const last = name.split("/")[1];
  return last === "g" ? "fake" : ["real", "fake"].includes(last) ? last : "";
}

/** One of several in a chart: "real", "D". */
export function called(name) {
  const last = name.split("/")[1];
  return last.length === 1 ? last.toUpperCase() : last;
}

/** The name of a colour in the palette for each of a chart's series: real, fake, else ink; a third plain one is dimmer. */
export function colours(names) {
  let plain = 0;
  return names.map((name) => role(name) || (plain++ ? OTHERS[(plain - 2) % OTHERS.length] : "trace"));
}
