// Pushes a model to the Hugging Face Hub with a person's token.

import {h, replace} from "../core/dom.js";
import {FormDialog, Field, tokenField} from "../controls/form_dialog.js";

export class PushToHub extends FormDialog {
  constructor(api, {name, signed_in: signedIn}) {
    const repo = new Field(
      "Repository",
      {maxlength: 200, placeholder: "your-name/some-model"},
      "It is made if it is not there yet.",
    );
    const hubToken = tokenField(signedIn, "It needs the right to write.");
    super({
      title: "To the Hugging Face Hub",
      fields: {repo, token: hubToken},
      submitLabel: "Send it",
      busy: "Sending it",
      action: () => this.push(),
      parts: [
        h("p", {class: "note"}, "The file, its card as README.md and the picture go into a model repository of yours."),
        repo.element,
        hubToken.element,
      ],
    });
    this.api = api;
    this.repo = repo;
    this.hubToken = hubToken;
    this.user = signedIn ? name : "";
  }

  open(card) {
    if (this.card?.id !== card.id)
      this.repo.input.value = this.user && `${this.user}/${card.variant}-${card.data.replace(/[^\w.-]/g, "-")}`;
    this.card = card;
    this.show(this.repo.value ? this.hubToken.input : this.repo.input);
  }

  async push() {
    const {url} = await this.api.push({model: this.card.id, repo: this.repo.value, token: this.hubToken.value || null});
    replace(
      this.status,
      "It is there: ",
      h("a", {href: url, target: "_blank", rel: "noreferrer"}, url),
      this.card.published ? "" : ". Private, until you make it public there.",
    );
    this.hubToken.input.value = "";
    return false;
  }
}
