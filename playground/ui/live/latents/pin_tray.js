// The tray of pinned samples, shared by all tools; kept for as long as the browser's tab lives.

import {h, icon, replace, setText} from "../core/dom.js";
import {short} from "../core/format.js";

const MAX_PINS = 16;
const SIDE = 48;
const KEY = "gan-playground.tray";
const EARLIER = "M14.5 6l-6 6 6 6";
const LATER = "M9.5 6l6 6-6 6";
const CROSS = "M6 6l12 12M18 6L6 18";

export class PinTray {
  /**
   * @param {Workbench} workbench
   * @param {(pin: Pin) => string} used a pin was pressed
   */
  constructor(workbench, used) {
    this.workbench = workbench;
    this.used = used;
    this.pins = [];
    this.chosen = null;
    this.listeners = [];
    this.key = `${KEY}.${Object.values(workbench.source)[0]}`;
    this.list = h("ul", {class: "pins", "aria-label": "Pinned samples"});
    this.status = h("p", {class: "note", role: "status"});
    const actionButton = (label, path, press) =>
      h("button", {type: "button", class: "icon", "aria-label": label, title: label, onclick: press}, icon(path));
    this.actions = h(
      "span",
      {class: "row pin-acts"},
      actionButton("Earlier", EARLIER, () => this.shift(-1)),
      actionButton("Later", LATER, () => this.shift(1)),
      actionButton("Take it off the tray", CROSS, () => this.drop(this.chosen)),
    );
    this.element = h(
      "div",
      {class: "tray", role: "group", "aria-label": "Tray"},
      this.list,
      h("div", {class: "of-pin"}, this.status, this.actions),
    );
    try {
      this.pins = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      this.pins = []; // what another version wrote
    }
    this.draw();
  }

  /**
   * Calls `listener` whenever the pins change.
   * @param {() => void} listener
   */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  find(z) {
    return this.pins.find((pin) => pin.z === z) ?? null;
  }

  /** A pin's name: "pin 2". */
  pinName(pin) {
    return `pin ${this.pins.indexOf(pin) + 1}`;
  }

  /** Pin a sample, or take it off again. */
  toggle(pin) {
    const existing = this.find(pin.z);
    if (existing) return this.drop(existing);
    if (this.pins.length >= MAX_PINS) return setText(this.status, `${MAX_PINS} are pinned already: take one off first`);
    this.pins.push(pin);
    this.chosen = pin;
    this.changed(`Pinned as ${this.pinName(pin)}: ${pin.name}`);
  }

  drop(pin) {
    const at = this.pins.indexOf(pin);
    const hadFocus = this.element.contains(document.activeElement);
    this.pins.splice(at, 1);
    this.chosen = this.pins[Math.min(at, this.pins.length - 1)] ?? null;
    this.changed(`Taken off the tray: ${pin.name}`);
    if (hadFocus) this.list.children[this.pins.indexOf(this.chosen)]?.firstChild.focus();
  }

  shift(by) {
    const at = this.pins.indexOf(this.chosen);
    const to = at + by;
    if (to < 0 || to >= this.pins.length) return;
    this.pins.splice(at, 1);
    this.pins.splice(to, 0, this.chosen);
    this.changed(`It is ${this.pinName(this.chosen)} now`);
  }

  select(pin) {
    this.chosen = pin;
    this.draw();
    setText(
      this.status,
      [this.pinName(pin), pin.name, `|z| ${short(pin.norm)}`, this.used(pin)].filter(Boolean).join(" · "),
    );
  }

  changed(text) {
    sessionStorage.setItem(this.key, JSON.stringify(this.pins));
    this.draw();
    setText(this.status, text);
    for (const listener of this.listeners) listener();
  }

  draw() {
    const {pins, chosen} = this;
    const old = new Map([...this.list.children].map((item) => [item.pin, item]));
    replace(this.list, ...pins.map((pin, i) => this.item(old.get(pin), pin, i)));
    if (!pins.length)
      setText(this.status, "Nothing is pinned. Press a sample to pin it: it can then be used in every tool.");
    else if (!chosen) setText(this.status, "Press a pinned sample to use it.");
    this.actions.hidden = !chosen;
    this.list.hidden = !pins.length;
  }

  item(item, pin, i) {
    if (!item) {
      item = h(
        "li",
        {},
        h(
          "button",
          {type: "button", onclick: () => this.select(pin), onkeydown: (event) => this.onKey(event, pin)},
          h("canvas", {"aria-hidden": "true"}),
          h("span"),
        ),
      );
      item.pin = pin;
      this.workbench.paint(item.querySelector("canvas"), {z: pin.z}, SIDE);
    }
    const button = item.firstChild;
    setText(button.lastChild, String(i + 1));
    button.setAttribute("aria-label", `${this.pinName(pin)}: ${pin.name}`);
    button.setAttribute("aria-pressed", String(pin === this.chosen));
    return item;
  }

  onKey(event, pin) {
    if (!["Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    this.drop(pin);
  }

  /** Another theme. */
  restyle() {
    for (const item of this.list.children) this.workbench.paint(item.querySelector("canvas"), {z: item.pin.z}, SIDE);
  }
}
