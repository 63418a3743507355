// Imports a model: from a file, or from a repository of the Hub.

import {h, setText} from "../core/dom.js";
import {DropZone} from "../controls/drop_zone.js";
import {bytes} from "../core/format.js";
import {segments} from "../controls/segments.js";
import {post} from "../core/upload_request.js";
import {FormDialog, Field, tokenField} from "../controls/form_dialog.js";

const ADDRESS = "/play/upload/model";
const MAX_BYTES = 64e6;
const SOURCES = [
  ["file", "A file"],
  ["hub", "The Hub"],
];

export class ImportModel extends FormDialog {
  /**
   * @param {Api} api
   * @param {User} me
   * @param {(model: ModelSummary) => void} onImported
   */
  constructor(api, {signed_in: signedIn}, onImported) {
    const repo = new Field("Repository", {maxlength: 200, placeholder: "somebody/some-model"});
    const revision = new Field("Revision", {maxlength: 100, placeholder: "main"}, "A branch, a tag or a commit.");
    const hubToken = tokenField(signedIn, "Only for what is private.");
    const from = h("div", {class: "seg", role: "radiogroup", "aria-label": "From where"});
    const name = new Field("Name", {maxlength: 80, placeholder: "as the file says"});
    const zone = new DropZone(
      {
        accept: ".safetensors",
        choose: "Choose a file",
        hint: "Drop a .safetensors file here",
        testIds: {zone: "model-zone", input: "model-file", status: "model-chosen"},
      },
      ([file]) => this.take(file),
    );
    const bar = h("progress", {max: 1, value: 0, "aria-label": "Sent", hidden: true});
    const panes = {
      file: h("div", {}, zone.element, name.element, bar),
      hub: h("div", {}, repo.element, revision.element, hubToken.element),
    };
    super({
      title: "Import model",
      className: "own",
      fields: {repo, revision, token: hubToken, name},
      submitLabel: "Import",
      busy: "Importing",
      action: () => this.importModel(),
      parts: [
        h(
          "p",
          {class: "note"},
          "A model of this playground: one safetensors file of at most 64 MB. It is yours alone until you publish it.",
        ),
        from,
        panes.file,
        panes.hub,
      ],
    });
    this.api = api;
    this.onImported = onImported;
    this.repo = repo;
    this.revision = revision;
    this.hubToken = hubToken;
    this.name = name;
    this.from = from;
    this.panes = panes;
    this.zone = zone;
    this.bar = bar;
    this.file = null;
    this.setSource("file");
  }

  open() {
    this.show(this.from.querySelector(":checked"));
  }

  /** From a file, or from the Hub. */
  setSource(source) {
    this.source = source;
    segments(this.from, SOURCES, source, (chosen) => this.setSource(chosen));
    for (const [id, pane] of Object.entries(this.panes)) pane.hidden = id !== source;
    this.showError(null);
    this.draw();
  }

  take(file) {
    if (this.busy || !file) return;
    this.file = file;
    this.showError(
      file.size > MAX_BYTES
        ? {message: `${bytes(file.size)} are more than the 64 MB that a model's file may have`}
        : null,
    );
    this.draw();
  }

  draw() {
    const {file} = this;
    setText(this.zone.status, file ? `${file.name}, ${bytes(file.size)}` : "");
    this.submitButton.disabled = this.busy || (this.source === "file" && (!file || file.size > MAX_BYTES));
  }

  setBusy(busy) {
    super.setBusy(busy);
    this.zone.choose.disabled = busy;
    this.bar.hidden = !busy;
    this.bar.value = 0;
    this.draw();
  }

  async importModel() {
    const {model} = await (this.source === "file"
      ? this.send()
      : this.api.pull({
          repo: this.repo.value,
          revision: this.revision.value || null,
          token: this.hubToken.value || null,
        }));
    this.file = null;
    for (const {input} of Object.values(this.fields)) input.value = "";
    this.onImported(model);
    return true;
  }

  send() {
    return post(
      `${ADDRESS}?${new URLSearchParams({name: this.name.value})}`,
      this.file,
      "application/octet-stream",
      (share) => {
        if (share < 1) this.bar.value = share;
        else this.bar.removeAttribute("value");
        setText(this.status, share < 1 ? `${Math.floor(100 * share)}% sent` : "All sent; it is looked at");
      },
    );
  }
}
