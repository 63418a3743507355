// A view that lists runs, or models: what is above the list, the list a page at a time, and what is said when it is empty.

import {h, say} from "./dom.js";
import {whole} from "./format.js";
import {Shelf} from "./shelf.js";

const PAGE = 100, GONE = {away: "Connection lost, retrying.", busy: "The server is busy, asking again soon."};

export const select = (label, options, changed) => h("select", {"aria-label": label, onchange: changed}, ...Object.entries(options).map(([value, text]) => h("option", {value}, text)));

export class Listing {
  /**
   * `reads`: as Shelf has it; `sift(cards, names, asked)`: those that answer to what is asked, in order; `nouns`: what one is called, and several; `makes(card)`: its
   * item, {element, draw(card)}; `sorts`: {id: words}; `filters`: {name: select}; `finds`: what the search looks at; `head`: what stands first, the title else;
   * `empty`: what is shown when there is nothing at all.
   */
  constructor(names, {reads, sift, nouns, title, head = h("h2", {}, title), about, filters = {}, sorts, finds, className, makes, empty}) {
    Object.assign(this, {names, sift, nouns, makes, filters, items: new Map(), limit: PAGE});
    this.shelf = new Shelf(reads, {told: () => this.draw(), lost: (lost) => this.lost(lost)});
    const changed = () => this.changed();
    this.search = h("input", {type: "search", "aria-label": `Search ${title.toLowerCase()}`, placeholder: finds, autocomplete: "off", spellcheck: "false", oninput: changed});
    this.sort = select("Order", sorts, changed);
    for (const filter of Object.values(filters)) filter.addEventListener("change", changed);
    this.count = h("p", {class: "note count", role: "status"}, "Reading the list");
    this.away = h("p", {class: "wrong", role: "alert", hidden: true});
    this.list = h("ul", {class: className, "aria-label": title});
    this.more = h("button", {type: "button", class: "ghost more-runs", hidden: true, onclick: () => this.further()});
    this.none = h("div", {class: "none", hidden: true}, h("p"), h("button", {type: "button", class: "ghost", onclick: () => this.clear()}, "Show all"));
    this.empty = h("div", {class: "none", hidden: true}, empty);
    this.tools = h("div", {class: "tools", role: "search"}, this.search, ...Object.values(filters), this.sort, this.count);
    this.element = h("section", {class: "shelf", "aria-label": title}, h("div", {class: "over"}, head, about), this.tools, this.away, this.list, this.more, this.none, this.empty);
  }

  show() {
    this.shelf.show();
  }

  hide() {
    this.shelf.hide();
  }

  lost(lost) {
    say(this.away, GONE[lost] ?? "");
    this.away.hidden = !lost;
  }

  /** What is asked of the list is another thing now: begin at its top. */
  changed() {
    this.limit = PAGE;
    this.element.scrollTo({top: 0});
    this.draw();
  }

  clear() {
    for (const field of [this.search, ...Object.values(this.filters)]) field.value = "";
    this.changed();
    this.search.focus();
  }

  /** A page more; the focus goes to the first that is new. */
  further() {
    const first = this.list.children.length;
    this.limit += PAGE;
    this.draw();
    this.list.children[first]?.querySelector("a, button").focus();
  }

  draw() {
    const {cards} = this.shelf, {search, sort, filters, names, nouns: [one, several]} = this;
    if (!cards) return;
    const found = this.sift(cards, names, {search: search.value, sort: sort.value, ...Object.fromEntries(Object.entries(filters).map(([name, field]) => [name, field.value]))});
    const shown = found.slice(0, this.limit), left = found.length - shown.length;
    this.place(shown.map((card) => this.item(card)));
    const known = new Set(cards.map((card) => card.id));
    for (const id of this.items.keys()) if (!known.has(id)) this.items.delete(id);
    say(this.count, found.length === cards.length ? `${whole(cards.length)} ${cards.length === 1 ? one : several}` : `${whole(found.length)} of ${whole(cards.length)} ${several}`);
    say(this.more, `Show ${whole(Math.min(PAGE, left))} more (${whole(left)} left)`);
    this.more.hidden = !left;
    this.empty.hidden = cards.length > 0;
    this.tools.hidden = !cards.length;
    this.none.hidden = !cards.length || found.length > 0;
    if (!this.none.hidden) say(this.none.firstChild, search.value.trim() ? `Nothing here answers to “${search.value.trim().slice(0, 40)}”.` : "Nothing here is of that kind.");
  }

  item(card) {
    if (!this.items.has(card.id)) this.items.set(card.id, this.makes(card));
    const item = this.items.get(card.id);
    item.draw(card);
    return item;
  }

  /** Only what has another place is moved, so that a field that is written in stays. */
  place(items) {
    const wanted = new Set(items.map((item) => item.element)), focused = document.activeElement;
    for (const element of [...this.list.children]) if (!wanted.has(element)) element.remove();
    let next = this.list.firstElementChild;
    for (const {element} of items) {
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
    }
    if (focused !== document.activeElement && this.list.contains(focused)) focused.focus();
  }
}
