// Four numbers that say how it stands, with the target beside those that have one.

import {h, replace, say, symbol} from "./dom.js";
import {level, plain, short} from "./format.js";

export const FOUND = {"modes/found": "modes", "quality/fd": "FD", "quality/sw": "Wasserstein", "quality/precision": "precision, recall", "distance/energy": "energy distance", "sample/std": "spread"};
const BESIDE = [["modes/found", "quality/fd", "quality/sw", "distance/energy", "sample/std"], ["quality/precision"]];

/** Which numbers to show, best first: the variant's own balance, else scores of real and fake and a loss; then what was measured. */
export function pick(scalars, history) {
  const names = Object.keys(scalars), has = (name) => history.measured(name) != null;
  const balance = names.filter((n) => n.startsWith("balance/") && scalars[n].line !== 0);
  const scores = ["prob", "score", "energy"].map((kind) => [`${kind}/real`, `${kind}/fake`]).find((pair) => pair.every((n) => n in scalars)) ?? [];
  const found = BESIDE.map((some) => some.find(has)).filter(Boolean);
  return [...[...balance, ...scores, ...names.filter((n) => n.startsWith("loss/"))].slice(0, 4 - found.length), ...found];
}

export class Readings {
  constructor() {
    this.element = h("dl", {class: "reads"});
  }

  draw(variant, spec, history, measures, step) {
    const names = pick(variant.scalars, history), key = `${variant.id} ${names}`;
    if (this.key !== key) {
      this.key = key;
      this.rows = names.map((name) => ({value: h("span"), beside: h("small")}));
      replace(this.element, ...names.map((name, i) => h("div", {"data-reading": name, title: variant.scalars[name]?.help ?? measures[name]?.help}, h("dt", {}, this.label(variant, name)), h("dd", {}, this.rows[i].value, this.rows[i].beside))));
    }
    names.forEach((name, i) => {
      const [value, beside, floor] = this.told(name, variant, spec, history, step), target = this.target(name, variant, spec, history, step);
      say(this.rows[i].value, value);
      if (floor) this.floor(this.rows[i], floor);
      else if (!target) say(this.rows[i].beside, beside ?? "");
      else if (this.rows[i].target !== target.value) {
        this.rows[i].target = target.value;
        this.rows[i].beside.className = "hand";
        replace(this.rows[i].beside, " → ", symbol(target.symbol), ` ${plain(target.value)}`);
      }
    });
  }

  /** Beside a measure what real data reach against real data: a blue dot and the number. */
  floor(row, text) {
    if (row.floor === text) return;
    row.floor = text;
    replace(row.beside, h("span", {class: "sr"}, " real against real "), h("span", {class: "dot real"}), text);
  }

  label(variant, name) {
    const scalar = variant.scalars[name];
    return scalar?.symbol ? symbol(scalar.symbol) : FOUND[name] ?? name.replace("/", " ");
  }

  told(name, variant, spec, history, step) {
    const value = history.measured(name, step), floor = history.quality?.floors[name];
    if (name === "modes/found") return [String(value ?? "–"), spec.modes ? ` of ${spec.modes}` : ""];
    if (name === "quality/precision") return [short(value, 2), ` / ${short(history.measured("quality/recall", step), 2)}`];
    if (name in FOUND) return [value < 1 ? level(value) : short(value), "", floor == null ? "" : level(floor)];
    return [short(history.value(name, step))];
  }

  target(name, variant, spec, history, step) {
    const line = variant.scalars[name]?.line;
    if (typeof line !== "string" || spec.knobs[line] == null) return null;
    const declared = [...variant.knobs.points, ...variant.knobs.images].find((k) => k.name === line);
    return {symbol: declared?.symbol || line, value: history.knob(line, spec.knobs[line], step).at(-1)[1]};
  }
}
