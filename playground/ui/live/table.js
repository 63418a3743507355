// The numbers behind a picture, as a table that a button beneath its name opens.

import {h, replace} from "./dom.js";

const MOST = 40;            // rows

/** Some of many rows, evenly, the last one among them. */
export const few = (rows) => { const every = Math.max(1, Math.ceil(rows.length / MOST)); return rows.filter((_, i) => (rows.length - 1 - i) % every === 0); };

export class Table {
  /** `of`: what it is a table of; `made()`: {head, rows}, texts, null while there is nothing; asked for only while it is open. */
  constructor(of, made) {
    this.made = made;
    this.element = h("div", {class: "table", role: "group", tabindex: "0", "aria-label": `Numbers of ${of}`, hidden: true});
    this.toggle = h("button", {type: "button", class: "link tabled", "aria-expanded": "false", "aria-label": `Table of ${of}`, onclick: () => this.open(this.element.hidden)}, "table");
  }

  open(open) {
    this.element.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.draw();
  }

  draw() {
    const told = !this.element.hidden && this.made(), cell = (name, text, scope) => h(name, {scope}, text);
    if (!told) return;
    replace(this.element, h("table", {}, h("thead", {}, h("tr", {}, ...told.head.map((text) => cell("th", text, "col")))),
      h("tbody", {}, ...told.rows.map(([first, ...rest]) => h("tr", {}, cell("th", first, "row"), ...rest.map((text) => cell("td", text)))))));
  }
}
