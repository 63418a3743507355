// How two sheets of samples differ, pixel by pixel, as a sheet of its own.

import {RAMP} from "../../../canvas/cividis.js";

/** The difference at which the scale ends, as a share of that of black and white. */
export const FULL = 0.5;

const scratch = [0, 1].map(() => document.createElement("canvas"));
let last = {left: null, right: null, found: null};

function pixels(canvas, sheet) {
  canvas.width = sheet.width;
  canvas.height = sheet.height;
  const g = canvas.getContext("2d", {willReadFrequently: true});
  g.drawImage(sheet, 0, 0);
  return g.getImageData(0, 0, sheet.width, sheet.height).data;
}

/**
 * {sheet, mean}: the mean absolute difference of the colours of each pixel, dark where it is small, and that of all
 * pixels as a share of that of black and white. Null where the sheets are not of one size, or one is missing.
 */
export function differenceSheet(left, right) {
  const [a, b] = [left.frame, right.frame];
  if (!a || !b || left.run.spec.size !== right.run.spec.size || a.width !== b.width || a.height !== b.height)
    return null;
  if (last.left === a && last.right === b) return last.found;
  const [p, q] = [pixels(scratch[0], a), pixels(scratch[1], b)];
  const image = new ImageData(a.width, a.height);
  let sum = 0;
  for (let i = 0; i < p.length; i += 4) {
    const apart = (Math.abs(p[i] - q[i]) + Math.abs(p[i + 1] - q[i + 1]) + Math.abs(p[i + 2] - q[i + 2])) / 765;
    sum += apart;
    const tone = 4 * Math.min(255, Math.round((255 * apart) / FULL));
    image.data.set(RAMP.subarray(tone, tone + 4), i);
  }
  const sheet = document.createElement("canvas");
  Object.assign(sheet, {width: a.width, height: a.height});
  sheet.getContext("2d").putImageData(image, 0, 0);
  last = {left: a, right: b, found: {sheet, mean: sum / (p.length / 4)}};
  return last.found;
}
