// Four numbers that say how it stands, with the target beside those that have one.

import {h, replace, symbol} from "./dom.js";
import {plain, short} from "./format.js";

/** Which numbers to show, best first: the variant's own balance, then scores, then what was found. */
function pick(scalars, history) {
  const names = Object.keys(scalars), has = (name) => history.measured(name) != null;
  const own = names.filter((n) => n.startsWith("balance/") && n !== "balance/error");
  const scores = names.filter((n) => /^(prob|score|energy)\/(real|fake)$/.test(n));
  const found = ["modes/found", "modes/share"].filter(has);
  if (!found.length && has("sample/std") && has("sample/real")) found.push("spread");
  const first = own.length ? own : scores.some((n) => n.startsWith("prob")) ? scores.filter((n) => n.startsWith("prob")) : scores;
  return [...first.slice(0, 4 - Math.min(found.length, own.length ? 1 : 2)), ...found].slice(0, 4);
}

const FOUND = {"modes/found": "modes", "modes/share": "within 3σ", spread: "spread"};

export class Readings {
  constructor() {
    this.list = h("dl", {class: "reads"});
    this.element = h("div", {}, h("h2", {}, "Readings"), this.list);
  }

  draw(variant, spec, history, step = Infinity) {
    const names = pick(variant.scalars, history), key = names.join();
    if (this.key !== key) {
      this.key = key;
      this.values = names.map(() => h("dd", {}, "–"));
      replace(this.list, ...names.map((name, i) => h("div", {"data-reading": name}, h("dt", {}, FOUND[name] ?? this.label(variant, name)), this.values[i])));
    }
    names.forEach((name, i) => replace(this.values[i], ...this.value(name, variant, spec, history, step)));
  }

  label(variant, name) {
    const scalar = variant.scalars[name];
    return scalar?.symbol ? symbol(scalar.symbol) : name.replace("/", " ");
  }

  value(name, variant, spec, history, step) {
    if (name === "modes/found") return [String(history.measured(name, step) ?? "–"), h("small", {}, " of 8")];
    if (name === "modes/share") return [`${Math.round((history.measured(name, step) ?? 0) * 100)}`, h("small", {}, " %")];
    if (name === "spread") return [`${Math.round(history.measured("sample/std", step) / history.measured("sample/real") * 100)}`, h("small", {}, " % of data's")];
    const scalar = variant.scalars[name], knob = typeof scalar.line === "string" && spec.knobs[scalar.line];
    const target = knob !== false && knob != null ? h("small", {class: "hand"}, " → ", symbol(variant.knobs.points.find((k) => k.name === scalar.line)?.symbol || scalar.line), ` ${plain(knob)}`) : null;
    return [short(history.value(name, step)), target].filter(Boolean);
  }
}
