// A model's picture: samples of fixed latents, as many as fit; points in the theme's colours.

import {h} from "../core/dom.js";
import {planeFrame, drawPlane} from "../canvas/plane_canvas.js";
import {palette} from "../core/theme.js";
import {drawTiles} from "../canvas/image_grid.js";

const COLUMNS = 8;
const ROOM = 3;
const MIN_TILE = 40; // of the server's sheet; px between tiles; px of the smallest tile that still shows something
const ALPHA_FACTOR = 1.4; // real points are as pale as suits a white page

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Recolours a picture of points: warm colours become the colour of fakes, others that of real points. */
function recoloured(image) {
  const canvas = document.createElement("canvas");
  const g = Object.assign(canvas, {width: image.width, height: image.height}).getContext("2d");
  const [real, fake] = [rgb(palette.real), rgb(palette.fake)];
  g.drawImage(image, 0, 0);
  const picture = g.getImageData(0, 0, image.width, image.height);
  const {data} = picture;
  for (let i = 0; i < data.length; i += 4) {
    const warm = data[i] > data[i + 2];
    data.set(warm ? fake : real, i);
    if (!warm) data[i + 3] *= ALPHA_FACTOR;
  }
  g.putImageData(picture, 0, 0);
  return canvas;
}

export class ModelPicture {
  /** @param {number} maxColumns */
  constructor(maxColumns = COLUMNS) {
    this.maxColumns = maxColumns;
    this.canvas = h("canvas", {"aria-hidden": "true"});
    this.element = h("div", {class: "pane"}, this.canvas);
  }

  /** Loads a card's picture, once. */
  async load(card) {
    const {grid, dims} = card;
    if (this.loadedUrl === grid) return this.paint();
    this.loadedUrl = grid; // it names the file
    const answer = await fetch(grid).catch(() => null);
    const image = answer?.ok ? await createImageBitmap(await answer.blob()).catch(() => null) : null;
    if (this.loadedUrl !== grid) return null;
    if (!image) return (this.loadedUrl = null);
    this.repaint = dims.length === 1 ? () => this.points(image) : () => this.samples(image, dims[1]);
    return this.paint();
  }

  /** Paints the picture in the present width and theme. */
  paint() {
    this.side = this.element.clientWidth;
    if (this.side) this.repaint?.();
  }

  points(image) {
    drawPlane(this.canvas, this.side, {real: null, fake: null});
    const g = this.canvas.getContext("2d");
    const {pad, span} = planeFrame(this.side);
    g.imageSmoothingQuality = "high";
    g.drawImage(recoloured(image), pad, 0, span, span);
  }

  samples(sheet, size) {
    const columns = Math.max(
      2,
      Math.min(this.maxColumns, Math.floor((this.side + ROOM) / (Math.max(MIN_TILE, size) + ROOM))),
    );
    const edge = columns * (size + 1) - 1;
    const part = document.createElement("canvas");
    Object.assign(part, {width: edge, height: edge}).getContext("2d").drawImage(sheet, 0, 0);
    drawTiles(this.canvas, part, size, columns, this.side, ROOM);
  }
}
