// What can be done with the latents of a model, or of a run at rest: tools in a row, over one tray of pinned samples.

import {h, replace} from "../dom.js";
import {Tabs} from "../tabs.js";
import {Arithmetic} from "./arithmetic.js";
import {Between} from "./between.js";
import {Corners} from "./corners.js";
import {Desk} from "./desk.js";
import {Mix} from "./mix.js";
import {Near} from "./near.js";
import {Pad} from "./pad.js";
import {Samples} from "./samples.js";
import {Search} from "./search.js";
import {Walk} from "./walk.js";

const TOOLS = {samples: ["Samples", Samples], pad: ["Pad", Pad], between: ["Between two", Between], corners: ["Four corners", Corners], walk: ["Walk", Walk],
  sum: ["A − B + C", Arithmetic], mix: ["Directions", Mix], search: ["Find a latent", Search], near: ["Nearest", Near]};

export class Studio {
  constructor(api) {
    Object.assign(this, {api, desk: null, tools: {}});
    this.element = h("section", {class: "studio", "aria-label": "Latents"});
  }

  /** `source`: {model} or {run}. `about`: {title, kind, mine}. The same one again is shown as it was left. */
  open(source, about) {
    const key = JSON.stringify([source, about]);
    if (key !== this.key) {
      Object.assign(this, {key, tools: {}});
      this.desk = new Desk(this.api, source, about, {used: (pin) => this.tools[this.at].take(pin)});
      this.build();
      this.desk.behind().then(() => this.dress());
    } else {
      this.desk.anew();
      this.dress();
    }
    this.desk.awake = true;
    this.turn(this.at ?? "samples");
  }

  /** Out of view: nothing is asked meanwhile. */
  close() {
    if (this.desk) this.desk.awake = false;
  }

  /** The theme changed, or real points have come. */
  dress() {
    this.desk?.tray.dress();
    for (const tool of Object.values(this.tools)) tool.dress();
  }

  build() {
    const names = Object.fromEntries(Object.entries(TOOLS).map(([id, [title]]) => [id, title]));
    this.tabs = new Tabs(names, (id) => { this.turn(id); this.rise(); }, "Tools");
    this.bench = h("div", {class: "bench"}, this.tabs.element, this.desk.tray.element);
    replace(this.element, h("h2", {class: "sr"}, "Latents"), this.bench, ...Object.values(this.tabs.panels));
  }

  /** Another tool is seen from its head on. */
  rise() {
    const [head, bench] = [this.element, this.bench].map((part) => part.getBoundingClientRect().top);
    if (head < bench - 1) this.element.closest(".shelf").scrollBy(0, head - bench);         // scrollIntoView would move the page's head, too
  }

  /** To another tool. */
  turn(id) {
    this.at = id;
    this.tabs.select(id);
    if (!this.tools[id]) {
      this.tools[id] = new TOOLS[id][1](this.desk);
      this.tabs.panels[id].append(this.tools[id].element);
    }
    this.tools[id].show();
  }
}
