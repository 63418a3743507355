// The pictures beside a stage: some real ones of the batch, what G makes of z, and how far G's move took those.

import {h, replace, say, symbol} from "./dom.js";
import {short} from "./format.js";
import {palette} from "./theme.js";
import {decoded, tiles} from "./tiles.js";

const COLUMNS = 4, WIDE = 260, ROOM = 4;        // of a sheet; px

/** Bright pixels become ink of `colour`, dark ones nothing. */
function inked(canvas, colour) {
  const g = canvas.getContext("2d"), map = g.getImageData(0, 0, canvas.width, canvas.height), {data} = map;
  for (let i = 0; i < data.length; i += 4) data[i + 3] = data[i + 3] ? data[i] : 0;
  g.putImageData(map, 0, 0);
  Object.assign(g, {globalCompositeOperation: "source-in", fillStyle: colour});
  g.fillRect(0, 0, canvas.width, canvas.height);
}

export class Batch {
  constructor() {
    this.rows = Object.fromEntries(["real", "fake", "moved"].map((of) => [of, {canvas: h("canvas", {role: "img"}), words: h("p", {class: "note"})}]));
    this.element = h("figure", {class: "batch", hidden: true}, ...Object.entries(this.rows).map(([of, {canvas, words}]) => h("div", {class: of}, words, canvas)));
    const {real, fake} = this.rows;
    replace(real.words, h("span", {class: "dot real"}), "real ", symbol("x"));
    replace(fake.words, h("span", {class: "dot fake"}), symbol("G(z)"), ", the same ", symbol("z"), " all the way");
  }

  async begin(stages) {
    const {pictures} = stages[0];
    this.element.hidden = !pictures;
    Object.assign(this, {size: pictures?.size, sheets: new Map(), stage: null});
    if (!pictures) return;
    const {sheets} = this, uris = [...new Set(stages.flatMap(({pictures: {real, fake, moved} = {}}) => [real, fake, moved].filter(Boolean)))];
    await Promise.all(uris.map(async (uri) => sheets.set(uri, await decoded(uri))));
    this.real = pictures.real;
    if (this.stage && this.sheets === sheets) this.draw(this.stage);
  }

  /** `seen`: the newest pictures up to this stage; only the stage that brings them says what moved. */
  draw(stage) {
    this.stage = stage;
    if (!stage.seen || !this.sheets.size) return;
    const {id, seen: {fake, moved, most}} = stage, goes = id === "move:G" && moved;
    this.show("real", goes ? null : this.real, "some of the batch");
    this.show("fake", fake, "what G makes of the same z");
    this.show("moved", goes, "how far each pixel went");
    if (!goes) return;
    inked(this.rows.moved.canvas, palette.fake);
    say(this.rows.moved.words, `How far G’s move took them: full ink is ${short(50 * most, 2)}% of black to white.`);
  }

  show(of, uri, label) {
    const {canvas} = this.rows[of];
    canvas.parentElement.hidden = !uri;
    if (!uri) return;
    tiles(canvas, this.sheets.get(uri), this.size, COLUMNS, WIDE, ROOM);
    canvas.setAttribute("aria-label", label);
  }
}
