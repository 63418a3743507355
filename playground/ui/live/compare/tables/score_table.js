// The rows of the scoreboard, and what the server says of them.

import {h, replace} from "../../core/dom.js";
import {short, whole} from "../../core/format.js";
import {laneMark} from "./differences.js";
import {costCell, meanCell, targetCell} from "./score_cells.js";

/** What lanes are compared at: [the axis, its unit, how a verdict begins], by the server's name. */
const AT = {
  at_steps: ["step", "steps", "At equal steps"],
  at_images: ["images", "samples", "At equal samples"],
  at_seconds: ["seconds", "s", "At equal seconds"],
};

/** Where lanes are compared, in words. */
function place(clock, at) {
  const [axis, unit] = AT[clock];
  const value = at[axis];
  if (value == null) return `at equal ${unit === "s" ? "seconds" : unit}`;
  return `at ${unit === "s" ? short(value) : whole(value)} ${unit}`;
}

/** The verdicts, each in a line; one where they are the same. */
export function verdictLines({verdicts, caution}) {
  const said = Object.keys(AT).map((clock) => [AT[clock][2], verdicts[clock]]);
  const same = said.every(([, text]) => text === said[0][1]);
  const lines = same ? [[`${AT.at_steps[2]}, samples and seconds`, said[0][1]]] : said;
  return [
    ...lines.map(([where, text]) => h("p", {}, h("b", {}, `${where}: `), `${text}.`)),
    caution ? h("p", {class: "note"}, caution) : null,
  ];
}

export class ScoreTable {
  constructor() {
    this.element = h("div", {class: "score-box"});
    this.key = "";
  }

  /**
   * @param {any} found the server's answer
   * @param {any[]} lanes
   */
  draw({rows, at}, lanes) {
    const key = JSON.stringify([rows, at, lanes.map(({title}) => title)]);
    if (this.key === key) return;
    this.key = key;
    const hasTarget = rows.some((row) => row.to_target);
    const heads = [
      ...Object.keys(AT).map((clock) => place(clock, at)),
      ...(hasTarget ? ["to the target"] : []),
      "cost of a step",
    ];
    const head = (text) => h("th", {scope: "col", role: "columnheader"}, text);
    // roles, for on a phone rows are no rows to the style sheet
    replace(
      this.element,
      h(
        "table",
        {role: "table"},
        h("thead", {role: "rowgroup"}, h("tr", {role: "row"}, head("lane"), ...heads.map(head))),
        h("tbody", {role: "rowgroup"}, ...rows.map((row) => this.row(row, lanes[row.lane], heads))),
      ),
    );
  }

  row(found, lane, heads) {
    const cells = [
      ...Object.keys(AT).map((clock) => meanCell(found[clock])),
      ...(found.to_target ? [targetCell(found.to_target)] : []),
      costCell(lane.facts.cost),
    ];
    return h(
      "tr",
      {role: "row", class: "of-lane", "data-lane": lane.index},
      h(
        "th",
        {scope: "row", role: "rowheader"},
        laneMark(lane.index, lane.title),
        h("span", {class: "score-name", "aria-hidden": "true"}, lane.title),
        h("small", {}, `n = ${found.n}${found.lost ? `, ${found.lost} ended alone` : ""}`),
      ),
      ...cells.map((cell, i) => h("td", {role: "cell", "data-label": heads[i]}, ...cell)),
    );
  }
}
