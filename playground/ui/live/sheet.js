// The pictures of an x-ray as one canvas, column by column and row by row, what the server sends in grey in colours of its own.

import {RAMP} from "./cividis.js";

/** {canvas, size, rows}: a column for each of the look's tiles; the last row is the map. */
export async function sheet({size, decoder, tiles, arrays}) {
  const image = await createImageBitmap(new Blob([arrays.sheet], {type: "image/webp"})), rows = decoder ? 3 : 2, canvas = document.createElement("canvas");
  Object.assign(canvas, {width: size * tiles.length, height: size * rows});
  const g = canvas.getContext("2d", {willReadFrequently: true});
  g.drawImage(image, 0, 0);
  const map = g.getImageData(0, size * (rows - 1), canvas.width, size), {data} = map;
  for (let i = 0; i < data.length; i += 4) data.set(RAMP.subarray(4 * data[i], 4 * data[i] + 4), i);
  g.putImageData(map, 0, size * (rows - 1));
  return {canvas, size, rows};
}
