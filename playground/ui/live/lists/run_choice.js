// Runs that are chosen from a list, to be compared: which, and a bar with what can be done with them.

import {h, icon, setText} from "../core/dom.js";
import {CROSS} from "../controls/dialog.js";

export const MOST = 8; // lanes of a comparison
const LEAST = 2;

export class RunChoice {
  /** @param {{compare: (runs: string[]) => void, changed: () => void, titleOf: (run: string) => string}} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.runs = new Set(); // in the order in which they were chosen
    this.text = h("p", {class: "note", role: "status"});
    this.button = h(
      "button",
      {
        type: "button",
        class: "go",
        "data-testid": "compare-runs",
        onclick: () => handlers.compare([...this.runs]),
      },
      "Compare",
    );
    this.clearButton = h(
      "button",
      {type: "button", class: "icon", "aria-label": "Choose none", title: "Choose none", onclick: () => this.clear()},
      icon(CROSS),
    );
    this.element = h("div", {class: "chosen-runs", hidden: true}, this.text, this.button, this.clearButton);
  }

  get isFull() {
    return this.runs.size >= MOST;
  }

  has(run) {
    return this.runs.has(run);
  }

  set(run, chosen) {
    if (chosen && !this.isFull) this.runs.add(run);
    if (!chosen) this.runs.delete(run);
    this.draw();
  }

  clear() {
    this.runs.clear();
    this.draw();
  }

  /** Keeps only runs of which `isThere(run)` still holds, and shows their present titles. */
  keep(isThere) {
    for (const run of [...this.runs]) if (!isThere(run)) this.runs.delete(run);
    this.draw();
  }

  draw() {
    const {size} = this.runs;
    const names = [...this.runs].map((run) => this.handlers.titleOf(run)).join(", ");
    const more = size < LEAST ? ". Choose what to compare it with." : this.isFull ? ". More than eight cannot be." : "";
    setText(this.text, size ? `${size} chosen: ${names}${more}` : "");
    this.element.hidden = !size;
    this.button.disabled = size < LEAST;
    this.handlers.changed();
  }
}
