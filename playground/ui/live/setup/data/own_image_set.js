// A dialog about one set of a person's images: preview, files left out, name, licence, deletion.

import {ConnectionLost} from "../../core/api.js";
import {h, replace, setText, uid} from "../../core/dom.js";
import {dialog, dialogHead} from "../../controls/dialog.js";
import {bytes, whole} from "../../core/format.js";
import {ErrorLine} from "../../controls/error_line.js";

const SIZE = {width: 512, height: 192};
const FITS = {crop: "cut about the middle", pad: "whole, on white"};

export class OwnImageSet {
  /**
   * @param {Api} api
   * @param {{used: (set: any) => void, changed: (set: any) => void, deleted: (id: string) => void}} handlers used:
   *   train on it
   */
  constructor(api, handlers) {
    this.api = api;
    this.handlers = handlers;
    const name = uid("set-name");
    const note = uid("set-licence");
    this.title = h("h2", {id: uid("set")});
    this.picture = h("img", {...SIZE, alt: ""});
    this.facts = h("p", {class: "note", "data-testid": "own-facts"});
    this.leftOutCount = h("span");
    this.list = h("ul", {class: "left-out", tabindex: "0", "aria-label": "Files that were left out"});
    this.leftOut = h(
      "details",
      {class: "more", "data-testid": "own-left"},
      h("summary", {}, this.leftOutCount),
      this.list,
    );
    this.name = h("input", {
      type: "text",
      class: "num",
      id: name,
      maxlength: 80,
      autocomplete: "off",
      onchange: () => this.change({name: this.name.value}),
    });
    this.licence = h("input", {
      type: "text",
      class: "num",
      id: note,
      maxlength: 80,
      autocomplete: "off",
      onchange: () => this.change({licence: this.licence.value}),
    });
    this.error = new ErrorLine();
    this.deleteButton = h(
      "button",
      {type: "button", class: "link", onclick: () => this.askConfirmation(true)},
      "Delete this set",
    );
    this.confirmation = h(
      "div",
      {class: "really", role: "group", "aria-label": "Delete this set"},
      h("p", {class: "note"}, "They go for good. Runs on them stay, and can neither go on nor be forked."),
      h(
        "div",
        {class: "row"},
        h("button", {type: "button", class: "ghost", onclick: () => this.deleteSet()}, "Delete it"),
        h("button", {type: "button", class: "ghost", onclick: () => this.askConfirmation(false)}, "Keep it"),
      ),
    );
    this.submitButton = h("button", {type: "submit", class: "go"}, "Train on these");
    this.element = dialog(
      {class: "dialog own", "aria-labelledby": this.title.id},
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (event) => {
            event.preventDefault();
            this.use();
          },
        },
        dialogHead(this.title, () => this.element.close()),
        this.picture,
        this.facts,
        this.leftOut,
        h("div", {class: "field"}, h("label", {class: "lab", for: name}, "Name"), this.name),
        h(
          "div",
          {class: "field"},
          h("label", {class: "lab", for: note}, "Licence, for the card of a model"),
          this.licence,
        ),
        this.error.element,
        h("div", {class: "away"}, this.deleteButton, this.confirmation),
        this.submitButton,
      ),
    );
  }

  open(set) {
    this.set = set;
    this.picture.src = set.preview;
    this.draw();
    this.showError("");
    this.askConfirmation(false);
    this.leftOut.open = false;
    this.element.showModal();
    this.submitButton.focus();
  }

  draw() {
    const {name, n, train, fit, left, skipped, licence, bytes: size} = this.set;
    setText(this.title, name || "Pictures");
    this.name.value = name;
    this.licence.value = licence;
    setText(
      this.facts,
      `${whole(n)} pictures, ${FITS[fit]}: ${whole(train)} to train on, ${whole(n - train)} held out. ` +
        `${bytes(size)} kept.`,
    );
    this.leftOut.hidden = !left;
    setText(this.leftOutCount, left === 1 ? "1 file was left out" : `${whole(left)} files were left out`);
    replace(
      this.list,
      ...skipped.map(({what, why}) => h("li", {}, h("b", {}, what), h("span", {class: "note"}, why))),
      left > skipped.length && h("li", {class: "note"}, `and ${whole(left - skipped.length)} more`),
    );
  }

  async change(change) {
    await this.attempt(async () => {
      const {set} = await this.api.name_set({set: this.set.id, ...change});
      this.set = set;
      this.draw();
      this.handlers.changed(set);
    });
  }

  /** Asks for confirmation, or takes the question back. */
  askConfirmation(isAsked) {
    this.deleteButton.hidden = isAsked;
    this.confirmation.hidden = !isAsked;
    if (isAsked) this.confirmation.querySelector("button:last-of-type").focus();
  }

  async deleteSet() {
    await this.attempt(async () => {
      await this.api.drop_set({set: this.set.id});
      this.element.close();
      this.handlers.deleted(this.set.id);
    });
  }

  use() {
    this.element.close();
    this.handlers.used(this.set);
  }

  async attempt(action) {
    this.showError("");
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ConnectionLost) && !error.field) throw error;
      this.showError(error instanceof ConnectionLost ? "The connection is lost: try again." : error.message);
    }
  }

  showError(text) {
    this.error.show(text);
  }
}
