// A sheet of samples, drawn tile by tile with hard pixels: enlarged by a whole number first, then brought to size, so that all pixels look alike.

import {css} from "./cividis.js";
import {palette} from "./theme.js";

export const GAP = 1;
const BAR = 2.5, TICK = 1;     // native pixels between the tiles of a sheet; the height of a bar in CSS pixels, and of its end the width
let large = null;                       // the enlarged tile

/** A picture that came with its answer. */
export const decoded = async (uri) => createImageBitmap(await (await fetch(uri)).blob());

export const ratio = () => Math.min(devicePixelRatio || 1, 3);

/** The `size` pixels from `x`, `y` of `sheet`, at `left`, `top` of `g` and `side` wide. */
export function enlarge(g, sheet, x, y, size, left, top, side) {
  const full = size * Math.max(1, Math.ceil(side / size));
  large ??= document.createElement("canvas");
  if (large.width !== full) large.width = large.height = full;
  const l = large.getContext("2d");
  l.imageSmoothingEnabled = false;
  l.drawImage(sheet, x, y, size, size, 0, 0, full, full);
  g.imageSmoothingQuality = "high";
  g.drawImage(large, left, top, side, side);
}

/** Draw `sheet`, tiles of `size` pixels in `columns`, on a canvas `width` CSS pixels wide; `room` pixels lie between tiles. `bars`, a share of
 *  a tile's width for each, lie beneath them. */
export function tiles(canvas, sheet, size, columns, width, room, bars = null) {
  const rows = Math.round((sheet.height + GAP) / (size + GAP)), dense = ratio(), tile = bars ? width / columns - room : (width - room * (columns - 1)) / columns;
  const along = (width - tile) / (columns - 1), down = tile + room, side = Math.round(tile * dense), high = Math.round(BAR * dense);
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round((rows * down - (bars ? 0 : room)) * dense);
  const g = canvas.getContext("2d");
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns, row = Math.floor(i / columns), x = Math.round(column * along * dense), y = Math.round(row * down * dense);
    enlarge(g, sheet, column * (size + GAP), row * (size + GAP), size, x, y, side);
    if (!bars) continue;
    const end = Math.max(1, Math.round(side * bars[i])), thin = Math.max(1, Math.round(TICK * dense));
    g.fillStyle = palette.rule2;
    g.fillRect(x, y + side + high, side, high);
    g.fillStyle = css(bars[i]);
    g.fillRect(x, y + side + high, end, high);
    g.fillStyle = palette.ink2;                         // where it ends is seen on any ground: dark blue on black, yellow on white are not
    g.fillRect(x + Math.max(0, end - thin), y + side + high - thin, thin, high + 2 * thin);
  }
}
