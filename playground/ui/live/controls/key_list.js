// The list of keys, as a dialog.

import {h, uid} from "../core/dom.js";
import {dialog, dialogHead} from "./dialog.js";
import {KEYS} from "./keys.js";

const COMPARE_KEYS = [
  ["Space", "Pause all lanes, or go on; play back lanes that have ended"],
  ["[ ]", "All lanes back to the pictures before, on to those after"],
];
const FOCUS_KEYS = [
  ["Tab", "From one control to the next; rows of buttons are one stop"],
  ["← →", "Within a row of buttons, the tabs, a slider, the timeline"],
  ["PgUp PgDn", "On the timeline: ten pictures back or on"],
  ["Home End", "The first and the last"],
  ["Esc", "Close what is open"],
];

export class KeyList {
  constructor() {
    const title = uid("keys");
    const row = ([name, description]) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, ...name.split(" ").map((key) => h("kbd", {}, key))),
        h("td", {}, description),
      );
    const table = (caption, rows) => h("table", {}, h("caption", {}, caption), h("tbody", {}, ...rows.map(row)));
    this.element = dialog(
      {class: "dialog key-list", "aria-labelledby": title},
      h(
        "div",
        {class: "sheet-in"},
        dialogHead(h("h2", {id: title}, "Keys"), () => this.element.close()),
        table(
          "In Play, wherever you are",
          KEYS.map(([, name, description]) => [name, description]),
        ),
        table("In Compare, wherever you are", COMPARE_KEYS),
        table("On what has the focus", FOCUS_KEYS),
      ),
    );
  }

  open() {
    this.element.showModal();
  }
}
