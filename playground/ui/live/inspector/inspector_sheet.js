// The pictures of an X-ray: names, order, and all of them on one canvas.

import {RAMP} from "../canvas/cividis.js";
import {short} from "../core/format.js";

export const KIND_TITLES = {real: "real", held: "held-out", fake: "fake", noise: "noise"};
export const FIRST_LINE = 12; // tiles of the first line when all kinds stand together
const LINES = [
  ["real", "held"],
  ["fake", "noise"],
];

/** "held-out 3"; of noise there is one. */
export const tileName = ({of, index}) => (of === "noise" ? "noise" : `${KIND_TITLES[of]} ${index + 1}`);

export const measureName = ({unit}) => (unit === "energy" ? "energy" : "score");

/** "held-out 3, energy 0.012". */
export const describeTile = (snapshot, i) =>
  `${tileName(snapshot.tiles[i])}, ${measureName(snapshot)} ${short(snapshot.tiles[i].score)}`;

/** The symbol of the score. */
export const scoreSymbol = ({unit, rising}) => (unit === "energy" ? "U" : rising ? "L" : "D");

/**
 * The titles of its rows.
 * @param {{decoder: boolean, encoder?: boolean}} snapshot
 */
export function rowNames({decoder, encoder}) {
  const made = encoder ? "G(E(x))" : "D(x)";
  return decoder ? ["x", made, `|x − ${made}|`] : ["x", "|∂D/∂x|"];
}

/**
 * Two lines of groups, {of, tiles: which}; `of` is null where all kinds stand together. `sort`: "given", or from what D
 * likes best to what it likes least "within" groups or over "all".
 */
export function arrangeTiles({tiles, rising}, sort) {
  const all = tiles.map((_, i) => i);
  const byScore = (a, b) => (rising ? 1 : -1) * (tiles[a].score - tiles[b].score);
  if (sort === "all") {
    const sorted = all.sort(byScore);
    return [[{of: null, tiles: sorted.slice(0, FIRST_LINE)}], [{of: null, tiles: sorted.slice(FIRST_LINE)}]];
  }
  return LINES.map((kinds) =>
    kinds.map((of) => {
      const ofKind = all.filter((i) => tiles[i].of === of);
      return {of, tiles: sort === "within" ? ofKind.sort(byScore) : ofKind};
    }),
  );
}

/** {canvas, size, rows}: a column for each of the look's tiles; the last row, which is grey as it comes, in cividis. */
export async function loadSheet(snapshot) {
  const {size, tiles, arrays} = snapshot;
  const image = await createImageBitmap(new Blob([arrays.sheet], {type: "image/webp"}));
  const n = rowNames(snapshot).length;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: size * tiles.length, height: size * n});
  const g = canvas.getContext("2d", {willReadFrequently: true});
  g.drawImage(image, 0, 0);
  image.close();
  const strip = g.getImageData(0, size * (n - 1), canvas.width, size);
  const {data} = strip;
  for (let i = 0; i < data.length; i += 4) data.set(RAMP.subarray(4 * data[i], 4 * data[i] + 4), i);
  g.putImageData(strip, 0, size * (n - 1));
  return {canvas, size, rows: n};
}
