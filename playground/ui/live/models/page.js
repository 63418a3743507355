// One model: its picture, what is known of it, what can be done with it, and beneath it the studio of its latents.

import {About} from "../about.js";
import {Lost} from "../api.js";
import {attempt} from "../attempt.js";
import {h, replace, say} from "../dom.js";
import {bytes} from "../format.js";
import {renaming} from "../renaming.js";
import {size, whose} from "./cards.js";
import {facts, knobs, quality} from "./facts.js";
import {Pane} from "./pane.js";
import {Pushing} from "./pushing.js";
import {HOME, link} from "./way.js";

const OWN = "pictures";             // data that are somebody's

export class ModelPage {
  /** `studio()`: a promise of the one studio. `hears`: go(address), titled(text), like(model), dropped(model). */
  constructor(api, names, catalogue, studio, hears) {
    Object.assign(this, {api, names, catalogue, studio, hears, pane: new Pane(), about: new About()});
    this.title = h("button", {type: "button", class: "title-of", title: "Rename", onclick: () => this.rename()});
    this.head = h("h2", {tabindex: "-1"}, this.title);
    this.what = h("p", {class: "note"});
    this.pushing = new Pushing(api, catalogue.me);
    this.like = h("button", {type: "button", class: "ghost", onclick: () => hears.like(this.card)}, "Train one like it");
    this.file = h("a", {class: "ghost", download: true});
    this.readme = h("a", {class: "ghost", download: true}, "Card");
    this.share = h("button", {type: "button", class: "ghost", onclick: () => this.does("share_model", {published: !this.card.published})});
    this.bin = h("button", {type: "button", class: "ghost", onclick: () => this.attempt(() => hears.dropped(this.card))}, "Delete");
    this.deeds = h("div", {class: "deeds", role: "group", "aria-label": "What can be done with it"}, this.like, this.file, this.readme, h("button", {type: "button", class: "ghost", onclick: () => this.pushing.open(this.card)}, "To the Hub"), this.share, this.bin);
    this.over = h("div", {class: "over"}, h("div", {class: "who"}, this.head, this.what), this.deeds);
    this.error = h("p", {class: "wrong", role: "alert", hidden: true});
    this.said = h("p", {class: "note said", role: "status", hidden: true});
    this.facts = h("div");
    this.measured = h("div", {class: "measured"});
    this.knobs = h("div", {class: "all-knobs"});
    this.place = h("div", {class: "beneath"});
    this.body = h("div", {}, h("div", {class: "model"}, this.pane.element, h("div", {class: "told"}, this.about.element, this.facts), this.measured), this.knobs, this.place);
    this.element = h("section", {class: "shelf model-page", "aria-label": "Model"}, h("p", {class: "note ways"}, link(HOME, hears.go, {}, "All models")),
      this.over, this.error, this.said, this.body, this.pushing.element);
    new ResizeObserver(() => this.pane.paint()).observe(this.pane.element);
  }

  async show(id) {
    if (this.card?.id !== id) this.tell("Reading the model");
    this.id = id;
    const found = await this.api.model({model: id}).catch((error) => error);
    if (this.id !== id) return;
    if (found instanceof Error) return this.tell(found instanceof Lost ? `${found.busy ? "The server is busy" : "The connection is lost"}: open this again in a moment.` : `It cannot be shown: ${found.message}.`);
    this.tell("");
    this.draw(found);
    if (document.activeElement === document.body) this.head.focus();
    const studio = await this.studio();
    if (this.id !== id) return;
    this.place.append(studio.element);
    this.opened = studio;
    studio.open({model: id}, {title: this.names.title(found), kind: this.names.kind(found), mine: found.mine});
  }

  /** A line in place of the model. */
  tell(text) {
    say(this.said, text);
    this.said.hidden = !text;
    this.body.hidden = this.over.hidden = Boolean(text);
    this.wrong("");
  }

  draw(card) {
    const {names, catalogue} = this, {mine, published, id, data} = card, variant = catalogue.variants.find((v) => v.id === card.variant), kind = names.kind(card), title = names.title(card);
    this.card = card;
    say(this.title, title);
    this.title.disabled = !mine;
    this.title.setAttribute("aria-label", mine ? `Rename ${title}` : title);
    this.hears.titled(title);
    say(this.what, [card.name && names.what(card), size(card), whose(card)].filter(Boolean).join(" · "));
    this.pane.look(card);
    this.about.draw(variant, {...names.data[data], id: data, kind, title: names.data[data]?.title ?? data});
    replace(this.facts, facts(card, names));
    quality(this.measured, card, catalogue.measures);
    replace(this.knobs, knobs(card, variant.knobs[kind]));
    this.like.hidden = !names.data[data] || data === OWN;
    Object.assign(this.file, {href: `/play/models/${id}/model.safetensors`, title: "Weights, knobs and what was measured, as one file"});
    say(this.file, `Download, ${bytes(card.bytes)}`);
    Object.assign(this.readme, {href: `/play/models/${id}/README.md`, title: "What is known of it, as Markdown"});
    say(this.share, published ? "Unpublish" : "Publish");
    this.share.title = published ? "Nobody else sees it any more" : "All see it in the Gallery, and may take it";
    this.share.hidden = this.bin.hidden = !mine;
  }

  async does(name, message) {
    return this.attempt(async () => {
      const {model} = await this.api[name]({model: this.card.id, ...message});
      this.draw({...this.card, ...model});
    });
  }

  /** What is refused stands under the head. Whether it was done. */
  attempt(action) {
    return attempt(action, (text) => this.wrong(text));
  }

  wrong(text) {
    say(this.error, text);
    this.error.hidden = !text;
  }

  rename() {
    renaming(this.title, {name: this.card.name, label: `Name of ${this.names.title(this.card)}`, placeholder: this.names.what(this.card), keep: (name) => this.does("name_model", {name}), back: () => this.wrong("")});
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
