// A model to the Hugging Face Hub, with a person's own token.

import {h, replace} from "../dom.js";
import {Asking, Field, token} from "./asking.js";

export class Pushing extends Asking {
  constructor(api, {name, signed_in: signed}) {
    const repo = new Field("Repository", {maxlength: 200, placeholder: "your-name/some-model"}, "It is made if it is not there yet."), key = token(signed, "It needs the right to write.");
    super({title: "To the Hugging Face Hub", fields: {repo, token: key}, go: "Send it", busy: "Sending it", act: () => this.push(),
      parts: [h("p", {class: "note"}, "The file, its card as README.md and the picture go into a model repository of yours."), repo.element, key.element]});
    Object.assign(this, {api, repo, key, user: signed ? name : ""});
  }

  open(card) {
    if (this.card?.id !== card.id) this.repo.input.value = this.user && `${this.user}/${card.variant}-${card.data.replace(/[^\w.-]/g, "-")}`;
    this.card = card;
    this.show(this.repo.value ? this.key.input : this.repo.input);
  }

  async push() {
    const {url} = await this.api.push({model: this.card.id, repo: this.repo.value, token: this.key.value || null});
    replace(this.said, "It is there: ", h("a", {href: url, target: "_blank", rel: "noreferrer"}, url), this.card.published ? "" : ". Private, until you make it public there.");
    this.key.input.value = "";
    return false;
  }
}
