// What differs between lanes, and nothing else: settings in a table, formulas under each other with the terms that
// differ marked; and `said`, which stands apart: in sentences what is shared and what makes a comparison unfair.

import {h, replace, setText} from "../../core/dom.js";
import {drawFormula} from "../../controls/formula.js";
import {laneStyle} from "../lane_style.js";

const FEW = 7; // rows that are shown at first
const FEW_LANES = 3; // of which formulas are shown at first

/** A lane's number in its colour, for the head of a column or a row. */
export const laneMark = (index, title) =>
  h(
    "span",
    {class: "lane-mark", style: `--lane: ${laneStyle(index).css}`, title},
    laneStyle(index).name,
    h("span", {class: "sr"}, ` ${title}`),
  );

export class Differences {
  constructor() {
    this.more = h("button", {type: "button", class: "link", hidden: true, onclick: () => this.showAll(true)});
    this.box = h("div", {class: "differences-box", role: "group", tabindex: "0", "aria-label": "Settings that differ"});
    this.formulas = h("div", {class: "lane-formulas", role: "group", "aria-label": "Formulas of all lanes"});
    this.formulasBox = h("details", {class: "formulas-of"}, h("summary", {}, "Formulas"), this.formulas);
    this.said = h("ul", {class: "said-of", "aria-label": "What is equal and what is not", "data-testid": "said-of"});
    this.element = h(
      "section",
      {class: "differences", "aria-label": "What differs"},
      h("div", {class: "cap"}, h("h2", {}, "What differs"), this.more),
      this.box,
      this.formulasBox,
    );
    new ResizeObserver(() => this.drawFormulas()).observe(this.formulas);
  }

  begin(model) {
    this.model = model;
    const {differences = [], equal = [], unequal = []} = model.facts;
    this.rows = differences;
    this.width = 0;
    this.formulasBox.open = model.lanes.length <= FEW_LANES;
    this.showAll(false);
    this.drawFormulas();
    replace(
      this.said,
      ...unequal.map((text) => h("li", {class: "unequal"}, text)),
      ...equal.map((text) => h("li", {class: "equal"}, text)),
    );
  }

  showAll(all) {
    const {rows, model} = this;
    const shown = all ? rows : rows.slice(0, FEW);
    this.more.hidden = shown.length === rows.length;
    setText(this.more, `all ${rows.length} settings`);
    this.box.hidden = !rows.length;
    replace(
      this.box,
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h("tr", {}, h("td"), ...model.lanes.map((lane) => h("th", {scope: "col"}, laneMark(lane.index, lane.title)))),
        ),
        h(
          "tbody",
          {},
          ...shown.map(({label, values, shared}) =>
            h(
              "tr",
              {class: shared ? "" : "some"},
              h("th", {scope: "row"}, label),
              ...values.map((text) => h("td", {}, text)),
            ),
          ),
        ),
      ),
    );
  }

  /** The formulas as wide as there is room: long ones are wrapped. */
  drawFormulas() {
    const {formulas = []} = this.model?.facts ?? {};
    const width = this.formulas.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    const boxes = formulas.map(() => h("div", {class: "formula"}));
    replace(
      this.formulas,
      ...formulas.map((lines, i) =>
        lines.length
          ? h("div", {class: "lane-formula of-lane", "data-lane": i}, laneMark(i, this.model.lanes[i].title), boxes[i])
          : null,
      ),
    );
    formulas.forEach((lines, i) => {
      if (lines.length)
        drawFormula(
          boxes[i],
          lines.map(({mathml}) => mathml),
          [],
        );
    });
  }
}
