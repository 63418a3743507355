// A dialog with a form. A refusal is shown under its field; what was typed stays.

import {ConnectionLost} from "../core/api.js";
import {h, setText, uid} from "../core/dom.js";
import {dialog, dialogHead} from "./dialog.js";
import {ErrorLine} from "./error_line.js";

/** A labelled field with its error message. */
export class Field {
  constructor(label, attributes, note) {
    const id = uid("ask");
    const errorId = uid("said");
    this.input = h("input", {
      type: "text",
      class: "num",
      id,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": errorId,
      ...attributes,
    });
    this.error = new ErrorLine({id: errorId});
    this.element = h(
      "div",
      {class: "field"},
      h("label", {class: "lab", for: id}, label),
      this.input,
      this.error.element,
      note && h("p", {class: "note"}, note),
    );
  }

  get value() {
    return this.input.value.trim();
  }

  setError(text) {
    this.error.show(text);
    this.input.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

/** A field for an access token of the Hub; cleared when its dialog closes. */
export const tokenField = (signedIn, purpose) =>
  new Field(
    "Access token",
    {type: "password", maxlength: 2000, placeholder: "hf_…"},
    `${signedIn ? "Left empty, the one that you signed in with. " : ""}${purpose} It goes to the Hub with this, ` +
      `and is not kept.`,
  );

export class FormDialog {
  /**
   * @param {object} options
   * @param {string} options.title
   * @param {string} [options.className]
   * @param {Record<string, Field>} [options.fields]
   * @param {Element[]} options.parts the content of the form
   * @param {string} options.submitLabel the button's text
   * @param {string} options.busy its text while the action runs
   * @param {() => Promise<boolean>} options.action true when the dialog may close
   */
  constructor({title, className = "", fields = {}, parts, submitLabel, busy, action}) {
    this.fields = fields;
    this.action = action;
    this.labels = [submitLabel, busy];
    const id = uid("asking");
    this.title = h("h2", {id}, title);
    this.error = new ErrorLine();
    this.status = h("p", {class: "note", role: "status"});
    this.submitButton = h("button", {type: "submit", class: "go"}, submitLabel);
    this.element = dialog(
      {class: `dialog asking ${className}`, "aria-labelledby": id, onclose: () => this.closed()},
      h(
        "form",
        {
          method: "dialog",
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
        dialogHead(this.title, () => this.element.close()),
        ...parts,
        this.error.element,
        this.status,
        this.submitButton,
      ),
    );
  }

  show(first) {
    if (!this.busy) this.showError(null);
    this.element.showModal();
    first.focus();
  }

  /** However it was closed, passwords are cleared. */
  closed() {
    for (const {input} of Object.values(this.fields)) if (input.type === "password") input.value = "";
  }

  async submit() {
    if (this.busy || this.submitButton.disabled) return;
    this.showError(null);
    this.setBusy(true);
    try {
      if (await this.action()) this.element.close();
    } catch (error) {
      if (!error.field && !(error instanceof ConnectionLost)) throw error;
      this.showError(error);
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = this.submitButton.disabled = busy;
    setText(this.submitButton, this.labels[busy ? 1 : 0]);
    for (const input of this.element.querySelectorAll("input")) input.disabled = busy;
  }

  /** Shows an error beside its field, else beneath the form; null clears it. */
  showError(error) {
    const lost = error instanceof ConnectionLost;
    const text = error
      ? lost
        ? `${error.busy ? "The server is busy" : "The connection was lost"}: try again.`
        : error.message
      : "";
    const refused = this.fields[error?.field];
    for (const field of Object.values(this.fields)) field.setError(field === refused ? text : "");
    this.error.show(refused ? "" : text);
    setText(this.status, "");
    if (refused) setTimeout(() => refused.input.focus()); // once it may be written in again
  }
}
