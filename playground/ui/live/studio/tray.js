// Pinned samples: they carry z from one tool to the next, for as long as the browser's tab lives.

import {h, icon, replace, say} from "../dom.js";
import {short} from "../format.js";

const MOST = 16, SIDE = 48;
const KEY = "gan-playground.tray";
const EARLIER = "M14.5 6l-6 6 6 6", LATER = "M9.5 6l6 6-6 6", CROSS = "M6 6l12 12M18 6L6 18";

export class Tray {
  /** `used(pin)`: a person pressed one. A pin: {z, name, norm}. */
  constructor(desk, used) {
    Object.assign(this, {desk, used, pins: [], chosen: null, ears: []});
    this.key = `${KEY}.${Object.values(desk.source)[0]}`;
    this.list = h("ul", {class: "pins", "aria-label": "Pinned samples"});
    this.says = h("p", {class: "note", role: "status"});
    const act = (label, path, press) => h("button", {type: "button", class: "icon", "aria-label": label, title: label, onclick: press}, icon(path));
    this.acts = h("span", {class: "row pin-acts"}, act("Earlier", EARLIER, () => this.shift(-1)), act("Later", LATER, () => this.shift(1)), act("Take it off the tray", CROSS, () => this.drop(this.chosen)));
    this.element = h("div", {class: "tray", role: "group", "aria-label": "Tray"}, this.list, h("div", {class: "of-pin"}, this.says, this.acts));
    try {
      this.pins = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      this.pins = [];                       // what another version wrote
    }
    this.draw();
  }

  /** `heard()` whenever the pins change. */
  on(heard) {
    this.ears.push(heard);
  }

  find(z) {
    return this.pins.find((pin) => pin.z === z) ?? null;
  }

  /** What this one is called: "pin 2". */
  called(pin) {
    return `pin ${this.pins.indexOf(pin) + 1}`;
  }

  /** Pin a sample, or take it off again. */
  toggle(pin) {
    const there = this.find(pin.z);
    if (there) return this.drop(there);
    if (this.pins.length >= MOST) return say(this.says, `${MOST} are pinned already: take one off first`);
    this.pins.push(pin);
    this.chosen = pin;
    this.changed(`Pinned as ${this.called(pin)}: ${pin.name}`);
  }

  drop(pin) {
    const at = this.pins.indexOf(pin), held = this.element.contains(document.activeElement);
    this.pins.splice(at, 1);
    this.chosen = this.pins[Math.min(at, this.pins.length - 1)] ?? null;
    this.changed(`Taken off the tray: ${pin.name}`);
    if (held) this.list.children[this.pins.indexOf(this.chosen)]?.firstChild.focus();
  }

  shift(by) {
    const at = this.pins.indexOf(this.chosen), to = at + by;
    if (to < 0 || to >= this.pins.length) return;
    this.pins.splice(at, 1);
    this.pins.splice(to, 0, this.chosen);
    this.changed(`It is ${this.called(this.chosen)} now`);
  }

  press(pin) {
    this.chosen = pin;
    this.draw();
    say(this.says, [this.called(pin), pin.name, `|z| ${short(pin.norm)}`, this.used(pin)].filter(Boolean).join(" · "));
  }

  changed(text) {
    sessionStorage.setItem(this.key, JSON.stringify(this.pins));
    this.draw();
    say(this.says, text);
    for (const heard of this.ears) heard();
  }

  draw() {
    const {pins, chosen} = this;
    const old = new Map([...this.list.children].map((item) => [item.pin, item]));
    replace(this.list, ...pins.map((pin, i) => this.item(old.get(pin), pin, i)));
    if (!pins.length) say(this.says, "Nothing is pinned. Press a sample to pin it: it can then be used in every tool.");
    else if (!chosen) say(this.says, "Press a pinned sample to use it.");
    this.acts.hidden = !chosen;
    this.list.hidden = !pins.length;
  }

  item(item, pin, i) {
    if (!item) {
      item = h("li", {}, h("button", {type: "button", onclick: () => this.press(pin), onkeydown: (event) => this.keyed(event, pin)}, h("canvas", {"aria-hidden": "true"}), h("span")));
      item.pin = pin;
      this.desk.paint(item.querySelector("canvas"), {z: pin.z}, SIDE);
    }
    const button = item.firstChild;
    say(button.lastChild, String(i + 1));
    button.setAttribute("aria-label", `${this.called(pin)}: ${pin.name}`);
    button.setAttribute("aria-pressed", String(pin === this.chosen));
    return item;
  }

  keyed(event, pin) {
    if (!["Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    this.drop(pin);
  }

  /** Another theme. */
  dress() {
    for (const item of this.list.children) this.desk.paint(item.querySelector("canvas"), {z: item.pin.z}, SIDE);
  }
}
