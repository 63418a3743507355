// One picture of a person's own: dropped or chosen, seen, sent when it is needed.

import {Lost, Refused} from "../api.js";
import {h, icon, say} from "../dom.js";
import {bytes} from "../format.js";
import {button, Wrong} from "./fields.js";

const ADDRESS = "/play/upload/picture", KINDS = "image/png,image/jpeg,image/webp,image/gif,image/bmp", ARROW = "M12 19V8m0 0 4 4m-4-4-4 4M5 5h14";

export class Chooser {
  constructor() {
    Object.assign(this, {file: null, sent: null});
    this.error = new Wrong();
    this.input = h("input", {type: "file", accept: KINDS, class: "sr", tabindex: "-1", "aria-hidden": "true", "data-testid": "studio-file", onchange: () => { this.take(this.input.files[0]); this.input.value = ""; }});
    this.seen = h("img", {alt: "", hidden: true, onerror: () => { this.seen.hidden = true; }});
    this.what = h("p", {class: "note", role: "status"});
    this.zone = h("div", {class: "zone", ondragover: (event) => { event.preventDefault(); this.zone.classList.add("over"); }, ondragleave: () => this.zone.classList.remove("over"), ondrop: (event) => this.drop(event)},
      this.seen, icon(ARROW), button("Choose a picture", () => this.input.click()), this.input, this.what);
    this.element = h("div", {class: "field chooser"}, this.zone, this.error.element);
  }

  drop(event) {
    event.preventDefault();
    this.zone.classList.remove("over");
    this.take(event.dataTransfer.files[0]);
  }

  take(file) {
    if (!file) return;
    Object.assign(this, {file, sent: null});
    URL.revokeObjectURL(this.seen.src);
    Object.assign(this.seen, {src: URL.createObjectURL(file), hidden: false});
    say(this.what, `${file.name}, ${bytes(file.size)}`);
    this.wrong("");
  }

  wrong(text) {
    this.error.tell(text);
  }

  /** Its id on the server, where it is kept for a while. Refused and Lost as any other question. */
  async id() {
    if (!this.file) throw new Refused("file", "choose a picture first");
    return (this.sent ??= await send(this.file));
  }

  /** The server has it no more. */
  forget() {
    this.sent = null;
  }
}

async function send(file) {
  const lost = (cause) => { throw new Lost(false, {cause}); };
  const answer = await fetch(ADDRESS, {method: "POST", headers: {"Content-Type": file.type || "application/octet-stream"}, body: file}).catch(lost);
  const {upload, error} = await answer.json().catch(lost);
  if (error) throw new Refused(error.field, error.message);
  if (!upload) throw new Lost(answer.status === 429);
  return upload;
}
