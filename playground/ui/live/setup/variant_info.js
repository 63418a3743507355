// About the chosen variant: summary, formula, paper, strengths, weaknesses and a warning.

import {h, replace, setText} from "../core/dom.js";
import {formulaLines, drawFormula} from "../controls/formula.js";

export class VariantInfo {
  constructor() {
    this.summary = h("p", {class: "note"});
    this.formula = h("div", {class: "formula", tabindex: "0", role: "group", "aria-label": "Formula"});
    this.paper = h("a", {class: "note paper", target: "_blank", rel: "noreferrer"});
    this.advice = h("dl", {class: "advice", "data-testid": "advice"});
    this.warningText = h("span");
    this.warning = h("p", {class: "warns", role: "note", "data-testid": "warning"}, h("b"), this.warningText);
    this.element = h("div", {class: "about"}, this.summary, this.formula, this.paper, this.advice, this.warning);
    let lastWidth = 0;
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        if (width !== lastWidth) {
          lastWidth = width;
          this.typeset?.();
        }
      },
    ).observe(this.formula);
  }

  /**
   * @param {Variant} variant
   * @param {{id: string, kind: Kind, title?: string}} data
   * @param {Values} values of the knobs
   */
  draw(variant, data, values) {
    const {summary, paper, knobs, good, bad, warns} = variant;
    setText(this.summary, summary);
    this.typeset = () => {
      drawFormula(
        this.formula,
        this.lines,
        knobs[data.kind].filter((k) => k.live && k.symbol).map((k) => k.symbol),
      );
      // a stop only where there is something to scroll
      this.formula.tabIndex = this.formula.scrollWidth > this.formula.clientWidth ? 0 : -1;
    };
    this.lines = null;
    this.updateFormula(variant, values);
    setText(this.paper, `${paper.authors}, ${paper.year}`);
    this.paper.href = paper.url;
    this.paper.title = paper.title;
    const rows = [
      ["good at", good],
      ["weak at", bad],
    ].filter(([, said]) => said);
    replace(this.advice, ...rows.flatMap(([name, said]) => [h("dt", {}, name), h("dd", {}, said)])).hidden =
      !rows.length;
    const text = warns?.[data.id] ?? "";
    setText(this.warning.firstChild, `${variant.title} on ${data.title}: `);
    setText(this.warningText, text);
    this.warning.hidden = !text;
  }

  /** Updates the formula for the knobs' values. */
  updateFormula(variant, values) {
    const lines = formulaLines(variant, values);
    if (lines.join() === this.lines?.join()) return;
    this.lines = lines;
    this.typeset();
  }
}
