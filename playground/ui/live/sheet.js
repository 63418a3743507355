// The pictures of an x-ray: what they are called, in which order they stand, and all of them as one canvas.

import {RAMP} from "./cividis.js";
import {short} from "./format.js";

export const CALLED = {real: "real", held: "held-out", fake: "fake", noise: "noise"};
export const FIRST = 12;                // tiles of the first line when all kinds stand together
const LINES = [["real", "held"], ["fake", "noise"]];

/** "held-out 3"; of noise there is one. */
export const named = ({of, index}) => (of === "noise" ? "noise" : `${CALLED[of]} ${index + 1}`);

export const measured = ({unit}) => (unit === "energy" ? "energy" : "score");

/** "held-out 3, energy 0.012". */
export const inWords = (look, i) => `${named(look.tiles[i])}, ${measured(look)} ${short(look.tiles[i].score)}`;

/** What a score is called in formulas. */
export const letter = ({unit, rising}) => (unit === "energy" ? "U" : rising ? "L" : "D");

/** What its rows show. */
export const rows = ({decoder}) => (decoder ? ["x", "D(x)", "|x − D(x)|"] : ["x", "|∂D/∂x|"]);

/** Two lines of groups, {of, tiles: which}; `of` is null where all kinds stand together. `sort`: "given", or from what D likes best to what it likes least "within" groups or over "all". */
export function arranged({tiles, rising}, sort) {
  const all = tiles.map((_, i) => i), by = (a, b) => (rising ? 1 : -1) * (tiles[a].score - tiles[b].score);
  if (sort === "all") {
    const sorted = all.sort(by);
    return [[{of: null, tiles: sorted.slice(0, FIRST)}], [{of: null, tiles: sorted.slice(FIRST)}]];
  }
  return LINES.map((kinds) => kinds.map((of) => {
    const own = all.filter((i) => tiles[i].of === of);
    return {of, tiles: sort === "within" ? own.sort(by) : own};
  }));
}

/** {canvas, size, rows}: a column for each of the look's tiles; the last row, which is grey as it comes, in cividis. */
export async function sheet(look) {
  const {size, tiles, arrays} = look, image = await createImageBitmap(new Blob([arrays.sheet], {type: "image/webp"})), n = rows(look).length, canvas = document.createElement("canvas");
  Object.assign(canvas, {width: size * tiles.length, height: size * n});
  const g = canvas.getContext("2d", {willReadFrequently: true});
  g.drawImage(image, 0, 0);
  image.close();
  const map = g.getImageData(0, size * (n - 1), canvas.width, size), {data} = map;
  for (let i = 0; i < data.length; i += 4) data.set(RAMP.subarray(4 * data[i], 4 * data[i] + 4), i);
  g.putImageData(map, 0, size * (n - 1));
  return {canvas, size, rows: n};
}
