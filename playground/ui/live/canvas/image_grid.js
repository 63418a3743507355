// A sheet of samples, drawn tile by tile with hard pixels: enlarged by a whole number first, then brought to size, so
// that all pixels look alike.

import {css} from "./cividis.js";
import {pixelRatio} from "../core/dom.js";
import {palette} from "../core/theme.js";

export const GAP = 1;
const BAR_HEIGHT = 2.5;
// native pixels between the tiles of a sheet; the height of a bar in CSS pixels, and of its end the width
const TICK_WIDTH = 1;
let scratch = null; // the enlarged tile

/** How many rows of tiles of `size` pixels a sheet has. */
export const rowsOf = (sheet, size) => Math.round((sheet.height + GAP) / (size + GAP));

/** Decodes a picture in a data: address. */
export const decodeImage = async (uri) => createImageBitmap(await (await fetch(uri)).blob());

/** The `size` pixels from `x`, `y` of `sheet`, at `left`, `top` of `g` and `side` wide. */
export function drawEnlarged(g, sheet, x, y, size, left, top, side) {
  const full = size * Math.max(1, Math.ceil(side / size));
  scratch ??= document.createElement("canvas");
  if (scratch.width !== full) scratch.width = scratch.height = full;
  const context = scratch.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet, x, y, size, size, 0, 0, full, full);
  g.imageSmoothingQuality = "high";
  g.drawImage(scratch, left, top, side, side);
}

/**
 * Draws `sheet`, tiles of `size` pixels in `columns`, on a canvas `width` CSS pixels wide.
 * @param {HTMLCanvasElement} canvas
 * @param {any} sheet
 * @param {number} size
 * @param {number} columns
 * @param {number} width
 * @param {number} gap pixels between tiles
 * @param {number[] | null} bars a bar beneath each tile, as a share of its width
 */
export function drawTiles(canvas, sheet, size, columns, width, gap, bars = null) {
  const rows = rowsOf(sheet, size);
  const ratio = pixelRatio();
  const tile = bars ? width / columns - gap : (width - gap * (columns - 1)) / columns;
  const columnPitch = (width - tile) / (columns - 1);
  const rowPitch = tile + gap;
  const side = Math.round(tile * ratio);
  const barHeight = Math.round(BAR_HEIGHT * ratio);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((rows * rowPitch - (bars ? 0 : gap)) * ratio);
  const g = canvas.getContext("2d");
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const x = Math.round(column * columnPitch * ratio);
    const y = Math.round(row * rowPitch * ratio);
    drawEnlarged(g, sheet, column * (size + GAP), row * (size + GAP), size, x, y, side);
    if (!bars) continue;
    const end = Math.max(1, Math.round(side * bars[i]));
    const tickWidth = Math.max(1, Math.round(TICK_WIDTH * ratio));
    g.fillStyle = palette.rule2;
    g.fillRect(x, y + side + barHeight, side, barHeight);
    g.fillStyle = css(bars[i]);
    g.fillRect(x, y + side + barHeight, end, barHeight);
    g.fillStyle = palette.ink2; // where it ends is seen on any ground: dark blue on black, yellow on white are not
    g.fillRect(
      x + Math.max(0, end - tickWidth),
      y + side + barHeight - tickWidth,
      tickWidth,
      barHeight + 2 * tickWidth,
    );
  }
}
