// What D makes of single pictures, beneath the samples: each picture, what D redraws of it, what it cannot, and what that costs.

import {h, replace, say, symbol, uid} from "./dom.js";
import {short} from "./format.js";
import {Legend} from "./legend.js";
import {sheet} from "./sheet.js";
import {enlarge, ratio} from "./tiles.js";

export const CALLED = {real: "real", held: "held-out", fake: "fake", noise: "noise"};
const LINES = [["real", "held"], ["fake", "noise"]], FIRST = 12, LEFT = 58, ROOM = 5, APART = 16, MOST = 64, PHONE = 48;      // FIRST: tiles in the first line; the rest in px

export class XRay {
  constructor(api) {
    this.api = api;
    const id = uid("xray");
    this.title = h("h2", {id});
    this.legend = new Legend();
    this.box = h("div", {class: "lines"});
    this.element = h("section", {class: "xray", "aria-labelledby": id, hidden: true}, h("div", {class: "cap"}, this.title, this.legend.element), this.box);
    this.cells = [];
    new ResizeObserver(([{contentRect: {width}}]) => {
      this.width = width;
      this.draw();
    }).observe(this.box);
  }

  /** Another run, or this one anew. */
  begin(run) {
    this.run = run;
    this.look = this.wanted = null;
    this.element.hidden = true;
  }

  /** Another look at D; one at points is not for here. */
  async see(look) {
    if (look.kind !== "images") return;
    this.wanted = look;
    const found = await sheet(look).catch(() => null);
    if (!found || this.wanted !== look) return;
    Object.assign(this, {look, sheet: found});
    if (this.cells.length !== look.tiles.length || this.decoder !== look.decoder) this.build();
    this.element.hidden = false;
    this.draw();
  }

  build() {
    const {look} = this, D = () => h("i", {}, "D");
    this.decoder = look.decoder;
    replace(this.title, "X-ray: what ", ...(look.decoder ? [D(), " cannot redraw"] : ["would change ", D(), "’s mind"]));
    this.cells = look.tiles.map(() => {
      const canvas = h("canvas", {"aria-hidden": "true"}), value = h("span", {class: "value"});
      return {canvas, value, button: h("button", {type: "button", class: "cell"}, canvas, value)};
    });
    const sides = () => h("div", {class: "rows", "aria-hidden": "true"}, ...(look.decoder ? ["x", "D(x)", "|x − D(x)|"] : ["x", "|∂D/∂x|"]).map((name) => h("span", {}, symbol(name))), h("span", {class: "value"}, symbol(look.unit === "energy" ? "U" : "D")));
    replace(this.box, ...LINES.map((kinds) => h("div", {class: "line"}, sides(), ...kinds.map((of) => h("div", {class: "kind"}, h("p", {class: "note"}, h("span", {class: `dot ${of}`}), CALLED[of]),
      h("div", {class: "cells"}, ...this.cells.filter((_, i) => look.tiles[i].of === of).map(({button}) => button)))))));
  }

  /** The theme changed. */
  dress() {
    this.draw();
  }

  draw() {
    if (!this.look || !this.width) return;
    const {look, sheet: {canvas: from, size, rows}} = this, phone = this.width < 440, tile = phone ? PHONE : Math.min(MOST, Math.floor((this.width - LEFT - APART - ROOM * (FIRST - 2)) / FIRST)), dense = ratio();
    this.element.style.setProperty("--tile", `${tile}px`);
    this.legend.draw(look.most, look.decoder);
    look.tiles.forEach(({of, index, score}, i) => {
      const {canvas, value, button} = this.cells[i], side = Math.round(tile * dense), step = Math.round((tile + 2) * dense);
      canvas.width = side;
      canvas.height = side + (rows - 1) * step;
      for (let row = 0; row < rows; row++) enlarge(canvas.getContext("2d"), from, i * size, row * size, size, 0, row * step, side);
      say(value, short(score, 2));
      button.setAttribute("aria-label", `${CALLED[of]} ${index + 1}, ${look.unit} ${short(score)}`);
    });
  }
}
