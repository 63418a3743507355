// Two lanes' pictures at one scale, each drawn once and then shown in part; and what they have together.

import {drawTiles} from "../../../canvas/image_grid.js";
import {drawPlane, planeFrame} from "../../../canvas/plane_canvas.js";
import {pixelRatio} from "../../../core/dom.js";
import {palette} from "../../../core/theme.js";
import {laneStyle} from "../../lane_style.js";
import {differenceSheet} from "./difference.js";
import {COLUMNS, prepare} from "../tiles.js";

const GAP = 5;
const MOST = 3000; // pixels of a side
const LAYERS = {land: true, level: true, force: false, mesh: false};
const MARK = 3.2;

/** How wide a picture is drawn for a scale, in CSS pixels. */
const drawnSide = (side, scale) => Math.min(side * scale, Math.max(side, MOST / pixelRatio()));

export class PairCanvas {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.sheets = [0, 1, 2].map(() => ({canvas: document.createElement("canvas"), key: []}));
  }

  /** A picture as it is drawn anew when it, its size or the theme changed. */
  sheet(slot, key, draw) {
    const sheet = this.sheets[slot];
    const all = [...key, palette.paper, pixelRatio()];
    if (all.length !== sheet.key.length || all.some((value, i) => value !== sheet.key[i])) {
      sheet.key = all;
      draw(sheet.canvas);
    }
    return sheet.canvas;
  }

  /** One lane's whole picture, `side` CSS pixels wide. */
  lane(slot, picture, side) {
    const {frame, run} = picture;
    if (run.data.kind === "points") {
      const {real, landscape} = picture;
      return this.sheet(slot, [frame, real, landscape, side], (canvas) =>
        drawPlane(canvas, side, {real, fake: frame, landscape, shown: LAYERS}),
      );
    }
    if (!frame) return null;
    return this.sheet(slot, [frame, side], (canvas) => drawTiles(canvas, frame, run.spec.size, COLUMNS, side, GAP));
  }

  /** The difference of two sheets; null where they are not of one size. */
  difference(left, right, side) {
    const found = differenceSheet(left, right);
    if (!found) return null;
    this.mean = found.mean;
    return this.sheet(2, [left.frame, right.frame, side], (canvas) =>
      drawTiles(canvas, found.sheet, left.run.spec.size, COLUMNS, side, GAP),
    );
  }

  /** Samples of both in one plane: circles and crosses, each in its lane's colour. */
  overlay(left, right, lanes, side) {
    return this.sheet(2, [left.frame, right.frame, left.real, lanes.join(), side], (canvas) => {
      drawPlane(canvas, side, {real: left.real, fake: null});
      const {X, Y} = planeFrame(side);
      const g = canvas.getContext("2d");
      [left, right].forEach(({frame}, i) => drawMarks(g, frame ?? [], X, Y, laneStyle(lanes[i]).colour, i === 1));
    });
  }

  /**
   * Shows a part of one or two pictures.
   * @param {(HTMLCanvasElement | null)[]} pictures the left one and, from `at` on, the right one
   * @param {number} width CSS pixels
   * @param {number} height CSS pixels
   * @param {any} zoom as `Zoom`
   * @param {number} at the divider, as a share of the width
   */
  show(pictures, width, height, zoom, at = 1) {
    const {g} = prepare(this.canvas, width, height);
    const {left, top, size} = zoom.part;
    const [w, t] = [this.canvas.width, this.canvas.height];
    const cuts = [
      [0, at],
      [at, 1],
    ];
    g.imageSmoothingQuality = "high";
    pictures.forEach((picture, i) => {
      const [from, to] = cuts[i];
      if (!picture || to <= from) return;
      const shareOf = (v) => left + v * size;
      const x = Math.round(from * w);
      const end = Math.round(to * w);
      g.drawImage(
        picture,
        shareOf(x / w) * picture.width,
        top * picture.height,
        ((end - x) / w) * size * picture.width,
        size * picture.height,
        x,
        0,
        end - x,
        t,
      );
    });
  }
}

export {drawnSide};

function drawMarks(g, points, X, Y, colour, crosses) {
  g.save();
  g.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const x = X(points[i]);
    const y = Y(points[i + 1]);
    if (crosses) {
      g.moveTo(x - MARK, y - MARK);
      g.lineTo(x + MARK, y + MARK);
      g.moveTo(x + MARK, y - MARK);
      g.lineTo(x - MARK, y + MARK);
    } else {
      g.moveTo(x + MARK, y);
      g.arc(x, y, MARK, 0, 2 * Math.PI);
    }
  }
  for (const [stroke, width, alpha] of [
    [palette.surface, 3, 0.7],
    [colour, 1.3, 1],
  ]) {
    Object.assign(g, {strokeStyle: stroke, lineWidth: width, globalAlpha: alpha});
    g.stroke();
  }
  g.restore();
}
