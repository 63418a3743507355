// Pictures of a stage: real samples, G(z), and how far each pixel moved.

import {h, replace, setText, symbol} from "../core/dom.js";
import {short} from "../core/format.js";
import {palette} from "../core/theme.js";
import {decodeImage, drawTiles} from "../canvas/image_grid.js";

const COLUMNS = 4;
const WIDE = 260;
const ROOM = 4; // of a sheet; px

/** Bright pixels become ink of `colour`, dark ones nothing. */
function tint(canvas, colour) {
  const g = canvas.getContext("2d");
  const map = g.getImageData(0, 0, canvas.width, canvas.height);
  const {data} = map;
  for (let i = 0; i < data.length; i += 4) data[i + 3] = data[i + 3] ? data[i] : 0;
  g.putImageData(map, 0, 0);
  Object.assign(g, {globalCompositeOperation: "source-in", fillStyle: colour});
  g.fillRect(0, 0, canvas.width, canvas.height);
}

export class StepBatch {
  constructor() {
    this.rows = Object.fromEntries(
      ["real", "fake", "moved"].map((of) => [of, {canvas: h("canvas", {role: "img"}), words: h("p", {class: "note"})}]),
    );
    this.element = h(
      "figure",
      {class: "batch", hidden: true},
      ...Object.entries(this.rows).map(([of, {canvas, words}]) => h("div", {class: of}, words, canvas)),
    );
    const {real, fake} = this.rows;
    replace(real.words, h("span", {class: "dot real"}), "real ", symbol("x"));
    replace(fake.words, h("span", {class: "dot fake"}), symbol("G(z)"), ", the same ", symbol("z"), " all the way");
  }

  /** @param {any[]} stages of a step */
  async begin(stages) {
    const {pictures} = stages[0];
    this.element.hidden = !pictures;
    this.size = pictures?.size;
    this.sheets = new Map();
    this.stage = null;
    if (!pictures) return;
    const {sheets} = this;
    const uris = new Set(
      stages.map((stage) => stage.pictures ?? {}).flatMap(({real, fake, moved}) => [real, fake, moved].filter(Boolean)),
    );
    await Promise.all([...uris].map(async (uri) => sheets.set(uri, await decodeImage(uri))));
    this.real = pictures.real;
    if (this.stage && this.sheets === sheets) this.draw(this.stage);
  }

  /** `seen`: the newest pictures up to this stage; only the stage that brings them says what moved. */
  draw(stage) {
    this.stage = stage;
    if (!stage.seen || !this.sheets.size) return;
    const {
      id,
      seen: {fake, moved, most},
    } = stage;
    const hasMoved = id === "move:G" && moved;
    this.show("real", hasMoved ? null : this.real, "some of the batch");
    this.show("fake", fake, "what G makes of the same z");
    this.show("moved", hasMoved, "how far each pixel went");
    if (!hasMoved) return;
    tint(this.rows.moved.canvas, palette.fake);
    setText(
      this.rows.moved.words,
      `How far G’s move took them: full ink is ${short(50 * most, 2)}% of black to white.`,
    );
  }

  show(of, uri, label) {
    const {canvas} = this.rows[of];
    canvas.parentElement.hidden = !uri;
    if (!uri) return;
    drawTiles(canvas, this.sheets.get(uri), this.size, COLUMNS, WIDE, ROOM);
    canvas.setAttribute("aria-label", label);
  }
}
