// What D makes of single pictures, beneath the samples: each picture, what D redraws of it, what it cannot, and what that costs.

import {h, replace, say, symbol, uid} from "./dom.js";
import {short, whole} from "./format.js";
import {Legend} from "./legend.js";
import {Pinned} from "./pinned.js";
import {segments} from "./segments.js";
import {arranged, CALLED, FIRST, inWords, letter, measured, rows, sheet} from "./sheet.js";
import {Slice} from "./slice.js";
import {enlarge, ratio} from "./tiles.js";

const LEFT = 68, ROOM = 5, APART = 16, MOST = 64, NARROW = 440, PHONE = 48, KEPT = 400;        // px, but for KEPT, of the steps whose scores are remembered
const SORTS = [["given", "as they come"], ["within", "in groups"], ["all", "over all"]], THREE = 3;

export class XRay {
  constructor(api) {
    const id = uid("xray");
    Object.assign(this, {cells: [], past: new Map(), sort: "given", pinned: null, picked: null, held: null});
    this.title = h("h2", {id}, "X-ray");
    this.legend = new Legend();
    this.order = h("div", {class: "seg", role: "radiogroup", "aria-label": "Order of the pictures"});
    this.by = h("span", {class: "note"});
    this.slicing = h("button", {type: "button", class: "ghost", "aria-pressed": "false", onclick: () => this.picks(this.picked ? null : [])}, "Slice through three");
    this.hint = h("p", {role: "status"});
    this.step = h("span", {"data-testid": "xray-step"});
    this.pin = new Pinned(() => this.unpin());
    this.slice = new Slice(api);
    this.box = h("div", {class: "lines", role: "group", "aria-label": "Pictures", onkeydown: (event) => this.key(event)});
    for (const leaves of ["pointerleave", "focusout"]) this.box.addEventListener(leaves, () => requestAnimationFrame(() => this.arrange()));
    this.element = h("section", {class: "xray", "aria-labelledby": id, hidden: true}, h("div", {class: "cap"}, this.title, this.legend.element),
      h("div", {class: "row orders"}, this.by, this.order, this.slicing), this.pin.element, this.box, h("div", {class: "note cap"}, this.hint, this.step), this.slice.element);
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = width;
      this.slice.fit(width);
      this.draw();
    }).observe(this.element);
  }

  /** Another run, or this one after it went back. */
  begin(run) {
    this.wanted = null;
    this.past.clear();
    if (this.run === run) return;
    Object.assign(this, {run, look: null, pinned: null, cells: [], held: null, unread: null});
    this.picks(null);
    this.element.hidden = true;
  }

  /** Another look at D; one at points is not for here. */
  async see(look) {
    if (look.kind !== "images") return;
    this.wanted = look;
    const found = await sheet(look).catch((error) => {
      if (!(error instanceof DOMException)) throw error;
      return null;
    });
    if (this.wanted !== look) return;
    this.element.hidden = false;
    this.unread = found ? null : look.step;
    if (!found) return this.press();
    Object.assign(this, {look, sheet: found});
    this.past.set(look.step, look.tiles.map(({score}) => score));
    if (this.past.size > KEPT) this.past.delete(this.past.keys().next().value);
    if (this.cells.length) this.press(); else this.build();
    this.arrange();
    this.draw();
  }

  /** Where the timeline stands, null at the end. */
  hold(step) {
    this.held = step;
    this.slice.hold(step);
  }

  build() {
    const {look} = this, D = h("i", {}, "D");
    replace(this.title, ...(look.decoder ? ["X-ray: what ", D, " cannot redraw"] : ["X-ray of ", D]));
    say(this.by, `By ${measured(look)}:`);
    this.cells = look.tiles.map(({of}, i) => {
      const canvas = h("canvas", {"aria-hidden": "true"}), value = h("span");
      return {canvas, value, button: h("button", {type: "button", class: "cell", tabindex: i ? -1 : 0, onclick: () => this.take(i), onfocus: () => this.stands(i)}, canvas, h("span", {class: "value"}, h("span", {class: `dot ${of}`}), value))};
    });
    this.placed = null;
    this.press();
  }

  /** Put the tiles in order; while a hand is on them they stay where they are, unless it is this that it `asked` for. */
  arrange(asked = false) {
    if (!this.look || !asked && this.placed && this.box.matches(":hover, :focus-within")) return;
    segments(this.order, SORTS, this.sort, (sort) => { this.sort = sort; this.arrange(true); });
    const {look} = this, lines = arranged(look, this.sort), placed = JSON.stringify(lines), first = look.rising ? "lowest first" : "highest first";
    if (placed === this.placed) return;
    this.placed = placed;
    const sides = () => h("div", {class: "names", "aria-hidden": "true"}, ...rows(look).map((name) => h("span", {}, symbol(name))), h("span", {class: "value"}, symbol(letter(look))));
    replace(this.box, ...lines.map((groups, line) => h("div", {class: "abreast"}, sides(), ...groups.map(({of, tiles}) => h("div", {class: of ? "kind" : "kind mixed"},
      h("p", {class: "note"}, of && h("span", {class: `dot ${of}`}), of ? CALLED[of] : !line && first), h("div", {class: "cells"}, ...tiles.map((i) => this.cells[i].button)))))));
    this.shown = lines.map((groups) => groups.flatMap(({tiles}) => tiles));
  }

  /** The one tile that Tab goes to. */
  stands(i) {
    this.cells.forEach(({button}, j) => button.setAttribute("tabindex", i === j ? 0 : -1));
  }

  key(event) {
    const i = this.cells.findIndex(({button}) => button === document.activeElement), flat = this.shown.flat(), at = flat.indexOf(i), line = this.shown.findIndex((tiles) => tiles.includes(i));
    const beyond = (other) => other?.[Math.min(other.length - 1, this.shown[line].indexOf(i))];
    const to = {ArrowLeft: () => flat[at - 1], ArrowRight: () => flat[at + 1], ArrowUp: () => beyond(this.shown[line - 1]), ArrowDown: () => beyond(this.shown[line + 1]), Home: () => flat[0], End: () => flat.at(-1)}[event.key];
    if (event.key === "Escape" && this.picked) this.picks(null);
    else if (event.key === "Escape" && this.pinned != null) this.unpin();
    if (i < 0 || !to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.cells[to()]?.button.focus();
  }

  /** A person chose a tile: for the slice, or to keep it in front. */
  take(i) {
    if (!this.picked) return this.keep(this.pinned === i ? null : i);
    const begun = this.picked.length === THREE ? [] : this.picked;
    this.picks(begun.includes(i) ? begun.filter((j) => j !== i) : [...begun, i]);
  }

  unpin() {
    this.cells[this.pinned].button.focus({preventScroll: true});        // what had the focus goes
    this.keep(null);
  }

  keep(i) {
    this.pinned = i;
    this.press();
    this.draw();
  }

  /** Tiles chosen for a slice so far, null when none is wanted. */
  picks(picked) {
    this.picked = picked;
    this.slicing.setAttribute("aria-pressed", String(Boolean(picked)));
    this.press();
    if (picked?.length === THREE) this.slice.ask(this.run, picked.map((i) => ({of: this.look.tiles[i].of, index: this.look.tiles[i].index})), this.held);
    else this.slice.clear();
  }

  /** Say which tiles are chosen, and what for. */
  press() {
    const {picked, pinned} = this;
    this.cells.forEach(({button}, i) => button.setAttribute("aria-pressed", String(picked ? picked.includes(i) : pinned === i)));
    say(this.hint, this.unread != null ? `The x-ray of step ${whole(this.unread)} came, but its pictures cannot be read here.` : !picked ? "Press a picture to keep it in front." : picked.length < THREE ? `Choose three pictures: ${picked.length} of ${THREE}.` : "Choose again for another slice.");
  }

  /** The theme changed. */
  dress() {
    this.draw();
    this.slice.draw();
  }

  draw() {
    if (!this.look || !this.width) return;
    const {look, sheet: {canvas: from, size, rows: n}} = this, tile = this.width < NARROW ? PHONE : Math.min(MOST, Math.floor((this.width - LEFT - APART - ROOM * (FIRST - 2)) / FIRST)), dense = ratio();
    this.element.style.setProperty("--tile", `${tile}px`);
    this.legend.draw(look);
    say(this.step, `step ${whole(look.step)}`);
    this.cells.forEach(({canvas, value, button}, i) => {
      const side = Math.round(tile * dense), step = Math.round((tile + 2) * dense);
      canvas.width = side;
      canvas.height = side + (n - 1) * step;
      for (let row = 0; row < n; row++) enlarge(canvas.getContext("2d"), from, i * size, row * size, size, 0, row * step, side);
      say(value, short(look.tiles[i].score, 2));
      button.setAttribute("aria-label", inWords(look, i));
    });
    this.pin.draw(look, this.sheet, this.pinned, this.past, this.width);
  }
}
