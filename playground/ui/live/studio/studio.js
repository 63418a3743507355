// What can be done with the latents of a model, or of a run at rest: tools in a row, over one tray of pinned samples.

import {h} from "../dom.js";

export class Studio {
  constructor(api) {
    Object.assign(this, {api, source: null});
    this.element = h("section", {class: "studio", "aria-label": "Latents"});
  }

  /** `source`: {model} or {run}. `about`: {title, kind, mine}. */
  open(source, about) {
    Object.assign(this, {source, about});
  }

  close() {}

  dress() {}
}
