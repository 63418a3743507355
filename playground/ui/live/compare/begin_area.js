// Where a comparison begins, while no race and no runs are in the address.

import {h} from "../core/dom.js";
import {RaceSetup} from "../compare_setup/race_setup.js";

export class BeginArea {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {(address: string) => void} go
   */
  constructor(api, catalogue, go) {
    this.build = () => new RaceSetup(api, catalogue, go);
    this.setup = null; // built when it is first seen
    this.element = h("section", {class: "begin", "aria-label": "Begin a comparison", "data-testid": "begin"});
  }

  /** Shows the race that an address sets up, else what was set up last. */
  show(address) {
    if (!this.setup) this.element.append((this.setup = this.build()).element);
    this.element.hidden = false;
    this.setup.show(address);
  }

  hide() {
    this.element.hidden = true;
  }
}
