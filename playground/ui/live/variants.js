// Which variant: a button that opens a list, family by family, that can be searched and walked through by keys alone.

import {h, icon, replace, say, uid} from "./dom.js";

const COARSE = matchMedia("(pointer: coarse)"), NARROW = matchMedia("(max-width: 700px)");
const WIDE = 420, EDGE = 12, BELOW = 84, LEAST = 260;        // px: the list's width, from the window's edges, of the bar, its least height

/** What a word of a search may be found in. */
const text = ({id, title, family, sentence, paper}) => `${id} ${title} ${family} ${sentence} ${paper.title} ${paper.authors} ${paper.year}`.toLowerCase();

/** How well a variant answers to the words: 0 not at all, then by where the first of them is found. */
export function fits(variant, words) {
  if (!words.length) return 1;
  const all = text(variant), [first] = words, names = [variant.title.toLowerCase(), variant.id];
  if (!words.every((word) => all.includes(word))) return 0;
  return names.includes(first) ? 4 : names.some((name) => name.startsWith(first)) ? 3 : names.some((name) => name.includes(first)) ? 2 : 1;
}

export class Variants {
  /** `chosen(id)`: a person took one. */
  constructor(variants, chosen) {
    Object.assign(this, {variants, chosen, value: null, warns: () => ""});
    const label = uid("variant"), list = uid("variants"), name = uid("value");
    this.title = h("b");
    this.family = h("span");
    this.button = h("button", {type: "button", class: "opener", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-labelledby": `${label} ${name}`, "data-testid": "variant", onclick: () => this.toggle(), onkeydown: (event) => this.pressed(event)},
      h("span", {id: name}, this.title, this.family), icon("M5 9l7 7 7-7"));
    this.search = h("input", {type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": list, "aria-autocomplete": "list", "aria-label": "Search variants", placeholder: "name, idea, author or year", autocomplete: "off", spellcheck: "false",
      oninput: () => this.filter(), onkeydown: (event) => this.key(event)});
    this.none = h("p", {class: "note none", role: "status", hidden: true});
    this.options = variants.map((variant) => this.option(variant));
    const families = [...new Set(variants.map((v) => v.family))];
    this.groups = families.map((family) => {
      const id = uid("family");
      return h("div", {role: "group", "aria-labelledby": id}, h("p", {class: "family", id, role: "presentation"}, family), ...this.options.filter((_, i) => variants[i].family === family));
    });
    this.options = this.groups.flatMap((group) => [...group.querySelectorAll("[role=option]")]);
    this.list = h("div", {class: "list", id: list, role: "listbox", "aria-label": "Variants", tabindex: "-1", onkeydown: (event) => this.key(event)}, ...this.groups);
    this.menu = h("div", {class: "picker-menu", hidden: true}, h("div", {class: "find"}, this.search, h("button", {type: "button", class: "icon close", "aria-label": "Close", onclick: () => this.close(true)}, icon("M6 6l12 12M18 6L6 18"))), this.list, this.none);
    this.element = h("div", {class: "picker"}, h("span", {class: "lab", id: label}, "Variant"), this.button, this.menu);
    document.addEventListener("pointerdown", (event) => { if (!this.menu.hidden && !this.element.contains(event.target)) this.close(false); });
    this.element.addEventListener("focusout", ({relatedTarget}) => { if (relatedTarget && !this.element.contains(relatedTarget)) this.close(false); });
    addEventListener("resize", () => this.close(false));
  }

  option(variant) {
    const caution = h("span", {class: "caution", hidden: true}, "caution here");
    return h("div", {role: "option", id: uid("option"), class: "option", "aria-selected": "false", "data-variant": variant.id, onclick: () => this.take(variant.id), onpointermove: ({currentTarget}) => this.light(currentTarget, false)},
      h("b", {}, variant.title), h("span", {class: "year"}, caution, String(variant.paper.year)), h("span", {class: "says"}, variant.sentence));
  }

  /** Show which one it is; `warns(variant)` says whether it is known to fail on the data chosen. */
  set(variant, warns) {
    this.value = variant.id;
    this.warns = warns;
    say(this.title, variant.title);
    say(this.family, variant.family);
    for (const option of this.options) option.setAttribute("aria-selected", String(option.dataset.variant === variant.id));
  }

  toggle() {
    if (this.menu.hidden) this.open(); else this.close(true);
  }

  open(begun = "") {
    this.search.value = begun;
    for (const option of this.options) option.querySelector(".caution").hidden = !this.warns(this.find(option.dataset.variant));
    this.menu.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.place();
    this.filter();
    if (COARSE.matches) this.list.focus(); else this.search.focus();
  }

  place() {
    if (NARROW.matches) return this.menu.removeAttribute("style");
    const {left, bottom} = this.button.getBoundingClientRect(), top = Math.max(EDGE, Math.min(bottom + 4, innerHeight - BELOW - LEAST));
    Object.assign(this.menu.style, {left: `${left}px`, top: `${top}px`, width: `${Math.min(WIDE, innerWidth - left - EDGE)}px`, maxHeight: `${innerHeight - top - BELOW}px`});
    return null;
  }

  /** `back`: the focus returns to the button. */
  close(back) {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  find(id) {
    return this.variants.find((v) => v.id === id);
  }

  get shown() {
    return this.options.filter((option) => !option.hidden);
  }

  /** Leave what answers to the search, and light the best of it. */
  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean), ranks = new Map(this.options.map((option) => [option, fits(this.find(option.dataset.variant), words)]));
    for (const [option, rank] of ranks) option.hidden = !rank;
    for (const group of this.groups) group.hidden = !group.querySelector(".option:not([hidden])");
    const {shown} = this, own = shown.find((option) => option.dataset.variant === this.value);
    this.none.hidden = shown.length > 0;
    say(this.none, shown.length ? "" : `No variant answers to “${this.search.value.trim().slice(0, 40)}”.`);
    this.light(words.length || !own ? shown.reduce((best, option) => (best && ranks.get(best) >= ranks.get(option) ? best : option), null) : own, true);
  }

  light(option, follow) {
    if (this.lit === option && !follow) return;
    this.lit?.classList.remove("lit");
    this.lit = option;
    option?.classList.add("lit");
    for (const listens of [this.search, this.list]) {
      if (option) listens.setAttribute("aria-activedescendant", option.id); else listens.removeAttribute("aria-activedescendant");
    }
    if (!option || !follow) return;
    const first = option === this.shown[0];
    (first ? option.parentElement : option).scrollIntoView({block: "nearest"});        // the first with its family's name
  }

  /** On the closed button: arrows open it, and a letter begins a search. */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = /^[\p{L}\p{N}]$/u.test(event.key);
    if (!["ArrowDown", "ArrowUp"].includes(event.key) && !letter) return;
    event.preventDefault();
    this.open(letter ? event.key : "");
  }

  key(event) {
    const {shown} = this, at = shown.indexOf(this.lit), to = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 6, PageUp: at - 6}[event.key];
    if (to !== undefined) {
      if (shown.length) this.light(shown[event.key.startsWith("Arrow") ? (to + shown.length) % shown.length : Math.max(0, Math.min(shown.length - 1, to))], true);
    } else if (event.key === "Enter") {
      if (this.lit) this.take(this.lit.dataset.variant);
    } else if (event.key === "Escape") this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(id) {
    this.close(true);
    if (id !== this.value) this.chosen(id);
  }
}
