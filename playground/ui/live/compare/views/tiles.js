// Single samples out of a sheet of 64, and rows of them.

import {drawEnlarged, GAP, rowsOf} from "../../canvas/image_grid.js";
import {pixelRatio} from "../../core/dom.js";
import {palette} from "../../core/theme.js";

export const COLUMNS = 8;

/** The row of a sheet that the sample of latent `z` is in: where sheets are shorter, the last. */
export const rowOf = (z, sheet, size) => Math.min(Math.floor(z / COLUMNS), rowsOf(sheet, size) - 1);

/** Prepares a canvas of `width` by `height` CSS pixels. */
export function prepare(canvas, width, height) {
  const ratio = pixelRatio();
  const [w, t] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== t) Object.assign(canvas, {width: w, height: t});
  const g = canvas.getContext("2d");
  g.setTransform(1, 0, 0, 1, 0, 0);
  g.clearRect(0, 0, w, t);
  return {g, ratio};
}

/** The side of a tile, of so many beside each other in `width` CSS pixels. */
export const tileSide = (width, gap, across) => (width - gap * (across - 1)) / across;

/** The height of eight tiles, so many of them beside each other. */
export const tilesHeight = (width, gap, across) => (COLUMNS / across) * (tileSide(width, gap, across) + gap) - gap;

/**
 * Draws the eight samples of one row of a sheet, so many beside each other, `width` CSS pixels wide; empty places
 * without a sheet.
 */
export function drawRow(canvas, sheet, size, z, width, gap, across = COLUMNS) {
  const side = tileSide(width, gap, across);
  const {g, ratio} = prepare(canvas, width, tilesHeight(width, gap, across));
  const px = Math.round(side * ratio);
  for (let i = 0; i < COLUMNS; i++) {
    const x = Math.round((i % across) * (side + gap) * ratio);
    const y = Math.round(Math.floor(i / across) * (side + gap) * ratio);
    if (sheet) {
      drawEnlarged(g, sheet, i * (size + GAP), rowOf(z, sheet, size) * (size + GAP), size, x, y, px);
      continue;
    }
    g.fillStyle = palette.sunk;
    g.fillRect(x, y, px, px);
  }
}

/** Draws the sample of one latent, `side` CSS pixels wide. */
export function drawTile(canvas, sheet, size, z, side) {
  const {g, ratio} = prepare(canvas, side, side);
  const row = rowOf(z, sheet, size);
  drawEnlarged(g, sheet, (z % COLUMNS) * (size + GAP), row * (size + GAP), size, 0, 0, Math.round(side * ratio));
}
