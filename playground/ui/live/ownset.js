// One set of a person's own pictures: how it looks, what was left out of it, its name, its end.

import {Lost} from "./api.js";
import {h, icon, replace, say, uid} from "./dom.js";
import {bytes, whole} from "./format.js";

const CROSS = "M6 6l12 12M18 6L6 18", SIZE = {width: 512, height: 192};
const FITS = {crop: "cut about the middle", pad: "whole, on white"};

export class OwnSet {
  /** `hears`: used(set), a person trains on it; changed(set); dropped(id). */
  constructor(api, hears) {
    Object.assign(this, {api, hears});
    const name = uid("set-name"), note = uid("set-licence"), close = () => this.element.close();
    this.title = h("h2", {id: uid("set")});
    this.picture = h("img", {...SIZE, alt: ""});
    this.facts = h("p", {class: "note", "data-testid": "own-facts"});
    this.many = h("span");
    this.list = h("ul", {class: "left-out", tabindex: "0", "aria-label": "Files that were left out"});
    this.left = h("details", {class: "more", "data-testid": "own-left"}, h("summary", {}, this.many), this.list);
    this.name = h("input", {type: "text", class: "num", id: name, maxlength: 80, autocomplete: "off", onchange: () => this.change({name: this.name.value})});
    this.licence = h("input", {type: "text", class: "num", id: note, maxlength: 80, autocomplete: "off", onchange: () => this.change({licence: this.licence.value})});
    this.wrong = h("p", {class: "wrong", role: "alert", hidden: true});
    this.drop = h("button", {type: "button", class: "link", onclick: () => this.sure(true)}, "Drop these images");
    this.really = h("div", {class: "really", role: "group", "aria-label": "Drop these images"}, h("p", {class: "note"}, "They go for good. Runs on them stay, and can neither go on nor be forked."),
      h("div", {class: "row"}, h("button", {type: "button", class: "ghost", onclick: () => this.end()}, "Drop them"), h("button", {type: "button", class: "ghost", onclick: () => this.sure(false)}, "Keep them")));
    this.element = h("dialog", {class: "dialog own", "aria-labelledby": this.title.id, onclick: ({target}) => { if (target === this.element) close(); }},
      h("form", {method: "dialog", onsubmit: (event) => { event.preventDefault(); this.use(); }},
        h("div", {class: "cap"}, this.title, h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon(CROSS))),
        this.picture, this.facts, this.left,
        h("div", {class: "field"}, h("label", {class: "lab", for: name}, "Name"), this.name),
        h("div", {class: "field"}, h("label", {class: "lab", for: note}, "Licence, for the card of a model"), this.licence),
        this.wrong, h("div", {class: "away"}, this.drop, this.really),
        h("button", {type: "submit", class: "go"}, "Train on these")));
  }

  open(set) {
    this.set = set;
    this.picture.src = set.preview;
    this.draw();
    this.tell("");
    this.sure(false);
    this.left.open = false;
    this.element.showModal();
    this.element.querySelector(".go").focus();
  }

  draw() {
    const {name, n, train, fit, left, skipped, licence, bytes: size} = this.set;
    say(this.title, name || "Pictures");
    Object.assign(this.name, {value: name});
    Object.assign(this.licence, {value: licence});
    say(this.facts, `${whole(n)} pictures, ${FITS[fit]}: ${whole(train)} to train on, ${whole(n - train)} held out. ${bytes(size)} kept.`);
    this.left.hidden = !left;
    say(this.many, left === 1 ? "1 file was left out" : `${whole(left)} files were left out`);
    replace(this.list, ...skipped.map(({what, why}) => h("li", {}, h("b", {}, what), h("span", {class: "note"}, why))), left > skipped.length && h("li", {class: "note"}, `and ${whole(left - skipped.length)} more`));
  }

  async change(to) {
    await this.attempt(async () => {
      const {set} = await this.api.name_set({set: this.set.id, ...to});
      this.set = set;
      this.draw();
      this.hears.changed(set);
    });
  }

  /** Whether a person is asked once more. */
  sure(asks) {
    this.drop.hidden = asks;
    this.really.hidden = !asks;
    if (asks) this.really.querySelector("button:last-of-type").focus();
  }

  async end() {
    await this.attempt(async () => {
      await this.api.drop_set({set: this.set.id});
      this.element.close();
      this.hears.dropped(this.set.id);
    });
  }

  use() {
    this.element.close();
    this.hears.used(this.set);
  }

  async attempt(act) {
    this.tell("");
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Lost) && !error.field) throw error;
      this.tell(error instanceof Lost ? "The connection is lost: try again." : error.message);
    }
  }

  tell(wrong) {
    say(this.wrong, wrong);
    this.wrong.hidden = !wrong;
  }
}
