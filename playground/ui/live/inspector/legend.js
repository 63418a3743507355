// The common scale of all maps of an X-ray.

import {RAMP} from "../canvas/cividis.js";
import {h, setText} from "../core/dom.js";
import {short} from "../core/format.js";

export class Legend {
  constructor() {
    this.what = h("span");
    this.most = h("span");
    const ramp = h("canvas", {width: 256, height: 1, "aria-hidden": "true"});
    ramp.getContext("2d").putImageData(new ImageData(RAMP, 256, 1), 0, 0);
    this.element = h("p", {class: "note legend"}, this.what, ramp, this.most);
  }

  draw({most, decoder}) {
    setText(this.what, decoder ? "one scale for all residuals" : "saliency: what would change D’s mind");
    setText(this.most, `0 to ${short(most, 2)} and more`);
  }
}
