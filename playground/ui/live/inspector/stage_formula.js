// A stage's formula with numbers under its terms, and a list of the other terms.

import {h, replace, symbol} from "../core/dom.js";
import {short} from "../core/format.js";
import {drawFormula} from "../controls/formula.js";

/** Symbols with time indices: k_t is the value before, k_{t+1} the value after. */
const symbolVariants = ({symbol: letter, value, was}) =>
  was == null
    ? [
        [letter, value],
        [`${letter}_t`, value],
      ]
    : [
        [`${letter}_{t+1}`, value],
        [`${letter}_t`, was],
      ];

/** The digits that show a change; undefined when there is (hardly) any. */
const digitsToShow = ({value, was}) =>
  was == null ? undefined : [3, 4, 5, 6].find((n) => short(was, n) !== short(value, n));

export class StageFormula {
  constructor() {
    this.element = h("div", {class: "formula", tabindex: "0", role: "group", "aria-label": "Formula of this stage"});
    this.terms = h("dl", {class: "terms"});
    this.stage = null;
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        if (this.width !== width && this.stage) this.typeset();
        this.width = width;
      },
    ).observe(this.element);
  }

  /** Of which variant stages come next: its knobs are plum, its answers are yes or no. */
  begin(variant, kind) {
    this.stage = null;
    this.letters = variant.knobs[kind].filter((k) => k.symbol).map((k) => k.symbol);
    this.answers = new Set(
      Object.values(variant.scalars)
        .filter(({unit}) => unit === "criterion")
        .map((scalar) => scalar.symbol),
    );
  }

  draw(stage) {
    this.stage = stage;
    this.typeset();
  }

  typeset() {
    const {formula: line, terms} = this.stage;
    this.element.hidden = !line;
    const formatValue = (letter, value, n) => (this.answers.has(letter) ? (value ? "yes" : "no") : short(value, n));
    const numbers = terms
      .flatMap((term) => symbolVariants(term).map(([letter, value]) => [letter, formatValue(term.symbol, value)]))
      .filter(([letter, text]) => letter && text !== "–");
    const found = new Set(
      line
        ? drawFormula(this.element, [line], this.letters, numbers).map((letter) => letter.replace(/_(t|\{t\+1\})$/, ""))
        : [],
    );
    replace(
      this.terms,
      ...terms
        .filter((term) => digitsToShow(term) || !found.has(term.symbol))
        .map((term) => this.term(term, formatValue)),
    );
  }

  term(term, formatValue) {
    const n = digitsToShow(term);
    const isKnob = term.was == null && this.letters.includes(term.symbol);
    const name = /^[a-z]+\/[a-z]+$/i.test(term.symbol)
      ? h("span", {}, term.symbol.replace("/", " "))
      : symbol(term.symbol);
    const before =
      n &&
      h(
        "span",
        {class: "was"},
        short(term.was, n),
        h("span", {"aria-hidden": "true"}, " → "),
        h("span", {class: "sr"}, " to "),
      );
    return h(
      "div",
      {class: n && "moved"},
      h("dt", {}, name, h("span", {class: "note"}, term.name)),
      h("dd", {}, before, h("b", {class: isKnob && "hand"}, formatValue(term.symbol, term.value, n))),
    );
  }
}
