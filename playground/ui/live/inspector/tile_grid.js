// The pictures of the X-ray as buttons in order, each with its score; arrow keys move between them.

import {h, pixelRatio, replace, setText, symbol} from "../core/dom.js";
import {short} from "../core/format.js";
import {drawEnlarged} from "../canvas/image_grid.js";
import {segments} from "../controls/segments.js";
import {arrangeTiles, KIND_TITLES, FIRST_LINE, describeTile, scoreSymbol, rowNames} from "./inspector_sheet.js";

const LEFT = 68;
const ROOM = 5;
const APART = 16;
const MOST = 64;
const NARROW = 440;
const PHONE = 48; // px
const SORTS = [
  ["given", "Unsorted"],
  ["within", "In groups"],
  ["all", "Over all"],
];

export class TileGrid {
  /** @param {(i: number) => void} chosen a person pressed one */
  constructor(chosen) {
    this.chosen = chosen;
    this.cells = [];
    this.snapshot = null;
    this.sort = "given";
    this.order = h("div", {class: "seg", role: "radiogroup", "aria-label": "Order of the pictures"});
    this.element = h("div", {
      class: "lines",
      role: "group",
      "aria-label": "Pictures",
      onkeydown: (event) => this.key(event),
    });
    for (const type of ["pointerleave", "focusout"])
      this.element.addEventListener(type, () => requestAnimationFrame(() => this.rearrange()));
  }

  get empty() {
    return !this.cells.length;
  }

  clear() {
    this.cells = [];
    this.snapshot = null;
  }

  /** Creates a button for each picture of a snapshot. */
  build(snapshot) {
    this.cells = snapshot.tiles.map(({of}, i) => {
      const canvas = h("canvas", {"aria-hidden": "true"});
      const value = h("span");
      const under = h("span", {class: "value"}, h("span", {class: `dot ${of}`}), value);
      const button = h(
        "button",
        {
          type: "button",
          class: "cell",
          tabindex: i ? -1 : 0,
          onclick: () => this.chosen(i),
          onfocus: () => this.setTabStop(i),
        },
        canvas,
        under,
      );
      return {canvas, value, button};
    });
    this.placed = null;
  }

  /** Puts the pictures in the order of `snapshot`. */
  arrange(snapshot) {
    this.snapshot = snapshot;
    this.rearrange();
  }

  /** Reorders the pictures; unless forced, not while the pointer or the focus is on them. */
  rearrange(force = false) {
    if (!this.snapshot || (!force && this.placed && this.element.matches(":hover, :focus-within"))) return;
    segments(this.order, SORTS, this.sort, (sort) => {
      this.sort = sort;
      this.rearrange(true);
    });
    const {snapshot} = this;
    const lines = arrangeTiles(snapshot, this.sort);
    const placed = JSON.stringify(lines);
    const first = snapshot.rising ? "lowest first" : "highest first";
    if (placed === this.placed) return;
    this.placed = placed;
    const rowLabels = () =>
      h(
        "div",
        {class: "names", "aria-hidden": "true"},
        ...rowNames(snapshot).map((name) => h("span", {}, symbol(name))),
        h("span", {class: "value"}, symbol(scoreSymbol(snapshot))),
      );
    replace(
      this.element,
      ...lines.map((groups, line) =>
        h(
          "div",
          {class: "abreast"},
          rowLabels(),
          ...groups.map(({of, tiles}) =>
            h(
              "div",
              {class: of ? "kind" : "kind mixed"},
              h("p", {class: "note"}, of && h("span", {class: `dot ${of}`}), of ? KIND_TITLES[of] : !line && first),
              h("div", {class: "cells"}, ...tiles.map((i) => this.cells[i].button)),
            ),
          ),
        ),
      ),
    );
    this.shown = lines.map((groups) => groups.flatMap(({tiles}) => tiles));
  }

  /** The one tile that Tab goes to. */
  setTabStop(i) {
    this.cells.forEach(({button}, j) => button.setAttribute("tabindex", i === j ? 0 : -1));
  }

  focus(i) {
    this.cells[i].button.focus({preventScroll: true});
  }

  /** Say which are chosen. */
  setPressed(isChosen) {
    this.cells.forEach(({button}, i) => button.setAttribute("aria-pressed", String(isChosen(i))));
  }

  key(event) {
    const i = this.cells.findIndex(({button}) => button === document.activeElement);
    const flat = this.shown.flat();
    const at = flat.indexOf(i);
    const line = this.shown.findIndex((tiles) => tiles.includes(i));
    const beyond = (other) => other?.[Math.min(other.length - 1, this.shown[line].indexOf(i))];
    const to = {
      ArrowLeft: () => flat[at - 1],
      ArrowRight: () => flat[at + 1],
      ArrowUp: () => beyond(this.shown[line - 1]),
      ArrowDown: () => beyond(this.shown[line + 1]),
      Home: () => flat[0],
      End: () => flat.at(-1),
    }[event.key];
    if (i < 0 || !to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.cells[to()]?.button.focus();
  }

  /**
   * Draw each from the `sheet` of the look, as wide as they stand in `width`.
   * @returns {number} px of a side
   */
  draw(snapshot, {canvas: sheet, size, rows: n}, width) {
    const tile =
      width < NARROW
        ? PHONE
        : Math.min(MOST, Math.floor((width - LEFT - APART - ROOM * (FIRST_LINE - 2)) / FIRST_LINE));
    const ratio = pixelRatio();
    this.cells.forEach(({canvas, value, button}, i) => {
      const side = Math.round(tile * ratio);
      const step = Math.round((tile + 2) * ratio);
      canvas.width = side;
      canvas.height = side + (n - 1) * step;
      for (let row = 0; row < n; row++)
        drawEnlarged(canvas.getContext("2d"), sheet, i * size, row * size, size, 0, row * step, side);
      setText(value, short(snapshot.tiles[i].score, 2));
      button.setAttribute("aria-label", describeTile(snapshot, i));
    });
    return tile;
  }
}
