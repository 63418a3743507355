// The page of a model: picture, facts, actions, latents.

import {VariantInfo} from "../setup/variant_info.js";
import {ConnectionLost} from "../core/api.js";
import {ErrorLine} from "../controls/error_line.js";
import {h, replace, setText} from "../core/dom.js";
import {bytes} from "../core/format.js";
import {startRename} from "../lists/rename_field.js";
import {sizeWords, ownerWords} from "./model_summaries.js";
import {modelFacts, knobTable, drawQuality} from "./model_facts.js";
import {ModelPicture} from "./model_picture.js";
import {PushToHub} from "./push_to_hub.js";
import {HOME, link} from "../core/links.js";

const OWN = "pictures"; // data that are somebody's

export class ModelPage {
  /**
   * @param {Api} api
   * @param {Names} names
   * @param {Catalogue} catalogue
   * @param {() => Promise<any>} studio loads the latents page
   * @param {GalleryHandlers} handlers
   */
  constructor(api, names, catalogue, studio, handlers) {
    this.api = api;
    this.names = names;
    this.catalogue = catalogue;
    this.studio = studio;
    this.handlers = handlers;
    this.pane = new ModelPicture();
    this.changed = Promise.resolve(true); // when all changes asked for are made
    this.about = new VariantInfo();
    this.title = h("button", {type: "button", class: "title-of", title: "Rename", onclick: () => this.rename()});
    this.head = h("h2", {tabindex: "-1"}, this.title);
    this.what = h("p", {class: "note"});
    this.pushDialog = new PushToHub(api, catalogue.me);
    this.like = h(
      "button",
      {type: "button", class: "ghost", onclick: () => handlers.like(this.card)},
      "Use these settings",
    );
    this.file = h("a", {class: "ghost", download: true});
    this.readme = h("a", {class: "ghost", download: true}, "Card");
    this.publishButton = h("button", {
      type: "button",
      class: "ghost",
      onclick: () => this.call("share_model", {published: !this.card.published}),
    });
    this.deleteButton = h("button", {type: "button", class: "ghost", onclick: () => this.delete()}, "Delete");
    this.actions = h(
      "div",
      {class: "deeds", role: "group", "aria-label": "What can be done with it"},
      this.like,
      this.file,
      this.readme,
      h("button", {type: "button", class: "ghost", onclick: () => this.pushDialog.open(this.card)}, "To the Hub"),
      this.publishButton,
      this.deleteButton,
    );
    this.header = h("div", {class: "over"}, h("div", {class: "who"}, this.head, this.what), this.actions);
    this.error = new ErrorLine();
    this.status = h("p", {class: "note said", role: "status", hidden: true});
    this.facts = h("div");
    this.measured = h("div", {class: "measured"});
    this.knobs = h("div", {class: "all-knobs"});
    this.studioSlot = h("div", {class: "beneath"});
    this.body = h(
      "div",
      {},
      h(
        "div",
        {class: "model"},
        this.pane.element,
        h("div", {class: "told"}, this.about.element, this.facts),
        this.measured,
      ),
      this.knobs,
      this.studioSlot,
    );
    this.element = h(
      "section",
      {class: "shelf model-page", "aria-label": "Model"},
      h("p", {class: "note ways"}, link(HOME, handlers.go, {}, "All models")),
      this.header,
      this.error.element,
      this.status,
      this.body,
      this.pushDialog.element,
    );
    new ResizeObserver(() => this.pane.paint()).observe(this.pane.element);
  }

  async show(id) {
    if (this.card?.id !== id) this.showMessage("Reading the model");
    this.id = id;
    const answer = await this.api.model({model: id}).catch((error) => error);
    if (this.id !== id) return;
    if (answer instanceof Error)
      return this.showMessage(
        answer instanceof ConnectionLost
          ? `${answer.busy ? "The server is busy" : "The connection is lost"}: open this again in a moment.`
          : `It cannot be shown: ${answer.message}.`,
      );
    this.showMessage("");
    this.draw(answer);
    if (document.activeElement === document.body) this.head.focus();
    const studio = await this.studio();
    if (this.id !== id) return;
    this.studioSlot.append(studio.element);
    this.openStudio = studio;
    const {mine, classes} = answer;
    const {names} = this;
    const about = {kind: names.kind(answer), classes, coder: names.can(answer, "coder")};
    studio.open({model: id}, {title: names.title(answer), mine, encoder: names.can(answer, "encoder"), ...about});
  }

  /** Shows a message instead of the model; "" shows the model. */
  showMessage(text) {
    setText(this.status, text);
    this.status.hidden = !text;
    this.body.hidden = this.header.hidden = Boolean(text);
    this.error.show("");
  }

  draw(card) {
    const {names, catalogue} = this;
    const {mine, published, id, data} = card;
    const variant = catalogue.variants.find((v) => v.id === card.variant);
    const kind = names.kind(card);
    const title = names.title(card);
    this.card = card;
    setText(this.title, title);
    this.title.disabled = !mine;
    this.title.setAttribute("aria-label", mine ? `Rename ${title}` : title);
    this.handlers.setTitle(title);
    setText(this.what, [card.name && names.what(card), sizeWords(card), ownerWords(card)].filter(Boolean).join(" · "));
    this.pane.load(card);
    // those tell of the quick preset, not of this model
    this.about.draw({...variant, good: "", bad: "", warns: {}}, {id: data, kind}, card.knobs);
    replace(this.facts, modelFacts(card, names));
    drawQuality(this.measured, card, catalogue.measures);
    replace(this.knobs, knobTable(card, variant.knobs[kind]));
    this.like.hidden = !names.data[data] || data === OWN;
    this.file.href = `/play/models/${id}/model.safetensors`;
    this.file.title = "Weights, knobs and what was measured, as one file";
    setText(this.file, `Download, ${bytes(card.bytes)}`);
    this.readme.href = `/play/models/${id}/README.md`;
    this.readme.title = "What is known of it, as Markdown";
    setText(this.publishButton, published ? "Unpublish" : "Publish");
    this.publishButton.title = published
      ? "Nobody else sees it any more"
      : "All see it in the Gallery, and may take it";
    this.publishButton.hidden = this.deleteButton.hidden = !mine;
  }

  /** Changes the model: one change after the other, so that the last answer tells of all. */
  async call(name, message) {
    const {id} = this.card;
    const change = () =>
      this.error.attempt(async () => {
        const {model} = await this.api[name]({model: id, ...message});
        if (this.card.id === id) this.draw({...this.card, ...model});
      });
    return (this.changed = this.changed.then(change, change));
  }

  /** Deletes the model, with the name that it is being given. */
  async delete() {
    await this.changed;
    return this.error.attempt(() => this.handlers.deleted(this.card));
  }

  rename() {
    startRename(this.title, {
      name: this.card.name,
      label: `Name of ${this.names.title(this.card)}`,
      placeholder: this.names.what(this.card),
      keep: (name) => this.call("name_model", {name}),
      back: () => this.error.show(""),
    });
  }

  hide() {
    this.id = null;
    this.openStudio?.close();
    this.openStudio = null;
  }

  restyle() {
    this.pane.paint();
    this.openStudio?.restyle();
  }
}
