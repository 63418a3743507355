// The Gallery's first view: trained models as pictures, to search, sift and open.

import {h, replace, say} from "../dom.js";
import {Listing, select} from "../listing.js";
import {floor} from "../row.js";
import {Bringing} from "./bringing.js";
import {course, FINDS, score, sift, size, SORTS, WHOSE, whose} from "./cards.js";
import {Pane} from "./pane.js";
import {link, model} from "./way.js";

class Tile {
  /** `seen`: an observer that calls `look()` when it comes into view. */
  constructor(card, names, go, seen) {
    Object.assign(this, {names, pane: new Pane()});
    this.title = h("b");
    [this.what, this.score, this.course] = [0, 0, 0].map(() => h("span", {class: "note"}));
    this.link = link(model(card.id), go, {}, this.pane.element, this.title, this.what, this.score, this.course);
    this.element = h("li", {"data-model": card.id}, this.link);
    this.element.tile = this;
    seen.observe(this.element);
  }

  draw(card) {
    const {names} = this, key = JSON.stringify(card);
    if (this.key === key) return;
    Object.assign(this, {key, card});
    say(this.title, names.title(card));
    say(this.what, [card.name && names.what(card), size(card), whose(card)].filter(Boolean).join(" · "));
    const found = score(card, names);
    replace(this.score, found && `${found.name} ${found.value}`, floor(found));
    say(this.course, course(card));
    if (this.pane.side) this.look();
  }

  look() {
    return this.pane.look(this.card);
  }
}

export class Models {
  /** `head`: what stands above. `hears`: go(address), train(), begin a run. */
  constructor(api, names, catalogue, head, hears) {
    Object.assign(this, {api, names});
    const seen = new IntersectionObserver((entries) => {
      for (const {target: {tile}, isIntersecting} of entries) if (isIntersecting) tile.look();
    }, {rootMargin: "300px"});
    this.bringing = new Bringing(api, catalogue.me, (card) => hears.go(model(card.id)));
    const data = Object.fromEntries(catalogue.data.map(({id, title}) => [id, title]));
    this.listing = new Listing(names, {
      reads: async (known) => {
        const {version, models} = await api.models({known: known ?? ""});
        return {version, cards: models};
      },
      sift, nouns: ["model", "models"], sorts: SORTS, finds: FINDS, title: "Models", head, className: "tiles",
      filters: {variant: select("Variant", {"": "any variant", ...names.variants}), data: select("Data", {"": "any data", ...data}), whose: select("Whose", WHOSE)},
      about: h("button", {type: "button", class: "ghost", onclick: () => this.bringing.open()}, "Bring a model in"),
      makes: (card) => new Tile(card, names, hears.go, seen),
      empty: [h("p", {}, "No model is kept here yet. Any run that rests can become one."), h("button", {type: "button", class: "hero", onclick: hears.train}, "Train the first one")],
    });
    this.element = this.listing.element;
    this.element.append(this.bringing.element);
    this.shelf = this.listing.shelf;
    new ResizeObserver(() => this.dress()).observe(this.element);
  }

  /** `from`: what one comes back from; the focus goes to it, or to the head when it is not here. */
  show(_, from) {
    this.listing.show();
    if (from) (this.listing.items.get(from)?.link ?? this.element.querySelector("[aria-current]")).focus({preventScroll: true});
  }

  hide() {
    this.listing.hide();
  }

  /** Another width, or another theme. */
  dress() {
    for (const {tile} of this.listing.list.children) tile.pane.paint();
  }
}
