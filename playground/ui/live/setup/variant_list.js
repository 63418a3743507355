// The variants by family, with search and full keyboard control.

import {lacking} from "../core/catalogue.js";
import {h, setText, uid} from "../core/dom.js";

/** The text that a search looks at. */
const text = ({id, title, family, summary, paper}) =>
  `${id} ${title} ${family} ${summary} ${paper.title} ${paper.authors} ${paper.year}`.toLowerCase();

/** How well a variant matches: 0 not at all, then by where the first word is found. */
export function searchRank(variant, words) {
  if (!words.length) return 1;
  const all = text(variant);
  const [first] = words;
  const names = [variant.title.toLowerCase(), variant.id];
  if (!words.every((word) => all.includes(word))) return 0;
  return names.includes(first)
    ? 4
    : names.some((name) => name.startsWith(first))
      ? 3
      : names.some((name) => name.includes(first))
        ? 2
        : 1;
}

export class VariantList {
  /**
   * @param {any[]} variants
   * @param {string} id of its element
   * @param {{take: (id: string) => void, close: () => void}} handlers take: a person chose one; close: without one
   */
  constructor(variants, id, handlers) {
    this.variants = variants;
    this.handlers = handlers;
    this.selected = null;
    this.active = null;
    this.search = h("input", {
      type: "search",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": id,
      "aria-autocomplete": "list",
      "aria-label": "Search variants",
      placeholder: "name, idea, author or year",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.filter(),
      onkeydown: (event) => this.key(event),
    });
    this.none = h("p", {class: "note none", role: "status", hidden: true});
    this.options = variants.map((variant) => this.option(variant));
    const families = [...new Set(variants.map((v) => v.family))];
    this.groups = families.map((family) => {
      const name = uid("family");
      return h(
        "div",
        {role: "group", "aria-labelledby": name},
        h("p", {class: "family", id: name, role: "presentation"}, family),
        ...this.options.filter((_, i) => variants[i].family === family),
      );
    });
    this.options = this.groups.flatMap((group) => [...group.querySelectorAll("[role=option]")]);
    this.element = h(
      "div",
      {
        class: "list",
        id,
        role: "listbox",
        "aria-label": "Variants",
        tabindex: "-1",
        onkeydown: (event) => this.key(event),
      },
      ...this.groups,
    );
  }

  /** Show which one is chosen. */
  select(id) {
    this.selected = id;
    for (const option of this.options) option.setAttribute("aria-selected", String(option.dataset.variant === id));
  }

  /**
   * Prepares the list.
   * @param {string} words to search for
   * @param {Dataset} data that are chosen: what does not fit them is greyed out, and what is known to fail is marked
   */
  begin(words, data) {
    this.search.value = words;
    for (const option of this.options) {
      const variant = this.find(option.dataset.variant);
      const missing = lacking(variant, data);
      option.ariaDisabled = String(Boolean(missing));
      setText(option.querySelector(".misfit"), missing && `needs ${missing}; ${data.title} has none`);
      option.querySelector(".caution").hidden = Boolean(missing) || !variant.warns?.[data.id];
    }
  }

  take(option) {
    if (option.ariaDisabled !== "true") this.handlers.take(option.dataset.variant);
  }

  find(id) {
    return this.variants.find((v) => v.id === id);
  }

  option(variant) {
    const caution = h("span", {class: "caution", hidden: true}, "caution here");
    return h(
      "div",
      {
        role: "option",
        id: uid("option"),
        class: "option",
        "aria-selected": "false",
        "data-variant": variant.id,
        onclick: ({currentTarget}) => this.take(currentTarget),
        onpointermove: ({currentTarget}) => this.setActive(currentTarget, false),
      },
      h("b", {}, variant.title),
      h("span", {class: "year"}, caution, String(variant.paper.year)),
      h("span", {class: "says"}, variant.summary),
      h("span", {class: "misfit"}),
    );
  }

  get shown() {
    return this.options.filter((option) => !option.hidden);
  }

  /** Shows the matches of the search and activates the best one. */
  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const ranks = new Map(this.options.map((option) => [option, searchRank(this.find(option.dataset.variant), words)]));
    for (const [option, rank] of ranks) option.hidden = !rank;
    for (const group of this.groups) group.hidden = !group.querySelector(".option:not([hidden])");
    const {shown} = this;
    const selected = shown.find((option) => option.dataset.variant === this.selected);
    this.none.hidden = shown.length > 0;
    setText(this.none, shown.length ? "" : `No variant answers to “${this.search.value.trim().slice(0, 40)}”.`);
    this.setActive(
      words.length || !selected
        ? shown.reduce((best, option) => (best && ranks.get(best) >= ranks.get(option) ? best : option), null)
        : selected,
      true,
    );
  }

  setActive(option, follow) {
    if (this.active === option && !follow) return;
    this.active?.classList.remove("lit");
    this.active = option;
    option?.classList.add("lit");
    for (const element of [this.search, this.element]) {
      if (option) element.setAttribute("aria-activedescendant", option.id);
      else element.removeAttribute("aria-activedescendant");
    }
    if (!option || !follow) return;
    const first = option === this.shown[0];
    (first ? option.parentElement : option).scrollIntoView({block: "nearest"}); // the first with its family's name
  }

  key(event) {
    const {shown} = this;
    const at = shown.indexOf(this.active);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 6, PageUp: at - 6}[event.key];
    if (to !== undefined) {
      if (shown.length)
        this.setActive(
          shown[
            event.key.startsWith("Arrow")
              ? (to + shown.length) % shown.length
              : Math.max(0, Math.min(shown.length - 1, to))
          ],
          true,
        );
    } else if (event.key === "Enter") {
      if (this.active) this.take(this.active);
    } else if (event.key === "Escape") this.handlers.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
