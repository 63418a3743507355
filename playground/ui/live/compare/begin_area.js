// Where a comparison begins, while no race and no runs are in the address.

import {h} from "../core/dom.js";

/** The element that the ways to begin stand in. */
export function beginArea() {
  return h("section", {class: "begin", "aria-label": "Begin a comparison", "data-testid": "begin"});
}
