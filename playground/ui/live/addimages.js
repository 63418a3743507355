// Sending pictures of one's own: dropped or chosen, made square one way or the other, looked at before they go.

import {Lost} from "./api.js";
import {h, icon, replace, say, uid} from "./dom.js";
import {bytes, whole} from "./format.js";
import {segments} from "./segments.js";
import {dropped, MOST_BYTES, MOST_FILES, send, zipped} from "./sending.js";

const KINDS = "image/png,image/jpeg,image/webp,image/gif,image/bmp,application/zip,.zip", LEAST = 40, SEEN = 8;
const FITS = [["crop", "Cut about the middle"], ["pad", "Whole, on white"]];
const ARROW = "M12 19V8m0 0 4 4m-4-4-4 4M5 5h14";
const CROSS = "M6 6l12 12M18 6L6 18";

export class AddImages {
  /** `made(set)`: the server has them. */
  constructor(api, made) {
    Object.assign(this, {api, made, files: [], shown: [], fit: "crop", busy: false});
    const title = uid("add"), name = uid("set-name"), note = uid("set-licence"), close = () => this.element.close();
    this.input = h("input", {type: "file", multiple: true, accept: KINDS, class: "sr", tabindex: "-1", "aria-hidden": "true", "data-testid": "own-files", onchange: () => { this.take([...this.input.files]); this.input.value = ""; }});
    this.choose = h("button", {type: "button", class: "ghost", onclick: () => this.input.click()}, "Choose files");
    this.what = h("p", {class: "note", role: "status", "data-testid": "own-chosen"});
    this.seen = h("div", {class: "seen", "aria-hidden": "true", hidden: true});
    this.zone = h("div", {class: "zone", "data-testid": "own-zone", ondragover: (event) => { event.preventDefault(); this.zone.classList.add("over"); }, ondragleave: () => this.zone.classList.remove("over"), ondrop: (event) => this.drop(event)},
      icon(ARROW), h("p", {}, "Drop a zip, pictures or a folder here"), this.choose, this.input, this.what, this.seen);
    this.fits = h("div", {class: "seg", role: "radiogroup", "aria-label": "Made square"});
    this.name = h("input", {type: "text", class: "num", id: name, maxlength: 80, autocomplete: "off"});
    this.licence = h("input", {type: "text", class: "num", id: note, maxlength: 80, autocomplete: "off", placeholder: "such as: my own, or CC BY 4.0"});
    this.bar = h("progress", {max: 1, value: 0, "aria-label": "Sent", hidden: true});
    this.said = h("p", {class: "note", role: "status", "data-testid": "own-said"});
    this.wrong = h("p", {class: "wrong", role: "alert", hidden: true});
    this.go = h("button", {type: "submit", class: "go"}, "Send them");
    this.element = h("dialog", {class: "dialog own", "aria-labelledby": title, onclick: ({target}) => { if (target === this.element) close(); }},
      h("form", {method: "dialog", onsubmit: (event) => { event.preventDefault(); this.submit(); }},
        h("div", {class: "cap"}, h("h2", {id: title}, "Your own images"), h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon(CROSS))),
        h("p", {class: "note"}, `PNG, JPEG, WebP, GIF or BMP, or a zip of them. At least ${LEAST} that differ; ${whole(MOST_FILES)} files and ${bytes(MOST_BYTES)} at most. Only you see them, and those who watch a run on them.`),
        this.zone,
        h("div", {class: "field"}, h("div", {class: "lab"}, "Made square"), this.fits),
        h("div", {class: "field"}, h("label", {class: "lab", for: name}, "Name"), this.name),
        h("div", {class: "field"}, h("label", {class: "lab", for: note}, "Licence, for the card of a model"), this.licence),
        this.wrong, this.bar, this.said, this.go));
    this.fitted("crop");
    this.draw();
  }

  open() {
    if (!this.busy) this.tell();
    this.element.showModal();
    this.choose.focus();
  }

  fitted(fit) {
    this.fit = fit;
    segments(this.fits, FITS, fit, (other) => this.fitted(other));
    this.seen.classList.toggle("pad", fit === "pad");
  }

  async drop(event) {
    event.preventDefault();
    this.zone.classList.remove("over");
    this.take(await dropped(event.dataTransfer));
  }

  /** These, in place of those before. */
  take(files) {
    if (this.busy || !files.length) return;
    this.files = files;
    for (const address of this.shown) URL.revokeObjectURL(address);
    this.shown = files.filter((file) => file.type.startsWith("image/")).slice(0, SEEN).map((file) => URL.createObjectURL(file));
    replace(this.seen, ...this.shown.map((src) => h("img", {src, alt: "", onerror: ({target}) => target.remove()}))).hidden = !this.shown.length;
    this.name.value ||= files.length === 1 ? files[0].name.replace(/\.[^.]*$/, "").slice(0, 80) : "";
    this.tell();
    this.draw();
  }

  get size() { return this.files.reduce((sum, file) => sum + file.size, 0); }

  /** What is wrong with what was chosen, "" when nothing is. */
  get fault() {
    const {files, size} = this;
    if (files.length > MOST_FILES) return `${whole(files.length)} files are more than the ${whole(MOST_FILES)} that are taken at once.`;
    if (size > MOST_BYTES) return `${bytes(size)} are more than the ${bytes(MOST_BYTES)} that are taken at once.`;
    return files.length > 1 && files.length < LEAST && !files.some(zipped) ? `${whole(files.length)} pictures are too few: at least ${LEAST} are needed.` : "";
  }

  draw() {
    const {files} = this;
    say(this.what, !files.length ? "" : `${files.length === 1 ? files[0].name : `${whole(files.length)} files`}, ${bytes(this.size)}`);
    this.go.disabled = this.busy || !files.length || Boolean(this.fault);
    this.choose.disabled = this.busy;
    for (const field of [this.name, this.licence, ...this.fits.querySelectorAll("input")]) field.disabled = this.busy;
    this.bar.hidden = !this.busy;
    say(this.go, this.busy ? "Sending" : "Send them");
  }

  tell(said = "", wrong = this.fault) {
    say(this.said, said);
    say(this.wrong, wrong);
    this.wrong.hidden = !wrong;
  }

  async submit() {
    if (this.go.disabled) return;
    this.busy = true;
    this.tell();
    this.draw();
    try {
      const set = await send(this.api, this.files, {name: this.name.value.trim(), licence: this.licence.value.trim(), fit: this.fit}, {
        sent: (share) => { this.bar.value = share; say(this.said, share < 1 ? `${Math.floor(100 * share)}% sent` : "All sent"); },
        read: (files) => { this.bar.removeAttribute("value"); say(this.said, files ? `${whole(files)} files looked at` : "All sent; it is their turn soon"); },
      });
      this.files = [];
      this.name.value = this.licence.value = "";
      replace(this.seen).hidden = true;
      this.busy = false;
      this.tell();
      this.element.close();
      this.made(set);
    } catch (error) {
      this.busy = false;
      this.tell("", error instanceof Lost ? "The connection was lost before all was read. Send them again." : error.message);
      if (!(error instanceof Lost) && !error.field) throw error;
    } finally {
      this.bar.value = 0;
      this.draw();
    }
  }
}
