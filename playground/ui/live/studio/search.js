// The latent that a picture, or a held-out sample, could come from: searched for on the server, watched here.

import {Lost} from "../api.js";
import {h, say} from "../dom.js";
import {short} from "../format.js";
import {Chooser} from "./chooser.js";
import {Amount, button, Choice, Whole} from "./fields.js";
import {Show} from "./show.js";
import {tile} from "./tile.js";
import {Tool} from "./tool.js";

const ASK = 300, SIDE = 320;                // ms between two questions how far it is; px

export class Search extends Tool {
  constructor(desk) {
    super(desk, "search", "Which latent could it come from? Several tries begin at random places and go downhill; the best is shown as it gets better.");
    const {points} = desk, nothing = () => {};
    this.of = new Choice("Look for", points ? [["held", "A held-out point"]] : [["held", "Held-out sample"], ["file", "Your picture"]], "held", () => this.sides());
    this.index = new Whole("Its number, from 0", 0, nothing, {die: false});
    this.chooser = new Chooser();
    this.restarts = new Amount("Tries", {low: 1, high: 16, step: 1, value: 8}, nothing);
    this.steps = new Amount("Steps of each", {low: 10, high: 1000, step: 10, value: 300}, nothing);
    this.start = h("button", {type: "button", class: "go", onclick: () => this.begin()}, "Search");
    this.fields = {target: {wrong: (text) => (this.own ? this.chooser : this.index).wrong(text)}, file: this.chooser, data: this.index, restarts: this.restarts, steps: this.steps};
    this.controls.append(...[this.of, this.index, this.chooser, this.restarts, this.steps].map(({element}) => element), this.start);
    this.bar = h("progress", {max: 1, value: 0, "aria-label": "Searched", hidden: true});
    this.target = h("canvas", {class: "target", role: "img", "aria-label": "What is looked for"});
    this.found = new Show(desk, {label: "The best so far", most: SIDE, called: () => this.called});
    this.both = h("div", {class: points ? "" : "pair", hidden: true}, !points && h("figure", {}, this.target, h("figcaption", {class: "note"}, "looked for")), h("figure", {}, this.found.element, !points && h("figcaption", {class: "note"}, "the best so far")));
    this.keep = button("Pin the result", () => desk.tray.toggle(this.found.pins[0]), {hidden: true});
    this.stage.append(this.bar, this.both, h("div", {class: "acts-of"}, this.keep));
    this.sides();
    this.well("Nothing has been searched for yet.");
  }

  /** Whether it is a picture of one's own. */
  get own() { return this.of.value === "file"; }

  sides() {
    this.of.element.hidden = this.desk.points;
    this.index.element.hidden = this.own;
    this.chooser.element.hidden = !this.own;
  }

  async begin() {
    this.start.disabled = true;
    say(this.start, "Searching");
    try {
      await this.search();
    } catch (error) {
      if (error.field === "target") this.chooser.forget();
      this.failed(error);
    }
    this.bar.hidden = true;
    this.start.disabled = false;
    say(this.start, "Search");
  }

  async search() {
    const {own, index, chooser, restarts, steps, desk} = this, target = own ? {upload: await chooser.id()} : {index: index.value};
    const {job} = await desk.ask("invert", {target, restarts: restarts.value, steps: steps.value});
    this.called = own ? `found for ${chooser.file.name}` : `found for held-out ${index.value}`;
    this.well("Searching");
    Object.assign(this.bar, {value: 0, hidden: false});
    for (;;) {
      const told = await this.far(job);
      if (told?.lost) return this.any.tell("This search broke off: begin it again.");
      if (told) this.shown(told);
      if (told?.done) return;
      await new Promise((done) => setTimeout(done, ASK));
    }
  }

  /** How far it is; null while nothing may be asked, or nothing is heard: it goes on without the page. */
  async far(job) {
    if (!this.desk.awake) return null;
    try {
      return await this.desk.told(job);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      say(this.note, `The ${error.message}; the search goes on`);
      return null;
    }
  }

  shown(told) {
    const {share, residual, done, target, z, points} = told;
    this.told = told;
    this.bar.value = share;
    if (!z) return;
    if (this.both.hidden) {
      this.both.hidden = this.keep.hidden = false;
      this.both.scrollIntoView({block: "nearest"});
    }
    this.found.set(told, {layers: points ? {links: [[target.points[0], points[0]]], marks: [{at: target.points[0], kind: "real", name: "looked for"}, {at: points[0], kind: "hand", name: "found"}]} : {}});
    this.draw();
    say(this.note, `${done ? "Done" : `${Math.round(100 * share)}%`}: residual ${short(residual)}${points ? "" : ", where black and white are 2 apart"}; |z| ${short(told.norms[0])}`);
  }

  draw() {
    this.found.draw();
    if (this.told?.target.sheet) tile(this.target, this.told.target, 0, Math.min(SIDE, this.target.clientWidth || SIDE));
  }
}
