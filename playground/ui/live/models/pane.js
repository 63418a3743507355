// The picture of a model: samples of fixed latents with hard pixels, as many as stand well in its width; points in the colours of the theme.

import {h} from "../dom.js";
import {frame, plane} from "../plane.js";
import {palette} from "../theme.js";
import {tiles} from "../tiles.js";

const COLUMNS = 8, ROOM = 3, LEAST = 40;          // of the server's sheet; px between tiles; px of the smallest tile that still shows something
const BOLDER = 1.4;         // real points are as pale as suits a white page

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** A copy of a picture of points, what is warm in the fakes' colour and all else in that of real ones. */
function dyed(image) {
  const canvas = document.createElement("canvas"), g = Object.assign(canvas, {width: image.width, height: image.height}).getContext("2d"), [real, fake] = [rgb(palette.real), rgb(palette.fake)];
  g.drawImage(image, 0, 0);
  const picture = g.getImageData(0, 0, image.width, image.height), {data} = picture;
  for (let i = 0; i < data.length; i += 4) {
    const warm = data[i] > data[i + 2];
    data.set(warm ? fake : real, i);
    if (!warm) data[i + 3] *= BOLDER;
  }
  g.putImageData(picture, 0, 0);
  return canvas;
}

export class Pane {
  /** `most`: of how many columns at most. */
  constructor(most = COLUMNS) {
    this.most = most;
    this.canvas = h("canvas", {"aria-hidden": "true"});
    this.element = h("div", {class: "pane"}, this.canvas);
  }

  /** Fetch what `card` shows, once. */
  async look(card) {
    const {grid, dims} = card;
    if (this.at === grid) return this.paint();
    this.at = grid;                     // it names the file
    const answer = await fetch(grid).catch(() => null), image = answer?.ok ? await createImageBitmap(await answer.blob()).catch(() => null) : null;
    if (this.at !== grid) return null;
    if (!image) return (this.at = null);
    this.paints = dims.length === 1 ? () => this.points(image) : () => this.samples(image, dims[1]);
    return this.paint();
  }

  /** In its width, and in the colours of now. */
  paint() {
    this.side = this.element.clientWidth;
    if (this.side) this.paints?.();
  }

  points(image) {
    plane(this.canvas, this.side, {real: null, fake: null});
    const g = this.canvas.getContext("2d"), {pad, span} = frame(this.side);
    g.imageSmoothingQuality = "high";
    g.drawImage(dyed(image), pad, 0, span, span);
  }

  samples(sheet, size) {
    const columns = Math.max(2, Math.min(this.most, Math.floor((this.side + ROOM) / (Math.max(LEAST, size) + ROOM)))), edge = columns * (size + 1) - 1, part = document.createElement("canvas");
    Object.assign(part, {width: edge, height: edge}).getContext("2d").drawImage(sheet, 0, 0);
    tiles(this.canvas, part, size, columns, this.side, ROOM);
  }
}
