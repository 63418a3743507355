// The confusion matrix of a variant's categories and the classes of held-out samples.

import {h, replace, setText} from "../../core/dom.js";
import {whole} from "../../core/format.js";
import {ConnectionLost, Refused} from "../../core/api.js";

const DEEPEST = 50; // % of colour where all samples of a class lie in one category

export class SortingTable {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    this.workbench = workbench;
    this.says = h("p", {class: "note", role: "status"});
    this.box = h("div", {class: "sorting-box", role: "group", tabindex: "0", "aria-label": "Categories and classes"});
    this.box.hidden = true;
    this.element = h("section", {class: "sorting"}, h("h2", {}, "Categories and classes"), this.says, this.box);
  }

  /** Asks anew: the run may have trained on. */
  async load() {
    if (this.box.hidden) setText(this.says, "Sorting held-out samples");
    try {
      this.draw(await this.workbench.askLong("sorting", {y: null})); // of all categories, whichever is chosen
    } catch (error) {
      if (!(error instanceof Refused || error instanceof ConnectionLost)) throw error;
      this.box.hidden = true;
      setText(
        this.says,
        error instanceof Refused ? `Not here: ${error.message}.` : `The ${error.message}: come back in a moment.`,
      );
    }
  }

  /** Rows in the order of the classes that they fit, so that what is well sorted lies on the diagonal. */
  draw({counts, categories, classes, assigned, accuracy}) {
    const inClass = classes.map((_, j) => counts.reduce((sum, row) => sum + row[j], 0));
    const total = inClass.reduce((sum, n) => sum + n, 0);
    const place = (i) => assigned[i] ?? classes.length;
    const order = categories.map((_, i) => i).sort((a, b) => place(a) - place(b));
    const cell = (i, n, j) => {
      const made = h("td", {class: assigned[i] === j ? "fits" : ""}, n ? whole(n) : "");
      made.style.setProperty("--share", `${Math.round((DEEPEST * n) / Math.max(1, inClass[j]))}%`);
      return made;
    };
    setText(
      this.says,
      `${Math.round(100 * accuracy)}% of ${whole(total)} held-out samples lie in the category that fits their class ` +
        "best, which is outlined. No label was read in training.",
    );
    replace(
      this.box,
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, h("td"), ...classes.map((name) => h("th", {scope: "col"}, name)))),
        h(
          "tbody",
          {},
          ...order.map((i) =>
            h("tr", {}, h("th", {scope: "row"}, categories[i]), ...counts[i].map((n, j) => cell(i, n, j))),
          ),
        ),
      ),
    );
    this.box.hidden = false;
  }
}
