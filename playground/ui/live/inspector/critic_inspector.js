// The X-ray: single pictures with D's reconstruction, residual and score.

import {h, replace, setText, uid} from "../core/dom.js";
import {whole} from "../core/format.js";
import {Legend} from "./legend.js";
import {PinnedTile} from "./pinned_tile.js";
import {measureName, loadSheet} from "./inspector_sheet.js";
import {ScoreSlice} from "./score_slice.js";
import {TileGrid} from "./tile_grid.js";

const MAX_STEPS = 400;
const CORNERS = 3; // steps whose scores are remembered; pictures that span a slice

export class CriticInspector {
  /** @param {Api} api */
  constructor(api) {
    const id = uid("xray");
    this.grid = new TileGrid((i) => this.onTile(i));
    this.scoresByStep = new Map();
    this.pinned = null;
    this.picked = null;
    this.heldStep = null;
    this.title = h("h2", {id}, "X-ray");
    this.legend = new Legend();
    this.orderedBy = h("span", {class: "note"});
    this.sliceButton = h(
      "button",
      {type: "button", class: "ghost", "aria-pressed": "false", onclick: () => this.setPicked(this.picked ? null : [])},
      "Slice through three",
    );
    this.hint = h("p", {role: "status"});
    this.step = h("span", {"data-testid": "xray-step"});
    this.pin = new PinnedTile(() => this.unpin());
    this.slice = new ScoreSlice(api);
    this.grid.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.onEscape();
    });
    this.element = h(
      "section",
      {class: "xray", "aria-labelledby": id, hidden: true},
      h("div", {class: "cap"}, this.title, this.legend.element),
      h("div", {class: "row orders"}, this.orderedBy, this.grid.order, this.sliceButton),
      this.pin.element,
      this.grid.element,
      h("div", {class: "note cap"}, this.hint, this.step),
      this.slice.element,
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = width;
        this.slice.fit(width);
        this.draw();
      },
    ).observe(this.element);
  }

  /** Resets for another run, or for this one after it went back. */
  begin(run) {
    this.pendingSnapshot = null;
    this.scoresByStep.clear();
    if (this.run === run) return;
    this.run = run;
    this.snapshot = null;
    this.pinned = null;
    this.grid.clear();
    this.heldStep = null;
    this.unreadableStep = null;
    this.setPicked(null);
    this.element.hidden = true;
  }

  /** Shows another snapshot of D; those of points are ignored. */
  async showSnapshot(snapshot) {
    if (snapshot.kind !== "images") return;
    this.pendingSnapshot = snapshot;
    const found = await loadSheet(snapshot).catch((error) => {
      if (!(error instanceof DOMException)) throw error;
      return null;
    });
    if (this.pendingSnapshot !== snapshot) return;
    this.element.hidden = false;
    this.unreadableStep = found ? null : snapshot.step;
    if (!found) return this.updatePressed();
    this.snapshot = snapshot;
    this.sheet = found;
    this.scoresByStep.set(
      snapshot.step,
      snapshot.tiles.map(({score}) => score),
    );
    if (this.scoresByStep.size > MAX_STEPS) this.scoresByStep.delete(this.scoresByStep.keys().next().value);
    if (this.grid.empty) this.build();
    this.updatePressed();
    this.grid.arrange(snapshot);
    this.draw();
  }

  /** The timeline's step, null for the newest. */
  holdAt(step) {
    this.heldStep = step;
    this.slice.holdAt(step);
  }

  build() {
    const {snapshot} = this;
    const D = h("i", {}, "D");
    const made = snapshot.encoder ? h("i", {}, "G(E(x))") : D;
    replace(this.title, ...(snapshot.decoder ? ["X-ray: what ", made, " cannot reconstruct"] : ["X-ray of ", D]));
    setText(this.orderedBy, `By ${measureName(snapshot)}:`);
    this.grid.build(snapshot);
  }

  /** Escape: clears the choice for a slice, else unpins. */
  onEscape() {
    if (this.picked) this.setPicked(null);
    else if (this.pinned != null) this.unpin();
  }

  /** A tile was pressed: chooses it for the slice, or pins it. */
  onTile(i) {
    if (!this.picked) return this.pinTile(this.pinned === i ? null : i);
    const previous = this.picked.length === CORNERS ? [] : this.picked;
    this.setPicked(previous.includes(i) ? previous.filter((j) => j !== i) : [...previous, i]);
  }

  unpin() {
    this.grid.focus(this.pinned); // what had the focus goes
    this.pinTile(null);
  }

  pinTile(i) {
    this.pinned = i;
    this.updatePressed();
    this.draw();
  }

  /** Sets the tiles chosen for a slice, null when none is wanted. */
  setPicked(picked) {
    this.picked = picked;
    this.sliceButton.setAttribute("aria-pressed", String(Boolean(picked)));
    this.updatePressed();
    if (picked?.length === CORNERS)
      this.slice.showSlice(
        this.run,
        picked.map((i) => ({of: this.snapshot.tiles[i].of, index: this.snapshot.tiles[i].index})),
        this.heldStep,
      );
    else this.slice.clear();
  }

  /** Marks the chosen tiles and updates the hint. */
  updatePressed() {
    const {picked, pinned} = this;
    this.grid.setPressed((i) => (picked ? picked.includes(i) : pinned === i));
    setText(
      this.hint,
      this.unreadableStep != null
        ? `The x-ray of step ${whole(this.unreadableStep)} came, but its pictures cannot be read here.`
        : !picked
          ? "Click to pin."
          : picked.length < CORNERS
            ? `Choose three pictures: ${picked.length} of ${CORNERS}.`
            : "Choose again for another slice.",
    );
  }

  /** The theme changed. */
  restyle() {
    this.draw();
    this.slice.draw();
  }

  draw() {
    if (!this.snapshot || !this.width) return;
    const {snapshot} = this;
    this.legend.draw(snapshot);
    setText(this.step, `step ${whole(snapshot.step)}`);
    this.element.style.setProperty("--tile", `${this.grid.draw(snapshot, this.sheet, this.width)}px`);
    this.pin.draw(snapshot, this.sheet, this.pinned, this.scoresByStep, this.width);
  }
}
