// A walk through several latents, as a file to download.

import {h, icon, replace, setText} from "../../core/dom.js";
import {bytes} from "../../core/format.js";
import {NumberField, button, ChoiceField, interpolationField} from "../fields.js";
import {Slot} from "../slot.js";
import {Tool} from "../tool.js";

const LEAST = 2;
const MOST = 8;
const CROSS = "M6 6l12 12M18 6L6 18";
const FORMATS = [
  ["gif", "GIF"],
  ["mp4", "MP4"],
  ["png", "PNG sheet"],
];

export class WalkTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "walk",
      "Through two to eight latents, one after the other, as a moving picture or a sheet of all its frames.",
    );
    const ignore = () => {};
    this.list = h("ol", {class: "stops"});
    this.more = button("Another place", () => this.add());
    this.loop = h("input", {type: "checkbox", role: "switch"});
    this.fields = {
      n: new NumberField("Frames from one to the next", {low: 2, high: 60, step: 1, value: 20}, ignore),
      scale: new NumberField("Scale", {low: 1, high: 8, step: 1, value: 4}, ignore),
      mode: interpolationField(ignore),
      format: new ChoiceField("Format", FORMATS, "gif", ignore),
      places: {setError: (text) => this.slots.at(-1).setError(text)},
    };
    const {n, scale, mode, format} = this.fields;
    this.makeButton = h("button", {type: "button", class: "go", onclick: () => this.create()}, "Make it");
    this.controls.append(
      this.list,
      this.more,
      n.element,
      mode.element,
      h("label", {class: "knob bool"}, h("span", {class: "name"}, "End where it began"), this.loop),
      format.element,
      scale.element,
      this.makeButton,
    );
    this.preview = h("div", {class: "preview"});
    this.stage.append(this.preview);
    replace(this.preview, h("p", {class: "note"}, "What you make is shown here, to be looked at and kept."));
    for (let i = 0; i < LEAST; i++) this.add();
  }

  /** Untouched, it includes all pins. */
  show() {
    const {pins} = this.workbench.tray;
    if (this.slots.every(({touched}) => !touched)) while (this.slots.length < Math.min(MOST, pins.length)) this.add();
    super.show();
  }

  add() {
    const slot = new Slot(this.workbench, `place ${this.slots.length + 1}`, this.slots.length + 1, () => {});
    const leaveOutButton = h(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": `Leave out place ${this.slots.length + 1}`,
        title: "Leave out",
        onclick: () => this.removeSlot(slot),
      },
      icon(CROSS),
    );
    slot.item = h("li", {}, slot.element, leaveOutButton);
    this.slots.push(slot);
    this.list.append(slot.item);
    this.updateList();
  }

  removeSlot(slot) {
    const at = this.slots.indexOf(slot);
    this.slots.splice(at, 1);
    slot.item.remove();
    this.updateList();
    (this.list.children[at] ?? this.list.lastChild).querySelector("select").focus();
  }

  /** Renumbers the places; two must stay. */
  updateList() {
    this.slots.forEach((slot, i) => {
      slot.setLabel(`place ${i + 1}`);
      const leaveOutButton = slot.item.lastChild;
      leaveOutButton.hidden = this.slots.length <= LEAST;
      leaveOutButton.setAttribute("aria-label", `Leave out place ${i + 1}`);
    });
    this.more.disabled = this.slots.length >= MOST;
  }

  /** A pin that was pressed fills the next place, or a new one. */
  take(pin) {
    const freeSlot = this.slots.find(({pin: existing, touched}) => !existing && !touched);
    if (!freeSlot && this.slots.length >= MOST) return `${MOST} places are on the path already`;
    if (!freeSlot) this.add();
    const slot = freeSlot ?? this.slots.at(-1);
    slot.take(pin);
    return `now ${slot.label}`;
  }

  async create() {
    const {n, scale, mode, format} = this.fields;
    const request = {
      places: this.slots.map((slot) => slot.place),
      n: n.value,
      mode: mode.value,
      loop: this.loop.checked,
      format: format.value,
      scale: scale.value,
    };
    this.makeButton.disabled = true;
    setText(this.makeButton, "Making it");
    try {
      const file = await this.workbench.askLong("walk", request);
      this.showAnswer(file, format.value);
      this.showNote();
    } catch (error) {
      this.showFailure(error);
    }
    this.makeButton.disabled = false;
    setText(this.makeButton, "Make it");
  }

  showAnswer({file, frames, bytes: size}, format) {
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const words = `A walk of ${frames} frames`;
    const media =
      format === "mp4"
        ? h("video", {src: file, class: "moves", controls: true, loop: true, playsinline: true, "aria-label": words})
        : h("img", {src: file, alt: words, class: format === "gif" && "moves"});
    if (format === "mp4") Object.assign(media, {muted: true, autoplay: !reducedMotion});
    media.addEventListener(
      format === "mp4" ? "loadeddata" : "load",
      () => this.preview.scrollIntoView({block: "nearest"}),
      {once: true},
    );
    const downloadLink = h("a", {href: file, download: true, class: "ghost keeps"}, `Download, ${bytes(size)}`);
    const shownMedia =
      reducedMotion && format === "gif"
        ? h("details", {}, h("summary", {class: "link"}, "Show it move"), media)
        : media;
    replace(
      this.preview,
      h("p", {class: "cap note"}, h("span", {}, `${words}, ${FORMATS.find(([key]) => key === format)[1]}`)),
      shownMedia,
      downloadLink,
    );
  }
}
