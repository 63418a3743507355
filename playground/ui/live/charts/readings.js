// Four readings of a run, with the target beside those that have one.

import {h, replace, setText, symbol} from "../core/dom.js";
import {twoDigits, plain, short, meanAndDeviation} from "../core/format.js";

export const MEASURE_TITLES = {
  "modes/found": "modes",
  "quality/fd": "FD",
  "quality/sw": "Wasserstein",
  "quality/precision": "precision, recall",
  "distance/energy": "energy distance",
  "sample/std": "spread",
  "cond/accuracy": "class accuracy",
  "label/accuracy": "held-out accuracy",
  "cluster/accuracy": "cluster accuracy",
};
export const BEST_POSSIBLE = "Best possible (real vs real)";
const MEASURE_CHOICES = [
  ["modes/found", "quality/fd", "quality/sw", "distance/energy", "sample/std"],
  ["quality/precision"],
  ["cond/accuracy", "label/accuracy", "cluster/accuracy"],
];

/** The scalars to show, best first: the variant's balance, else scores and a loss; then measures. */
export function pickReadings(scalars, history) {
  const names = Object.keys(scalars);
  const isMeasured = (name) => history.lastMeasure(name) != null;
  const balance = names.filter((n) => n.startsWith("balance/") && scalars[n].line !== 0);
  const scores =
    ["prob", "score", "energy"]
      .map((kind) => [`${kind}/real`, `${kind}/fake`])
      .find((pair) => pair.every((n) => n in scalars)) ?? [];
  const found = MEASURE_CHOICES.map((some) => some.find(isMeasured)).filter(Boolean);
  return [
    ...[...balance, ...scores, ...names.filter((n) => n.startsWith("loss/"))].slice(0, 4 - found.length),
    ...found,
  ];
}

export class Readings {
  constructor() {
    this.element = h("dl", {class: "reads"});
  }

  draw(variant, spec, history, measures, step) {
    const names = pickReadings(variant.scalars, history);
    const key = `${variant.id} ${names}`;
    if (this.key !== key) {
      this.key = key;
      this.rows = names.map(() => ({value: h("span"), beside: h("small"), target: undefined, floor: undefined}));
      replace(
        this.element,
        ...names.map((name, i) =>
          h(
            "div",
            {"data-reading": name, title: variant.scalars[name]?.help ?? measures[name]?.help},
            h("dt", {}, this.label(variant, name)),
            h("dd", {}, this.rows[i].value, this.rows[i].beside),
          ),
        ),
      );
    }
    names.forEach((name, i) => {
      const [value, beside, floor] = this.reading(name, variant, spec, history, step);
      const target = this.target(name, variant, spec, history, step);
      setText(this.rows[i].value, value);
      if (floor) this.floor(this.rows[i], floor);
      else if (!target) setText(this.rows[i].beside, beside ?? "");
      else if (this.rows[i].target !== target.value) {
        this.rows[i].target = target.value;
        this.rows[i].beside.className = "hand";
        replace(this.rows[i].beside, " → ", symbol(target.symbol), ` ${plain(target.value)}`);
      }
    });
  }

  /** Shows the value of real data beside a measure. */
  floor(row, text) {
    if (row.floor === text) return;
    row.floor = text;
    row.beside.title = BEST_POSSIBLE;
    replace(row.beside, h("span", {class: "sr"}, ` ${BEST_POSSIBLE} `), h("span", {class: "dot real"}), text);
  }

  label(variant, name) {
    const scalar = variant.scalars[name];
    return scalar?.symbol ? symbol(scalar.symbol) : (MEASURE_TITLES[name] ?? name.replace("/", " "));
  }

  reading(name, variant, spec, history, step) {
    const value = history.lastMeasure(name, step);
    const {floors, deviations} = history.quality ?? {};
    const floor = floors?.[name];
    if (name === "modes/found") return [String(value ?? "–"), spec.modes ? ` of ${spec.modes}` : ""];
    if (name === "quality/precision")
      return [short(value, 2), ` / ${short(history.lastMeasure("quality/recall", step), 2)}`];
    if (name === "label/accuracy") {
      const baseline = history.lastMeasure("label/baseline", step);
      return [twoDigits(value), baseline == null ? "" : ` / labels alone ${twoDigits(baseline)}`];
    }
    if (name in MEASURE_TITLES)
      return [
        value < 1 ? twoDigits(value) : short(value),
        "",
        floor == null ? "" : meanAndDeviation(floor, deviations?.[name]),
      ];
    return [short(history.value(name, step))];
  }

  target(name, variant, spec, history, step) {
    const line = variant.scalars[name]?.line;
    if (typeof line !== "string" || spec.knobs[line] == null) return null;
    const declared = [...variant.knobs.points, ...variant.knobs.images].find((k) => k.name === line);
    return {symbol: declared?.symbol || line, value: history.knobValues(line, spec.knobs[line], step).at(-1)[1]};
  }
}
