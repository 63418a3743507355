// A list of runs or models: search, filters, sorting, pages.

import {h, setText} from "../core/dom.js";
import {ErrorLine} from "../controls/error_line.js";
import {whole} from "../core/format.js";
import {PolledList} from "./polled_list.js";

const PAGE = 100;
const LOST_TEXTS = {away: "Connection lost, retrying.", busy: "The server is busy, asking again soon."};

export const select = (label, options, changed) =>
  h(
    "select",
    {"aria-label": label, onchange: changed},
    ...Object.entries(options).map(([value, text]) => h("option", {value}, text)),
  );

export class ListView {
  /**
   * @param {Names} names
   * @param {object} options
   * @param {(version: any) => Promise<any>} options.load as PolledList has it
   * @param {(cards: any[], names: Names, filters: any) => any[]} options.filterCards
   * @param {string[]} options.nouns singular and plural
   * @param {string} options.title
   * @param {Element} [options.head] shown first, instead of the title
   * @param {Element} options.about
   * @param {Record<string, any>} [options.filters] select elements by name
   * @param {Record<string, string>} options.sorts titles by id
   * @param {string} options.searchHint what the search looks at
   * @param {string} options.className
   * @param {(card: any) => any} options.createItem an item with element and draw(card)
   * @param {any} options.empty shown when the list is empty
   */
  constructor(
    names,
    {
      load,
      filterCards,
      nouns,
      title,
      head = h("h2", {}, title),
      about,
      filters = {},
      sorts,
      searchHint,
      className,
      createItem,
      empty,
    },
  ) {
    this.names = names;
    this.filterCards = filterCards;
    this.nouns = nouns;
    this.createItem = createItem;
    this.filters = filters;
    this.items = new Map();
    this.limit = PAGE;
    this.polledList = new PolledList(load, {changed: () => this.draw(), lost: (lost) => this.lost(lost)});
    const changed = () => this.changed();
    this.search = h("input", {
      type: "search",
      "aria-label": `Search ${title.toLowerCase()}`,
      placeholder: searchHint,
      autocomplete: "off",
      spellcheck: "false",
      oninput: changed,
    });
    this.sort = select("Order", sorts, changed);
    for (const filter of Object.values(filters)) filter.addEventListener("change", changed);
    this.count = h("p", {class: "note count", role: "status"}, "Reading the list");
    this.connectionError = new ErrorLine();
    this.list = h("ul", {class: className, "aria-label": title});
    this.more = h("button", {type: "button", class: "ghost more-runs", hidden: true, onclick: () => this.showMore()});
    this.none = h(
      "div",
      {class: "none", hidden: true},
      h("p"),
      h("button", {type: "button", class: "ghost", onclick: () => this.clear()}, "Show all"),
    );
    this.empty = h("div", {class: "none", hidden: true}, empty);
    this.tools = h(
      "div",
      {class: "tools", role: "search"},
      this.search,
      ...Object.values(filters),
      this.sort,
      this.count,
    );
    this.element = h(
      "section",
      {class: "shelf", "aria-label": title},
      h("div", {class: "over"}, head, about),
      this.tools,
      this.connectionError.element,
      this.list,
      this.more,
      this.none,
      this.empty,
    );
  }

  show() {
    this.polledList.show();
  }

  hide() {
    this.polledList.hide();
  }

  lost(lost) {
    this.connectionError.show(LOST_TEXTS[lost] ?? "");
  }

  /** Search, filter or order changed: starts at the top. */
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

  /** Shows one more page and focuses its first item. */
  showMore() {
    const first = this.list.children.length;
    this.limit += PAGE;
    this.draw();
    this.list.children[first]?.querySelector("a, button").focus();
  }

  draw() {
    const {cards} = this.polledList;
    const {
      search,
      sort,
      filters,
      names,
      nouns: [singular, plural],
    } = this;
    if (!cards) return;
    const found = this.filterCards(cards, names, {
      search: search.value,
      sort: sort.value,
      ...Object.fromEntries(Object.entries(filters).map(([name, field]) => [name, field.value])),
    });
    const shown = found.slice(0, this.limit);
    const hiddenCount = found.length - shown.length;
    this.arrange(shown.map((card) => this.item(card)));
    const known = new Set(cards.map((card) => card.id));
    for (const id of this.items.keys()) if (!known.has(id)) this.items.delete(id);
    setText(
      this.count,
      found.length === cards.length
        ? `${whole(cards.length)} ${cards.length === 1 ? singular : plural}`
        : `${whole(found.length)} of ${whole(cards.length)} ${plural}`,
    );
    setText(this.more, `Show ${whole(Math.min(PAGE, hiddenCount))} more (${whole(hiddenCount)} left)`);
    this.more.hidden = !hiddenCount;
    this.empty.hidden = cards.length > 0;
    this.tools.hidden = !cards.length;
    this.none.hidden = !cards.length || found.length > 0;
    if (!this.none.hidden)
      setText(
        this.none.firstChild,
        search.value.trim()
          ? `Nothing here answers to “${search.value.trim().slice(0, 40)}”.`
          : "Nothing here is of that kind.",
      );
  }

  /** The items in the list. */
  get shown() {
    return [...this.items.values()].filter(({element}) => element.isConnected);
  }

  item(card) {
    if (!this.items.has(card.id)) this.items.set(card.id, this.createItem(card));
    const item = this.items.get(card.id);
    item.draw(card);
    return item;
  }

  /** Moves only items whose place changed, so that a field in use keeps its focus. */
  arrange(items) {
    const wanted = new Set(items.map((item) => item.element));
    const focused = document.activeElement;
    for (const element of [...this.list.children]) if (!wanted.has(element)) element.remove();
    let next = this.list.firstElementChild;
    for (const {element} of items) {
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused))
      focused.focus();
  }
}
