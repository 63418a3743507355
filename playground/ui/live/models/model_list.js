// The models as tiles, with search, filters and import.

import {h, replace, setText} from "../core/dom.js";
import {CardTile, viewObserver} from "../lists/card_tile.js";
import {ListView, select} from "../lists/list_view.js";
import {floorParts} from "../lists/run_row.js";
import {ImportModel} from "./import_model.js";
import {
  progressWords,
  SEARCH_HINT,
  bestScore,
  filterCards,
  sizeWords,
  SORTS,
  WHOSE,
  ownerWords,
} from "./model_summaries.js";
import {ModelPicture} from "./model_picture.js";
import {modelAddress} from "../core/links.js";

class ModelTile extends CardTile {
  constructor(card, names, go, observer) {
    const pane = new ModelPicture();
    const what = h("span", {class: "note"});
    const score = h("span", {class: "note"});
    const training = h("span", {class: "note"});
    super(
      names,
      {
        attribute: "data-model",
        id: card.id,
        address: modelAddress(card.id),
        go,
        picture: pane.element,
        notes: [what, score, training],
      },
      observer,
    );
    this.pane = pane;
    this.what = what;
    this.score = score;
    this.training = training;
  }

  describe(card) {
    const {names} = this;
    const found = bestScore(card, names);
    setText(this.what, [card.name && names.what(card), sizeWords(card), ownerWords(card)].filter(Boolean).join(" · "));
    replace(this.score, found && `${found.name} ${found.value}`, floorParts(found));
    setText(this.training, progressWords(card));
  }

  loadPicture() {
    return this.pane.load(this.card);
  }

  get isPainted() {
    return Boolean(this.pane.side);
  }
}

export class ModelList {
  /**
   * @param {Api} api
   * @param {Names} names
   * @param {Catalogue} catalogue
   * @param {Element} head shown above the list
   * @param {GalleryHandlers} handlers
   */
  constructor(api, names, catalogue, head, handlers) {
    this.api = api;
    this.names = names;
    const observer = viewObserver();
    this.importDialog = new ImportModel(api, catalogue.me, (card) => handlers.go(modelAddress(card.id)));
    const data = Object.fromEntries(catalogue.data.map(({id, title}) => [id, title]));
    this.listing = new ListView(names, {
      load: async (known) => {
        const {version, models} = await api.models({known: known ?? ""});
        return {version, cards: models};
      },
      filterCards,
      nouns: ["model", "models"],
      sorts: SORTS,
      searchHint: SEARCH_HINT,
      title: "Models",
      head,
      className: "tiles",
      filters: {
        variant: select("Variant", {"": "any variant", ...names.variants}),
        data: select("Data", {"": "any data", ...data}),
        whose: select("Whose", WHOSE),
      },
      about: h("button", {type: "button", class: "ghost", onclick: () => this.importDialog.open()}, "Import model"),
      createItem: (card) => new ModelTile(card, names, handlers.go, observer),
      empty: [
        h("p", {}, "No model is kept here yet. Any run that rests can become one."),
        h("button", {type: "button", class: "hero", onclick: handlers.train}, "Train the first one"),
      ],
    });
    this.element = this.listing.element;
    this.element.append(this.importDialog.element);
    this.polledList = this.listing.polledList;
    new ResizeObserver(() => this.restyle()).observe(this.element);
  }

  /** `from`: what one comes back from; the focus goes to it, or to the head when it is not here. */
  show(_, previous) {
    this.listing.show();
    if (previous)
      (this.listing.items.get(previous)?.link ?? this.element.querySelector("[aria-current]")).focus({
        preventScroll: true,
      });
  }

  hide() {
    this.listing.hide();
  }

  /** Repaints for another width or theme. */
  restyle() {
    for (const tile of this.listing.shown) tile.pane.paint();
  }
}
