// Runs that ended with a picture, large enough to be looked at.

import {FINDS, reads, sift, SORTS} from "./cards.js";
import {h, replace, say} from "./dom.js";
import {cloud, coordinates} from "./frames.js";
import {Listing} from "./listing.js";
import {plane} from "./plane.js";
import {floor, opener} from "./row.js";
import {tiles} from "./tiles.js";

const COLUMNS = 8, ROOM = 3;

/** Held-out points are the same for all runs on the same data: fetched once. */
const held = new Map();
const real = (data, run) => {
  if (!held.has(data)) held.set(data, cloud(`/play/runs/${run}/real`).catch(() => null));
  return held.get(data);
};

class Tile {
  /** `seen`: an observer that calls `look()` when it comes into view. */
  constructor(card, names, open, seen) {
    Object.assign(this, {names, seen});
    this.canvas = h("canvas", {"aria-hidden": "true"});
    this.window = h("div", {class: "pane"}, this.canvas);
    this.title = h("b");
    this.what = h("span", {class: "note"});
    this.score = h("span", {class: "note"});
    this.link = opener(card.id, {}, open, this.window, this.title, this.what, this.score);
    this.element = h("li", {"data-run": card.id}, this.link);
    this.element.tile = this;
    seen.observe(this.element);
  }

  draw(card) {
    const {names} = this, key = JSON.stringify(card);
    if (this.key === key) return;
    Object.assign(this, {key, card});
    say(this.title, names.title(card));
    say(this.what, [card.name && names.what(card), this.whose(card), card.mine && card.published && "published"].filter(Boolean).join(" · "));
    const score = names.score(card);
    replace(this.score, score && `${score.name} ${score.value}`, floor(score));
    if (this.side) this.look();
  }

  whose({recorded, owner, mine}) {
    return recorded ? "recorded" : owner ? `by ${owner}` : mine ? "yours" : "by somebody";
  }

  /** Fetch what it shows, once. */
  async look() {
    const {card: {id, data, frame, size, thumb}, names} = this, points = names.data[data]?.kind === "points";
    if (this.at === thumb) return this.paint();
    this.at = thumb;                                    // it names the frame
    const answer = await fetch(`/play/runs/${id}/frames/${frame}?e=0`).catch(() => null);
    if (answer?.status !== 200) return (this.at = null);
    if (points) {
      const fake = coordinates(await answer.arrayBuffer()), behind = await real(data, id);
      this.paints = () => plane(this.canvas, this.side, {real: behind, fake});
    } else {
      const sheet = await createImageBitmap(await answer.blob());
      this.paints = () => tiles(this.canvas, sheet, size, COLUMNS, this.side, ROOM);
    }
    return this.paint();
  }

  paint() {
    this.side = this.window.clientWidth;
    if (this.side) this.paints?.();
  }
}

export class Ended {
  /** `head`: what stands above. `hears`: open(run), train(). */
  constructor(api, names, head, {open, train}) {
    const seen = new IntersectionObserver((entries) => {
      for (const {target: {tile}, isIntersecting} of entries) if (isIntersecting) tile.look();
    }, {rootMargin: "300px"}), {newest, name, score} = SORTS;
    this.listing = new Listing(names, {
      reads: reads(api, "gallery"), sift, nouns: ["run", "runs"], sorts: {newest, name, score}, finds: FINDS, title: "Runs that ended", head, className: "tiles",
      about: h("p", {class: "note"}, "Your own, what others have published, and a recorded one. Press one to open it."),
      makes: (card) => new Tile(card, names, open, seen),
      empty: [h("p", {}, "There is no picture yet."), h("button", {type: "button", class: "hero", onclick: train}, "Train the first one")],
    });
    this.element = this.listing.element;
    new ResizeObserver(() => this.dress()).observe(this.element);
  }

  show() {
    this.listing.show();
  }

  hide() {
    this.listing.hide();
  }

  /** Another width, or another theme. */
  dress() {
    for (const {tile} of this.listing.list.children) if (tile.paints) tile.paint();
  }
}
