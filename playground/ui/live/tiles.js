// A sheet of samples, drawn tile by tile with hard pixels: enlarged by a whole number first, then brought to size, so that all pixels look alike.

const GAP = 1;                          // native pixels between the tiles of a sheet
let large = null;                       // the enlarged tile

/** Draw `sheet`, tiles of `size` pixels in `columns`, on a canvas `width` CSS pixels wide; `room` pixels lie between tiles. */
export function tiles(canvas, sheet, size, columns, width, room) {
  const rows = Math.round((sheet.height + GAP) / (size + GAP)), ratio = Math.min(devicePixelRatio || 1, 3);
  const tile = (width - room * (columns - 1)) / columns, times = Math.max(1, Math.ceil(tile * ratio / size));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((rows * (tile + room) - room) * ratio);
  const g = canvas.getContext("2d");
  large ??= document.createElement("canvas");
  large.width = large.height = size * times;
  const l = large.getContext("2d");
  l.imageSmoothingEnabled = false;
  g.imageSmoothingQuality = "high";
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns, row = Math.floor(i / columns);
    l.drawImage(sheet, column * (size + GAP), row * (size + GAP), size, size, 0, 0, large.width, large.height);
    const x = Math.round(column * (tile + room) * ratio), y = Math.round(row * (tile + room) * ratio), side = Math.round(tile * ratio);
    g.drawImage(large, x, y, side, side);
  }
}
