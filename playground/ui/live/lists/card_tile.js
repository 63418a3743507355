// A tile of the Gallery: picture, title and notes in one link. The picture is fetched when it comes into view.

import {h, setText} from "../core/dom.js";
import {link} from "../core/links.js";

/** @type {WeakMap<Element, CardTile>} */
const tiles = new WeakMap();

/** An observer that loads the pictures of tiles that come into view. */
export function viewObserver() {
  return new IntersectionObserver(
    (entries) => {
      for (const {target, isIntersecting} of entries) if (isIntersecting) tiles.get(target).loadPicture();
    },
    {rootMargin: "300px"},
  );
}

export class CardTile {
  /**
   * @param {any} names what models and runs are called
   * @param {{attribute: string, id: string, address: string, go: (address: string) => void, picture: Element, notes:
   *   Element[]}} parts
   * @param {IntersectionObserver} observer as `viewObserver` makes it
   */
  constructor(names, {attribute, id, address, go, picture, notes}, observer) {
    this.names = names;
    this.card = null;
    this.title = h("b");
    this.link = link(address, go, {}, picture, this.title, ...notes);
    this.element = h("li", {[attribute]: id}, this.link);
    tiles.set(this.element, this);
    observer.observe(this.element);
  }

  /** Shows a card; the same one again changes nothing. */
  draw(card) {
    const key = JSON.stringify(card);
    if (this.key === key) return;
    this.key = key;
    this.card = card;
    setText(this.title, this.names.title(card));
    this.describe(card);
    if (this.isPainted) this.loadPicture();
  }

  /** Fill the notes. */
  describe(_card) {}

  /** Fetch the picture of the card, once. */
  loadPicture() {}

  /** Whether a picture was painted, so that another card's is loaded at once. */
  get isPainted() {
    return false;
  }
}
