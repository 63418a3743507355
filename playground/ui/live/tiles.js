// A sheet of samples, drawn tile by tile with hard pixels: enlarged by a whole number first, then brought to size, so that all pixels look alike.

const GAP = 1;                          // native pixels between the tiles of a sheet
let large = null;                       // the enlarged tile

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

/** Draw `sheet`, tiles of `size` pixels in `columns`, on a canvas `width` CSS pixels wide; `room` pixels lie between tiles. */
export function tiles(canvas, sheet, size, columns, width, room) {
  const rows = Math.round((sheet.height + GAP) / (size + GAP)), dense = ratio(), tile = (width - room * (columns - 1)) / columns;
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round((rows * (tile + room) - room) * dense);
  const g = canvas.getContext("2d");
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns, row = Math.floor(i / columns), at = (n) => Math.round(n * (tile + room) * dense);
    enlarge(g, sheet, column * (size + GAP), row * (size + GAP), size, at(column), at(row), Math.round(tile * dense));
  }
}
