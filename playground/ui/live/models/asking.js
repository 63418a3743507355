// A dialog that asks for a few things and does something with them. What is refused stands under its field; what was typed stays.

import {Lost} from "../api.js";
import {h, icon, say, uid} from "../dom.js";

const CROSS = "M6 6l12 12M18 6L6 18";

/** A labelled field. What is said against it stands beneath. */
export class Field {
  constructor(label, attributes, note) {
    const id = uid("ask"), said = uid("said");
    this.input = h("input", {type: "text", class: "num", id, autocomplete: "off", spellcheck: "false", "aria-describedby": said, ...attributes});
    this.error = h("p", {class: "wrong", role: "alert", id: said, hidden: true});
    this.element = h("div", {class: "field"}, h("label", {class: "lab", for: id}, label), this.input, this.error, note && h("p", {class: "note"}, note));
  }

  get value() { return this.input.value.trim(); }

  wrong(text) {
    say(this.error, text);
    this.error.hidden = !text;
    this.input.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

/** A token of the Hub's: it is forgotten when its dialog closes. */
export const token = (signed, why) => new Field("Access token", {type: "password", maxlength: 2000, placeholder: "hf_…"},
  `${signed ? "Left empty, the one that you signed in with. " : ""}${why} It goes to the Hub with this, and is not kept.`);

export class Asking {
  /** `fields`: {name: Field}; `parts`: what is in the form; `act()`: a promise, true when the dialog may close; `go`, `busy`: what the button says. */
  constructor({title, className = "", fields = {}, parts, go, busy, act}) {
    Object.assign(this, {fields, act, words: [go, busy]});
    const id = uid("asking"), close = () => this.element.close();
    this.title = h("h2", {id}, title);
    this.error = h("p", {class: "wrong", role: "alert", hidden: true});
    this.said = h("p", {class: "note", role: "status"});
    this.go = h("button", {type: "submit", class: "go"}, go);
    this.element = h("dialog", {class: `dialog asking ${className}`, "aria-labelledby": id, onclick: ({target}) => { if (target === this.element) close(); }, onclose: () => this.closed()},
      h("form", {method: "dialog", novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); }},
        h("div", {class: "cap"}, this.title, h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon(CROSS))),
        ...parts, this.error, this.said, this.go));
  }

  show(first) {
    if (!this.busy) this.tell(null);
    this.element.showModal();
    first.focus();
  }

  /** Closed, by whatever way: tokens go. */
  closed() {
    for (const {input} of Object.values(this.fields)) if (input.type === "password") input.value = "";
  }

  async submit() {
    if (this.busy || this.go.disabled) return;
    this.tell(null);
    this.works(true);
    try {
      if (await this.act()) this.element.close();
    } catch (error) {
      if (!error.field && !(error instanceof Lost)) throw error;
      this.tell(error);
    } finally {
      this.works(false);
    }
  }

  works(busy) {
    this.busy = this.go.disabled = busy;
    say(this.go, this.words[busy ? 1 : 0]);
    for (const input of this.element.querySelectorAll("input")) input.disabled = busy;
  }

  /** What went wrong, null nothing. */
  tell(error) {
    const lost = error instanceof Lost, text = error ? (lost ? `${error.busy ? "The server is busy" : "The connection was lost"}: try again.` : error.message) : "", own = this.fields[error?.field];
    for (const field of Object.values(this.fields)) field.wrong(field === own ? text : "");
    say(this.error, own ? "" : text);
    this.error.hidden = !text || Boolean(own);
    say(this.said, "");
    if (own) setTimeout(() => own.input.focus());           // once it may be written in again
  }
}
