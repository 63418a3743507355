// A dialog that uploads images: chosen or dropped, made square, previewed.

import {ConnectionLost} from "../../core/api.js";
import {h, replace, setText, uid} from "../../core/dom.js";
import {dialog, dialogHead} from "../../controls/dialog.js";
import {bytes, whole} from "../../core/format.js";
import {DropZone} from "../../controls/drop_zone.js";
import {ErrorLine} from "../../controls/error_line.js";
import {segments} from "../../controls/segments.js";
import {droppedFiles, MAX_BYTES, MAX_FILES, uploadImages, isZip} from "../../core/upload_request.js";

const KINDS = "image/png,image/jpeg,image/webp,image/gif,image/bmp,application/zip,.zip";
const MIN_IMAGES = 40;
const MAX_PREVIEWS = 8;
const FITS = [
  ["crop", "Cut about the middle"],
  ["pad", "Whole, on white"],
];

export class ImageUpload {
  /**
   * @param {Api} api
   * @param {(set: any) => void} onUploaded
   */
  constructor(api, onUploaded) {
    this.api = api;
    this.onUploaded = onUploaded;
    this.files = [];
    this.previewUrls = [];
    this.fit = "crop";
    this.busy = false;
    const title = uid("add");
    const name = uid("set-name");
    const note = uid("set-licence");
    this.previews = h("div", {class: "seen", "aria-hidden": "true", hidden: true});
    this.zone = new DropZone(
      {
        accept: KINDS,
        multiple: true,
        choose: "Choose files",
        hint: "Drop a zip, pictures or a folder here",
        filesOf: droppedFiles,
        below: this.previews,
        testIds: {zone: "own-zone", input: "own-files", status: "own-chosen"},
      },
      (files) => this.take(files),
    );
    this.fits = h("div", {class: "seg", role: "radiogroup", "aria-label": "Made square"});
    this.name = h("input", {type: "text", class: "num", id: name, maxlength: 80, autocomplete: "off"});
    this.licence = h("input", {
      type: "text",
      class: "num",
      id: note,
      maxlength: 80,
      autocomplete: "off",
      placeholder: "such as: my own, or CC BY 4.0",
    });
    this.bar = h("progress", {max: 1, value: 0, "aria-label": "Sent", hidden: true});
    this.status = h("p", {class: "note", role: "status", "data-testid": "own-said"});
    this.error = new ErrorLine();
    this.submitButton = h("button", {type: "submit", class: "go"}, "Send them");
    this.element = dialog(
      {class: "dialog own", "aria-labelledby": title},
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
        dialogHead(h("h2", {id: title}, "Your own images"), () => this.element.close()),
        h(
          "p",
          {class: "note"},
          `PNG, JPEG, WebP, GIF or BMP, or a zip of them. At least ${MIN_IMAGES} that differ; ` +
            `${whole(MAX_FILES)} files and ${bytes(MAX_BYTES)} at most. Only you see them, and those ` +
            `who watch a run on them.`,
        ),
        this.zone.element,
        h("div", {class: "field"}, h("div", {class: "lab"}, "Made square"), this.fits),
        h("div", {class: "field"}, h("label", {class: "lab", for: name}, "Name"), this.name),
        h(
          "div",
          {class: "field"},
          h("label", {class: "lab", for: note}, "Licence, for the card of a model"),
          this.licence,
        ),
        this.error.element,
        this.bar,
        this.status,
        this.submitButton,
      ),
    );
    this.setFit("crop");
    this.draw();
  }

  open() {
    if (!this.busy) this.report();
    this.element.showModal();
    this.zone.choose.focus();
  }

  setFit(fit) {
    this.fit = fit;
    segments(this.fits, FITS, fit, (chosen) => this.setFit(chosen));
    this.previews.classList.toggle("pad", fit === "pad");
  }

  /** Replaces the chosen files. */
  take(files) {
    if (this.busy || !files.length) return;
    this.files = files;
    for (const address of this.previewUrls) URL.revokeObjectURL(address);
    this.previewUrls = files
      .filter((file) => file.type.startsWith("image/"))
      .slice(0, MAX_PREVIEWS)
      .map((file) => URL.createObjectURL(file));
    replace(
      this.previews,
      ...this.previewUrls.map((src) => h("img", {src, alt: "", onerror: ({target}) => target.remove()})),
    ).hidden = !this.previewUrls.length;
    this.name.value ||= files.length === 1 ? files[0].name.replace(/\.[^.]*$/, "").slice(0, 80) : "";
    this.report();
    this.draw();
  }

  get size() {
    return this.files.reduce((sum, file) => sum + file.size, 0);
  }

  /** What is wrong with the chosen files, "" if nothing. */
  get problem() {
    const {files, size} = this;
    if (files.length > MAX_FILES)
      return `${whole(files.length)} files are more than the ${whole(MAX_FILES)} that are taken at once.`;
    if (size > MAX_BYTES) return `${bytes(size)} are more than the ${bytes(MAX_BYTES)} that are taken at once.`;
    return files.length > 1 && files.length < MIN_IMAGES && !files.some(isZip)
      ? `${whole(files.length)} pictures are too few: at least ${MIN_IMAGES} are needed.`
      : "";
  }

  draw() {
    const {files} = this;
    setText(
      this.zone.status,
      !files.length
        ? ""
        : `${files.length === 1 ? files[0].name : `${whole(files.length)} files`}, ${bytes(this.size)}`,
    );
    this.submitButton.disabled = this.busy || !files.length || Boolean(this.problem);
    this.zone.choose.disabled = this.busy;
    for (const field of [this.name, this.licence, ...this.fits.querySelectorAll("input")]) field.disabled = this.busy;
    this.bar.hidden = !this.busy;
    setText(this.submitButton, this.busy ? "Sending" : "Send them");
  }

  report(status = "", problem = this.problem) {
    setText(this.status, status);
    this.error.show(problem);
  }

  async submit() {
    if (this.submitButton.disabled) return;
    this.busy = true;
    this.report();
    this.draw();
    try {
      const set = await uploadImages(
        this.api,
        this.files,
        {name: this.name.value.trim(), licence: this.licence.value.trim(), fit: this.fit},
        {
          sent: (share) => {
            this.bar.value = share;
            setText(this.status, share < 1 ? `${Math.floor(100 * share)}% sent` : "All sent");
          },
          read: (files) => {
            this.bar.removeAttribute("value");
            setText(this.status, files ? `${whole(files)} files looked at` : "All sent; it is their turn soon");
          },
        },
      );
      this.files = [];
      this.name.value = this.licence.value = "";
      replace(this.previews).hidden = true;
      this.busy = false;
      this.report();
      this.element.close();
      this.onUploaded(set);
    } catch (error) {
      this.busy = false;
      this.report(
        "",
        error instanceof ConnectionLost
          ? "The connection was lost before all was read. Send them again."
          : error.message,
      );
      if (!(error instanceof ConnectionLost) && !error.field) throw error;
    } finally {
      this.bar.value = 0;
      this.draw();
    }
  }
}
