// A model from elsewhere: a file that is dropped or chosen, or a repository of the Hub. It is checked as it arrives, and kept for oneself.

import {h, icon, say} from "../dom.js";
import {bytes} from "../format.js";
import {segments} from "../segments.js";
import {post} from "../sending.js";
import {Asking, Field, token} from "./asking.js";

const ADDRESS = "/play/upload/model", MOST = 64e6, ARROW = "M12 19V8m0 0 4 4m-4-4-4 4M5 5h14";
const FROM = [["file", "A file"], ["hub", "The Hub"]];

export class Bringing extends Asking {
  /** `brought(model)`: it is kept. */
  constructor(api, {signed_in: signed}, brought) {
    const repo = new Field("Repository", {maxlength: 200, placeholder: "somebody/some-model"}), revision = new Field("Revision", {maxlength: 100, placeholder: "main"}, "A branch, a tag or a commit."), key = token(signed, "Only for what is private.");
    const from = h("div", {class: "seg", role: "radiogroup", "aria-label": "From where"}), name = new Field("Name", {maxlength: 80, placeholder: "as the file says"});
    const input = h("input", {type: "file", accept: ".safetensors", class: "sr", tabindex: "-1", "aria-hidden": "true", "data-testid": "model-file", onchange: () => { this.take(input.files[0]); input.value = ""; }});
    const choose = h("button", {type: "button", class: "ghost", onclick: () => input.click()}, "Choose a file"), what = h("p", {class: "note", role: "status", "data-testid": "model-chosen"});
    const zone = h("div", {class: "zone", "data-testid": "model-zone", ondragover: (event) => { event.preventDefault(); zone.classList.add("over"); }, ondragleave: () => zone.classList.remove("over"), ondrop: (event) => this.drop(event)},
      icon(ARROW), h("p", {}, "Drop a .safetensors file here"), choose, input, what);
    const bar = h("progress", {max: 1, value: 0, "aria-label": "Sent", hidden: true});
    const panes = {file: h("div", {}, zone, name.element, bar), hub: h("div", {}, repo.element, revision.element, key.element)};
    super({title: "Bring a model in", className: "own", fields: {repo, revision, token: key, name}, go: "Bring it in", busy: "Bringing it in", act: () => this.bring(),
      parts: [h("p", {class: "note"}, "A model of this playground: one safetensors file of at most 64 MB. It is yours alone until you publish it."), from, panes.file, panes.hub]});
    Object.assign(this, {api, brought, repo, revision, key, name, from, panes, choose, zone, what, bar, file: null});
    this.turn("file");
  }

  open() {
    this.show(this.from.querySelector(":checked"));
  }

  /** From a file, or from the Hub. */
  turn(way) {
    this.way = way;
    segments(this.from, FROM, way, (other) => this.turn(other));
    for (const [id, pane] of Object.entries(this.panes)) pane.hidden = id !== way;
    this.tell(null);
    this.draw();
  }

  drop(event) {
    event.preventDefault();
    this.zone.classList.remove("over");
    this.take(event.dataTransfer.files[0]);
  }

  take(file) {
    if (this.busy || !file) return;
    this.file = file;
    this.tell(file.size > MOST ? {message: `${bytes(file.size)} are more than the 64 MB that a model's file may have`} : null);
    this.draw();
  }

  draw() {
    const {file} = this;
    say(this.what, file ? `${file.name}, ${bytes(file.size)}` : "");
    this.go.disabled = this.busy || (this.way === "file" && (!file || file.size > MOST));
  }

  works(busy) {
    super.works(busy);
    this.choose.disabled = busy;
    this.bar.hidden = !busy;
    this.bar.value = 0;
    this.draw();
  }

  async bring() {
    const {model} = await (this.way === "file" ? this.send() : this.api.pull({repo: this.repo.value, revision: this.revision.value || null, token: this.key.value || null}));
    this.file = null;
    for (const {input} of Object.values(this.fields)) input.value = "";
    this.brought(model);
    return true;
  }

  send() {
    return post(`${ADDRESS}?${new URLSearchParams({name: this.name.value})}`, this.file, "application/octet-stream", (share) => {
      if (share < 1) this.bar.value = share;
      else this.bar.removeAttribute("value");
      say(this.said, share < 1 ? `${Math.floor(100 * share)}% sent` : "All sent; it is looked at");
    });
  }
}
