// A 2-D slice of D's score through three pictures, computed by the server.

import {ConnectionLost} from "../core/api.js";
import {ColourBar} from "../canvas/colourbar.js";
import {h, pixelRatio, setText} from "../core/dom.js";
import {capitalise, short, whole} from "../core/format.js";
import {drawHeat, drawLevels, toUnit, scoreAt, survey} from "../canvas/score_landscape.js";
import {measureName, tileName} from "./inspector_sheet.js";
import {decodeImage, drawEnlarged, GAP} from "../canvas/image_grid.js";

const WIDEST = 420;
const PICTURE = 40;
const OUT = 30;
const EDGE = 2;
// px: of the map, of a corner's picture, from its corner, its frame
const COLOURS = {real: "--real", held: "--real", fake: "--fake", noise: "--ink-3"};
const DEBOUNCE_MS = 150; // ms that the timeline must rest

/** The slice as a landscape, so that it is drawn like that of points. */
function buildLandscape({side, score, span, ...rest}) {
  const cells = Uint8Array.from(atob(score), (c) => c.charCodeAt(0));
  return survey({...rest, view: span[1], arrays: {score: Object.assign(cells, {shape: [side, side]})}});
}

export class ScoreSlice {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.canvas = h("canvas", {role: "img", "data-testid": "slice"});
    this.bar = new ColourBar();
    this.probeText = h("p", {class: "note", "data-testid": "slice-probe"});
    this.about = h("p", {class: "note", role: "status"});
    this.lines = h("p", {class: "note"});
    this.element = h(
      "div",
      {class: "slice", role: "group", "aria-label": "Slice", hidden: true},
      this.about,
      h(
        "div",
        {class: "room"},
        h("div", {}, this.canvas, this.bar.element),
        h("div", {class: "aside"}, this.lines, this.probeText),
      ),
    );
    for (const type of ["pointermove", "pointerdown"]) this.canvas.addEventListener(type, (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", ({pointerType}) => {
      if (pointerType !== "touch") setText(this.probeText, "");
    }); // what a finger read stays
  }

  /** Removes the slice. */
  clear() {
    this.landscape = this.request = null;
    clearTimeout(this.due);
    this.element.hidden = true;
  }

  /** `corners`: {of, index} of three tiles; `step`: of the run that is looked at, null at its end. */
  showSlice(run, corners, step) {
    this.landscape = null;
    this.element.hidden = false;
    this.draw();
    setText(this.about, "Computing…");
    return this.fetch({run, tiles: corners, step});
  }

  /** Follows the timeline; the old slice stays until the new one is there. */
  holdAt(step) {
    if (!this.request || this.request.step === step) return;
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      if (this.request) this.fetch({...this.request, step});
    }, DEBOUNCE_MS);
  }

  async fetch(request) {
    this.request = request;
    clearTimeout(this.due);
    try {
      const answer = await this.api.slice(request);
      const sheet = await decodeImage(answer.pictures);
      if (this.request !== request) return;
      this.answer = answer;
      this.sheet = sheet;
      this.corners = request.tiles;
      this.landscape = buildLandscape(answer);
      const exact = request.step == null || request.step === answer.step;
      const near = exact ? "" : `, the one nearest to step ${whole(request.step)} whose networks are kept`;
      setText(
        this.about,
        `A 2-D slice through three pictures, not the whole landscape. Step ${whole(answer.step)}${near}.`,
      );
    } catch (error) {
      if (!(error instanceof ConnectionLost) && !error.field) throw error;
      if (this.request !== request) return;
      this.landscape = null;
      setText(
        this.about,
        error instanceof ConnectionLost ? `Not done: ${error.message}. Try again.` : `${capitalise(error.message)}.`,
      );
    }
    this.draw();
  }

  fit(width) {
    this.side = Math.min(WIDEST, width);
    this.draw();
  }

  draw() {
    const {landscape, side, answer} = this;
    this.canvas.hidden = !landscape;
    this.bar.draw(landscape?.snapshot);
    setText(this.probeText, "");
    const levelTexts =
      landscape?.snapshot.levels
        .filter(
          ({past, value}) => !past && toUnit(landscape.snapshot, value) > 0 && toUnit(landscape.snapshot, value) < 1,
        )
        .map(({name, value}) => `${name}, ${short(value)}`) ?? [];
    setText(this.lines, levelTexts.length ? `White line: ${levelTexts.join("; ")}.` : "");
    if (!landscape || !side) return;
    const ratio = pixelRatio();
    const style = getComputedStyle(this.element);
    const g = this.canvas.getContext("2d");
    const reach = answer.span[1];
    const X = (s) => ((s + reach) / (2 * reach)) * side;
    const Y = (t) => side - X(t);
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    this.canvas.style.width = this.bar.element.style.width = `${side}px`;
    g.scale(ratio, ratio);
    drawHeat(g, landscape, 0, side, X, Y);
    drawLevels(g, landscape, X, Y);
    const places = answer.corners.map(([s, t]) => [X(s), Y(t)]);
    g.beginPath();
    for (const place of places) g.lineTo(...place);
    g.closePath();
    Object.assign(g, {strokeStyle: "rgb(255 255 255 / .5)", lineWidth: 1});
    g.setLineDash([3, 3]);
    g.stroke();
    g.setLineDash([]);
    places.forEach((place, i) => this.corner(g, place, i, style));
    this.canvas.setAttribute(
      "aria-label",
      `Slice of D's ${measureName(answer)} through ` +
        `${this.corners.map((tile, i) => `${tileName(tile)}, ${short(answer.values[i])}`).join("; ")}`,
    );
  }

  /** Its place, its picture further out, its value beneath or, where its place is, above. */
  corner(g, [x, y], i, style) {
    const {side, answer} = this;
    const distance = Math.hypot(x - side / 2, y - side / 2) || 1;
    const clamp = (v, least, most) => Math.min(most, Math.max(least, v));
    const left = clamp(x + ((x - side / 2) / distance) * OUT - PICTURE / 2, 4, side - PICTURE - 4);
    const top = clamp(y + ((y - side / 2) / distance) * OUT - PICTURE / 2, 20, side - PICTURE - 20);
    const ratio = pixelRatio();
    g.fillStyle = style.getPropertyValue(COLOURS[this.corners[i].of]);
    g.fillRect(left - EDGE, top - EDGE, PICTURE + 2 * EDGE, PICTURE + 2 * EDGE);
    g.save();
    g.setTransform(1, 0, 0, 1, 0, 0);
    drawEnlarged(
      g,
      this.sheet,
      i * (answer.size + GAP),
      0,
      answer.size,
      Math.round(left * ratio),
      Math.round(top * ratio),
      Math.round(PICTURE * ratio),
    );
    g.restore();
    g.beginPath();
    g.arc(x, y, 4, 0, 7);
    Object.assign(g, {fillStyle: "#fff", strokeStyle: "#0a1a33", lineWidth: 1.5});
    g.fill();
    g.stroke();
    Object.assign(g, {font: `11px ${style.fontFamily}`, textAlign: "center", lineWidth: 3, lineJoin: "round"});
    const label = [short(answer.values[i]), left + PICTURE / 2, y > top + PICTURE ? top - 7 : top + PICTURE + 13];
    g.strokeText(...label);
    g.fillText(...label);
  }

  point({offsetX, offsetY}) {
    if (!this.landscape) return;
    const {
      side,
      answer: {span},
    } = this;
    const at = (v) => span[0] + (v / side) * (span[1] - span[0]);
    const value = scoreAt(this.landscape, at(offsetX), at(side - offsetY));
    setText(this.probeText, value == null ? "" : `${measureName(this.answer)} ${short(value)} here`);
  }
}
