// One model: its picture, what is known of it, what can be done with it, and beneath it the studio of its latents.

import {Lost} from "../api.js";
import {h, replace, say} from "../dom.js";
import {size, whose} from "./cards.js";
import {Pane} from "./pane.js";
import {HOME, link} from "./way.js";

export class ModelPage {
  /** `studio()`: a promise of the one studio. `hears`: go(address), titled(text). */
  constructor(api, names, catalogue, studio, hears) {
    Object.assign(this, {api, names, catalogue, studio, hears, pane: new Pane()});
    this.title = h("h2");
    this.what = h("p", {class: "note"});
    this.said = h("p", {class: "note", role: "status", hidden: true});
    this.place = h("div");
    this.body = h("div", {}, h("div", {class: "model"}, this.pane.element), this.place);
    this.element = h("section", {class: "shelf model-page", "aria-label": "Model"}, h("p", {class: "note ways"}, link(HOME, hears.go, {}, "All models")), h("div", {class: "over"}, this.title, this.what), this.said, this.body);
    new ResizeObserver(() => this.pane.paint()).observe(this.pane.element);
  }

  async show(id) {
    if (this.id !== id) this.tell("Reading the model");
    this.id = id;
    const found = await this.api.model({model: id}).catch((error) => error);
    if (this.id !== id) return;
    if (found instanceof Error) return this.tell(found instanceof Lost ? `${found.busy ? "The server is busy" : "The connection is lost"}: open this again in a moment.` : `There is nothing to see: ${found.message}.`);
    this.draw(found);
    const studio = await this.studio();
    if (this.id !== id) return;
    this.place.append(studio.element);
    this.opened = studio;
    studio.open({model: id}, {title: this.names.title(found), kind: this.names.kind(found), mine: found.mine});
  }

  /** Nothing is shown but a line. */
  tell(text) {
    say(this.said, text);
    this.said.hidden = !text;
    this.body.hidden = Boolean(text);
    if (text) for (const part of [this.title, this.what]) replace(part);
  }

  draw(card) {
    const {names} = this, title = names.title(card);
    this.card = card;
    this.tell("");
    say(this.title, title);
    this.hears.titled(title);
    say(this.what, [card.name && names.what(card), size(card), whose(card)].filter(Boolean).join(" · "));
    this.pane.look(card);
  }

  hide() {
    this.id = null;
    this.opened?.close();
    this.opened = null;
  }

  dress() {
    this.pane.paint();
    this.opened?.dress();
  }
}
