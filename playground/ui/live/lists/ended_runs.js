// Ended runs as large tiles.

import {CardTile, viewObserver} from "./card_tile.js";
import {SEARCH_HINT, loadRuns, filterCards, SORTS} from "./run_summaries.js";
import {h, replace, setText} from "../core/dom.js";
import {fetchPoints, coordinates} from "../canvas/frame_cache.js";
import {ListView} from "./list_view.js";
import {drawPlane} from "../canvas/plane_canvas.js";
import {floorParts} from "./run_row.js";
import {drawTiles} from "../canvas/image_grid.js";

const COLUMNS = 8;
const ROOM = 3;

/** Held-out points are the same for all runs on the same data: fetched once. */
const realByDataset = new Map();
const loadReal = (data, run) => {
  if (!realByDataset.has(data))
    realByDataset.set(
      data,
      fetchPoints(`/play/runs/${run}/real`).catch(() => null),
    );
  return realByDataset.get(data);
};

class RunTile extends CardTile {
  constructor(card, names, open, observer) {
    const canvas = h("canvas", {"aria-hidden": "true"});
    const pane = h("div", {class: "pane"}, canvas);
    const what = h("span", {class: "note"});
    const score = h("span", {class: "note"});
    super(
      names,
      {
        attribute: "data-run",
        id: card.id,
        address: `?run=${card.id}`,
        go: () => open(card.id),
        picture: pane,
        notes: [what, score],
      },
      observer,
    );
    this.canvas = canvas;
    this.pane = pane;
    this.what = what;
    this.score = score;
  }

  describe(card) {
    const {names} = this;
    const score = names.score(card);
    setText(
      this.what,
      [card.name && names.what(card), this.whose(card), card.mine && card.published && "published"]
        .filter(Boolean)
        .join(" · "),
    );
    replace(this.score, score && `${score.name} ${score.value}`, floorParts(score));
  }

  whose({recorded, owner, mine}) {
    return recorded ? "recorded" : owner ? `by ${owner}` : mine ? "yours" : "by somebody";
  }

  async loadPicture() {
    const {
      card: {id, data, frame, size, thumb},
      names,
    } = this;
    const points = names.data[data]?.kind === "points";
    if (this.loadedThumb === thumb) return this.paint();
    this.loadedThumb = thumb; // it names the frame
    const answer = await fetch(`/play/runs/${id}/frames/${frame}?e=0`).catch(() => null);
    if (answer?.status !== 200) return (this.loadedThumb = null);
    if (points) {
      const fake = coordinates(await answer.arrayBuffer());
      const real = await loadReal(data, id);
      this.repaint = () => drawPlane(this.canvas, this.side, {real: real, fake});
    } else {
      const sheet = await createImageBitmap(await answer.blob());
      this.repaint = () => drawTiles(this.canvas, sheet, size, COLUMNS, this.side, ROOM);
    }
    return this.paint();
  }

  get isPainted() {
    return Boolean(this.side);
  }

  paint() {
    this.side = this.pane.clientWidth;
    if (this.side) this.repaint?.();
  }
}

export class EndedRuns {
  /**
   * @param {Api} api
   * @param {Names} names
   * @param {Element} head shown above the list
   * @param {{open: (run: string) => void, train: () => void}} handlers
   */
  constructor(api, names, head, {open, train}) {
    const observer = viewObserver();
    const {newest, name, score} = SORTS;
    this.listing = new ListView(names, {
      load: loadRuns(api, "gallery"),
      filterCards,
      nouns: ["run", "runs"],
      sorts: {newest, name, score},
      searchHint: SEARCH_HINT,
      title: "Runs that ended",
      head,
      className: "tiles",
      about: h("p", {class: "note"}, "Your own, what others have published, and a recorded one. Press one to open it."),
      createItem: (card) => new RunTile(card, names, open, observer),
      empty: [
        h("p", {}, "There is no picture yet."),
        h("button", {type: "button", class: "hero", onclick: train}, "Train the first one"),
      ],
    });
    this.element = this.listing.element;
    new ResizeObserver(() => this.restyle()).observe(this.element);
  }

  show() {
    this.listing.show();
  }

  hide() {
    this.listing.hide();
  }

  /** Repaints for another width or theme. */
  restyle() {
    for (const tile of this.listing.shown) if (tile.repaint) tile.paint();
  }
}
