// One sample of a sheet, on a canvas of its own or among others.

import {pixelRatio} from "../../core/dom.js";
import {drawEnlarged} from "../../canvas/image_grid.js";

/** The `i`-th of an answer's sheet at `left`, `top` of `g`, device pixels all. */
export function drawSample(g, {sheet, size, columns, gap}, i, left, top, side) {
  drawEnlarged(g, sheet, (i % columns) * (size + gap), Math.floor(i / columns) * (size + gap), size, left, top, side);
}

/** Alone on `canvas`, `side` CSS pixels wide. */
export function drawSampleTile(canvas, answer, i, side) {
  const full = Math.round(side * pixelRatio());
  canvas.width = canvas.height = full;
  drawSample(canvas.getContext("2d"), answer, i, 0, 0, full);
}
