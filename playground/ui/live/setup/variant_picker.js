// The variant picker: a button that opens the list of variants.

import {h, icon, setText, uid} from "../core/dom.js";
import {RaceMarks} from "./race_marks.js";
import {VariantList} from "./variant_list.js";

const COARSE = matchMedia("(pointer: coarse)");
const NARROW = matchMedia("(max-width: 700px)");
const WIDE = 420;
const EDGE = 12;
const BELOW = 84;
const MIN_HEIGHT = 260; // px: the list's width, from the window's edges, of the bar, its least height

export class VariantPicker {
  /**
   * `chosen(id)`: a person took one; `label`: what is chosen, in words; `race(ids)`: several were marked, to race them.
   */
  constructor(variants, chosen, {label: title = "Variant", testid = "variant", race = null} = {}) {
    this.chosen = chosen;
    this.value = null;
    this.data = null;
    const label = uid("variant");
    const list = uid("variants");
    const name = uid("value");
    this.title = h("b");
    this.family = h("span");
    this.button = h(
      "button",
      {
        type: "button",
        class: "opener",
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-labelledby": `${label} ${name}`,
        "data-testid": testid,
        onclick: () => this.toggle(),
        onkeydown: (event) => this.pressed(event),
      },
      h("span", {id: name}, this.title, this.family),
      icon("M5 9l7 7 7-7"),
    );
    this.list = new VariantList(variants, list, {take: (id) => this.take(id), close: () => this.close(true)});
    this.marks =
      race &&
      new RaceMarks(this.list, (ids) => {
        this.close(true);
        race(ids);
      });
    this.menu = h(
      "div",
      {class: "picker-menu", hidden: true},
      h(
        "div",
        {class: "find"},
        this.list.search,
        h(
          "button",
          {type: "button", class: "icon close", "aria-label": "Close", onclick: () => this.close(true)},
          icon("M6 6l12 12M18 6L6 18"),
        ),
      ),
      this.list.element,
      this.list.none,
      this.marks?.element,
    );
    this.element = h("div", {class: "picker"}, h("span", {class: "lab", id: label}, title), this.button, this.menu);
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.hidden && !this.element.contains(event.target)) this.close(false);
    });
    this.element.addEventListener("focusout", ({relatedTarget}) => {
      if (relatedTarget && !this.element.contains(relatedTarget)) this.close(false);
    });
    addEventListener("resize", () => this.close(false));
  }

  /** Show which one it is, and the data that all are to fit. */
  set(variant, data) {
    this.value = variant.id;
    this.data = data;
    setText(this.title, variant.title);
    setText(this.family, variant.family);
    this.list.select(variant.id);
  }

  toggle() {
    if (this.menu.hidden) this.open();
    else this.close(true);
  }

  open(query = "") {
    this.list.begin(query, this.data);
    this.menu.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.place();
    this.list.filter();
    if (COARSE.matches) this.list.element.focus();
    else this.list.search.focus();
  }

  place() {
    if (NARROW.matches) return this.menu.removeAttribute("style");
    const {left, bottom} = this.button.getBoundingClientRect();
    const top = Math.max(EDGE, Math.min(bottom + 4, innerHeight - BELOW - MIN_HEIGHT));
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${top}px`;
    this.menu.style.width = `${Math.min(WIDE, innerWidth - left - EDGE)}px`;
    this.menu.style.maxHeight = `${innerHeight - top - BELOW}px`;
    return null;
  }

  /** `back`: the focus returns to the button. */
  close(back) {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    if (this.marks?.on) this.marks.stop();
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  /** Keys on the closed button: arrows open the list, a letter starts a search. */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = /^[\p{L}\p{N}]$/u.test(event.key);
    if (!["ArrowDown", "ArrowUp"].includes(event.key) && !letter) return;
    event.preventDefault();
    this.open(letter ? event.key : "");
  }

  take(id) {
    if (this.marks?.on) return this.marks.toggle(id);
    this.close(true);
    return id !== this.value && this.chosen(id);
  }
}
