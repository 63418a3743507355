// A way through several places as a file to keep.

import {h, icon, replace, say} from "../dom.js";
import {bytes} from "../format.js";
import {Amount, button, Choice, waying} from "./fields.js";
import {Slot} from "./slot.js";
import {Tool} from "./tool.js";

const LEAST = 2, MOST = 8, CROSS = "M6 6l12 12M18 6L6 18";
const FORMATS = [["gif", "GIF"], ["mp4", "MP4"], ["png", "PNG sheet"]];

export class Walk extends Tool {
  constructor(desk) {
    super(desk, "walk", "Through two to eight latents, one after the other, as a moving picture or a sheet of all its frames.");
    const nothing = () => {};
    this.list = h("ol", {class: "stops"});
    this.more = button("Another place", () => this.add());
    this.loop = h("input", {type: "checkbox", role: "switch"});
    this.fields = {n: new Amount("Frames from one to the next", {low: 2, high: 60, step: 1, value: 20}, nothing), scale: new Amount("Scale", {low: 1, high: 8, step: 1, value: 4}, nothing),
      mode: waying(nothing), format: new Choice("Format", FORMATS, "gif", nothing), places: {wrong: (text) => this.slots.at(-1).wrong(text)}};
    const {n, scale, mode, format} = this.fields;
    this.make = h("button", {type: "button", class: "go", onclick: () => this.made()}, "Make it");
    this.controls.append(this.list, this.more, n.element, mode.element, h("label", {class: "knob bool"}, h("span", {class: "name"}, "End where it began"), this.loop), format.element, scale.element, this.make);
    this.preview = h("div", {class: "preview"});
    this.stage.append(this.preview);
    replace(this.preview, h("p", {class: "note"}, "What you make is shown here, to be looked at and kept."));
    for (let i = 0; i < LEAST; i++) this.add();
  }

  /** Unless a person chose, all that is pinned is on the way. */
  show() {
    const {pins} = this.desk.tray;
    if (this.slots.every(({touched}) => !touched)) while (this.slots.length < Math.min(MOST, pins.length)) this.add();
    super.show();
  }

  add() {
    const slot = new Slot(this.desk, `place ${this.slots.length + 1}`, this.slots.length + 1, () => {});
    const away = h("button", {type: "button", class: "icon", "aria-label": `Leave out place ${this.slots.length + 1}`, title: "Leave out", onclick: () => this.leave(slot)}, icon(CROSS));
    slot.item = h("li", {}, slot.element, away);
    this.slots.push(slot);
    this.list.append(slot.item);
    this.drawList();
  }

  leave(slot) {
    const at = this.slots.indexOf(slot);
    this.slots.splice(at, 1);
    slot.item.remove();
    this.drawList();
    (this.list.children[at] ?? this.list.lastChild).querySelector("select").focus();
  }

  /** Two stay; what is left out is counted anew. */
  drawList() {
    this.slots.forEach((slot, i) => {
      slot.calls(`place ${i + 1}`);
      const away = slot.item.lastChild;
      away.hidden = this.slots.length <= LEAST;
      away.setAttribute("aria-label", `Leave out place ${i + 1}`);
    });
    this.more.disabled = this.slots.length >= MOST;
  }

  /** A pinned sample that was pressed fills the next place, or becomes another. */
  take(pin) {
    const free = this.slots.find(({pin: there, touched}) => !there && !touched);
    if (!free && this.slots.length >= MOST) return `${MOST} places are on the way already`;
    if (!free) this.add();
    const slot = free ?? this.slots.at(-1);
    slot.take(pin);
    return `now ${slot.label}`;
  }

  async made() {
    const {n, scale, mode, format} = this.fields, asked = {places: this.slots.map((slot) => slot.place), n: n.value, mode: mode.value, loop: this.loop.checked, format: format.value, scale: scale.value};
    this.make.disabled = true;
    say(this.make, "Making it");
    try {
      const told = await this.desk.askLong("walk", asked);
      this.shown(told, format.value);
      this.well();
    } catch (error) {
      this.failed(error);
    }
    this.make.disabled = false;
    say(this.make, "Make it");
  }

  shown({file, frames, bytes: size}, format) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches, words = `A walk of ${frames} frames`;
    const seen = format === "mp4" ? h("video", {src: file, class: "moves", controls: true, loop: true, playsinline: true, "aria-label": words}) : h("img", {src: file, alt: words, class: format === "gif" && "moves"});
    if (format === "mp4") Object.assign(seen, {muted: true, autoplay: !still});
    seen.addEventListener(format === "mp4" ? "loadeddata" : "load", () => this.preview.scrollIntoView({block: "nearest"}), {once: true});
    const keep = h("a", {href: file, download: true, class: "ghost keeps"}, `Download, ${bytes(size)}`);
    const quiet = still && format === "gif" ? h("details", {}, h("summary", {class: "link"}, "Show it move"), seen) : seen;
    replace(this.preview, h("p", {class: "cap note"}, h("span", {}, `${words}, ${FORMATS.find(([key]) => key === format)[1]}`)), quiet, keep);
  }
}
