// Four numbers that say how it stands, with the target beside those that have one.

import {h, replace, say, symbol} from "./dom.js";
import {plain, short} from "./format.js";

const FOUND = {"modes/found": "modes", "modes/share": "in modes", spread: "spread"};

/** Which numbers to show, best first: the variant's own balance, else scores of real and fake and a loss; then what was found. */
export function pick(scalars, history) {
  const names = Object.keys(scalars), has = (name) => history.measured(name) != null;
  const balance = names.filter((n) => n.startsWith("balance/") && scalars[n].line !== 0);
  const scores = ["prob", "score", "energy"].map((kind) => [`${kind}/real`, `${kind}/fake`]).find((pair) => pair.every((n) => n in scalars)) ?? [];
  const found = has("modes/found") ? ["modes/found"] : has("sample/std") && has("sample/real") ? ["spread"] : [];
  return [...(balance.length ? balance : [...scores, ...names.filter((n) => n.startsWith("loss/"))]).slice(0, 4 - found.length), ...found];
}

export class Readings {
  constructor() {
    this.element = h("dl", {class: "reads"});
  }

  draw(variant, spec, history, step) {
    const names = pick(variant.scalars, history), key = `${variant.id} ${names}`;
    if (this.key !== key) {
      this.key = key;
      this.rows = names.map((name) => ({value: h("span"), beside: h("small")}));
      replace(this.element, ...names.map((name, i) => h("div", {"data-reading": name, title: variant.scalars[name]?.help}, h("dt", {}, this.label(variant, name)), h("dd", {}, this.rows[i].value, this.rows[i].beside))));
    }
    names.forEach((name, i) => {
      const [value, beside] = this.told(name, variant, spec, history, step), target = this.target(name, variant, spec, history, step);
      say(this.rows[i].value, value);
      if (!target) say(this.rows[i].beside, beside ?? "");
      else if (this.rows[i].target !== target.value) {
        this.rows[i].target = target.value;
        this.rows[i].beside.className = "hand";
        replace(this.rows[i].beside, " → ", symbol(target.symbol), ` ${plain(target.value)}`);
      }
    });
  }

  label(variant, name) {
    const scalar = variant.scalars[name];
    return scalar?.symbol ? symbol(scalar.symbol) : FOUND[name] ?? name.replace("/", " ");
  }

  told(name, variant, spec, history, step) {
    if (name === "spread") return [String(Math.round(history.measured("sample/std", step) / history.measured("sample/real") * 100)), " % of real"];
    if (name === "modes/found") return [String(history.measured(name, step) ?? "–"), spec.modes ? ` of ${spec.modes}` : ""];
    return [short(history.value(name, step))];
  }

  target(name, variant, spec, history, step) {
    const line = variant.scalars[name]?.line;
    if (typeof line !== "string" || spec.knobs[line] == null) return null;
    const declared = [...variant.knobs.points, ...variant.knobs.images].find((k) => k.name === line);
    return {symbol: declared?.symbol || line, value: history.knob(line, spec.knobs[line], step).at(-1)[1]};
  }
}
