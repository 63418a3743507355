// The numbers of a chart as a table, opened by a button.

import {h, replace} from "../core/dom.js";

const MAX_ROWS = 40; // rows

/** Evenly spaced rows, with the last one among them. */
export const thinRows = (rows) => {
  const every = Math.max(1, Math.ceil(rows.length / MAX_ROWS));
  return rows.filter((_, i) => (rows.length - 1 - i) % every === 0);
};

export class Table {
  /**
   * @param {string} subject what the table is about
   * @param {() => {head: string[], rows: string[][]} | null} getContent called only while the table is open
   */
  constructor(subject, getContent) {
    this.getContent = getContent;
    this.element = h("div", {
      class: "table",
      role: "group",
      tabindex: "0",
      "aria-label": `Numbers of ${subject}`,
      hidden: true,
    });
    this.toggle = h(
      "button",
      {
        type: "button",
        class: "link tabled",
        "aria-expanded": "false",
        "aria-label": `Table of ${subject}`,
        onclick: () => this.open(this.element.hidden),
      },
      "table",
    );
  }

  open(open) {
    this.element.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.draw();
  }

  draw() {
    const content = !this.element.hidden && this.getContent();
    const cell = (name, text, scope) => h(name, {scope}, text);
    if (!content) return;
    replace(
      this.element,
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, ...content.head.map((text) => cell("th", text, "col")))),
        h(
          "tbody",
          {},
          ...content.rows.map(([first, ...rest]) =>
            h("tr", {}, cell("th", first, "row"), ...rest.map((text) => cell("td", text))),
          ),
        ),
      ),
    );
  }
}
