// The latents page of a model or a run: tools over one tray of pinned samples.

import {h, replace, uid} from "../core/dom.js";
import {Tabs} from "../controls/tabs.js";
import {ArithmeticTool} from "./tools/arithmetic_tool.js";
import {CodesTool} from "./tools/codes_tool.js";
import {EncodingsTool} from "./tools/encodings_tool.js";
import {InterpolationTool} from "./tools/interpolation_tool.js";
import {CornersTool} from "./tools/corners_tool.js";
import {Workbench} from "./workbench.js";
import {MixTool} from "./tools/mix_tool.js";
import {NearestTool} from "./tools/nearest_tool.js";
import {PadTool} from "./tools/pad_tool.js";
import {SamplesTool} from "./tools/samples_tool.js";
import {InversionTool} from "./tools/inversion_tool.js";
import {WalkTool} from "./tools/walk_tool.js";

const TOOLS = {
  samples: ["Samples", SamplesTool],
  codes: ["Codes", CodesTool],
  encodings: ["Encoder", EncodingsTool],
  pad: ["Pad", PadTool],
  between: ["Between two", InterpolationTool],
  corners: ["Four corners", CornersTool],
  walk: ["Walk", WalkTool],
  sum: ["A − B + C", ArithmeticTool],
  mix: ["Directions", MixTool],
  search: ["Find a latent", InversionTool],
  near: ["Nearest", NearestTool],
};

/** Tools for some variants alone, and what of the workbench's `about` tells which. */
const NEEDED = {codes: "coder", encodings: "encoder"};

export class LatentsPage {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.workbench = null;
    this.tools = {};
    this.element = h("section", {class: "studio", "aria-label": "Latents"});
  }

  /** `source`: {model} or {run}. `about`: see the workbench. The same one again is shown as it was left. */
  open(source, about) {
    const key = JSON.stringify([source, about]);
    if (key !== this.key) {
      this.key = key;
      this.tools = {};
      this.workbench = new Workbench(this.api, source, about, {used: (pin) => this.tools[this.selected].take(pin)});
      this.build();
      this.workbench.loadReal().then(() => this.restyle());
      if (!this.isFor(this.selected)) this.selected = null;
    } else {
      this.workbench.reset();
      this.restyle();
    }
    this.workbench.awake = true;
    this.selectTool(this.selected ?? "samples");
  }

  /** Out of view: nothing is asked meanwhile. */
  close() {
    if (this.workbench) this.workbench.awake = false;
  }

  /** The theme changed, or real points have come. */
  restyle() {
    this.workbench?.tray.restyle();
    for (const tool of Object.values(this.tools)) tool.restyle();
  }

  /** Whether the variant has what a tool needs. */
  isFor(id) {
    return !NEEDED[id] || Boolean(this.workbench.about[NEEDED[id]]);
  }

  build() {
    const tools = Object.entries(TOOLS).filter(([id]) => this.isFor(id));
    const names = Object.fromEntries(tools.map(([id, [title]]) => [id, title]));
    this.tabs = new Tabs(
      names,
      (id) => {
        this.selectTool(id);
        this.scrollToTools();
      },
      "Tools",
    );
    this.bench = h("div", {class: "bench"}, this.tabs.element, this.workbench.tray.element, this.classField());
    replace(this.element, h("h2", {class: "sr"}, "Latents"), this.bench, ...Object.values(this.tabs.panels));
  }

  /** The choice of the class of all samples; null where they have none. */
  classField() {
    const {classes, coder} = this.workbench.about;
    const id = uid("class");
    const options = classes.map((name, i) => h("option", {value: i}, name));
    const select = h("select", {id, onchange: () => this.selectClass(Number(select.value))}, ...options);
    const label = h("label", {class: "lab", for: id}, coder ? "Code" : "Class");
    return classes.length ? h("div", {class: "field"}, label, select) : null;
  }

  /** Samples of another class, of the same latents. */
  selectClass(y) {
    this.workbench.y = y;
    this.workbench.reset();
    for (const tool of Object.values(this.tools)) tool.outdate();
    this.restyle();
    this.tools[this.selected].show();
  }

  /** Scrolls to the head of the tool. */
  scrollToTools() {
    const [head, bench] = [this.element, this.bench].map((part) => part.getBoundingClientRect().top);
    // scrollIntoView would move the page's head, too
    if (head < bench - 1) this.element.closest(".shelf").scrollBy(0, head - bench);
  }

  /** Selects a tool. */
  selectTool(id) {
    this.selected = id;
    this.tabs.select(id);
    if (!this.tools[id]) {
      this.tools[id] = new TOOLS[id][1](this.workbench);
      this.tabs.panels[id].append(this.tools[id].element);
    }
    this.tools[id].show();
  }
}
