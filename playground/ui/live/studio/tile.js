// One sample of a sheet, on a canvas of its own or among others.

import {enlarge, ratio} from "../tiles.js";

/** The `i`-th of an answer's sheet at `left`, `top` of `g`, device pixels all. */
export function stamp(g, {sheet, size, columns, gap}, i, left, top, side) {
  enlarge(g, sheet, i % columns * (size + gap), Math.floor(i / columns) * (size + gap), size, left, top, side);
}

/** Alone on `canvas`, `side` CSS pixels wide. */
export function tile(canvas, made, i, side) {
  const full = Math.round(side * ratio());
  canvas.width = canvas.height = full;
  stamp(canvas.getContext("2d"), made, i, 0, 0, full);
}
