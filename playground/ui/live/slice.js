// D's score over the plane through three pictures of the x-ray, as the server works it out when asked.

import {Lost} from "./api.js";
import {ColourBar} from "./colourbar.js";
import {h, say} from "./dom.js";
import {capital, short, whole} from "./format.js";
import {ground, levels, part, probe, survey} from "./landscape.js";
import {measured, named} from "./sheet.js";
import {decoded, enlarge, GAP, ratio} from "./tiles.js";

const WIDEST = 420, PICTURE = 40, OUT = 30, EDGE = 2, COLOURS = {real: "--real", held: "--real", fake: "--fake", noise: "--ink-3"};     // px: of the map, of a corner's picture, from its corner, its frame
const CALM = 150;         // ms that the timeline must rest

/** A landscape like that of points, so that it is drawn like one. */
function landscape({side, score, span, ...rest}) {
  const cells = Uint8Array.from(atob(score), (c) => c.charCodeAt(0));
  return survey({...rest, view: span[1], arrays: {score: Object.assign(cells, {shape: [side, side]})}});
}

export class Slice {
  constructor(api) {
    this.api = api;
    this.canvas = h("canvas", {role: "img", "data-testid": "slice"});
    this.bar = new ColourBar();
    this.reads = h("p", {class: "note", "data-testid": "slice-probe"});
    this.about = h("p", {class: "note", role: "status"});
    this.lines = h("p", {class: "note"});
    this.element = h("div", {class: "slice", role: "group", "aria-label": "Slice", hidden: true}, this.about,
      h("div", {class: "room"}, h("div", {}, this.canvas, this.bar.element), h("div", {class: "aside"}, this.lines, this.reads)));
    for (const type of ["pointermove", "pointerdown"]) this.canvas.addEventListener(type, (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", ({pointerType}) => { if (pointerType !== "touch") say(this.reads, ""); });       // what a finger read stays
  }

  /** Nothing is sliced (any more). */
  clear() {
    this.found = this.asked = null;
    clearTimeout(this.due);
    this.element.hidden = true;
  }

  /** `corners`: {of, index} of three tiles; `step`: of the run that is looked at, null at its end. */
  ask(run, corners, step) {
    this.found = null;
    this.element.hidden = false;
    this.draw();
    say(this.about, "Working it out.");
    return this.fetch({run, tiles: corners, step});
  }

  /** Another step is looked at: the old slice stays until there is the new one. */
  hold(step) {
    if (!this.asked || this.asked.step === step) return;
    clearTimeout(this.due);
    this.due = setTimeout(() => { if (this.asked) this.fetch({...this.asked, step}); }, CALM);
  }

  async fetch(asked) {
    this.asked = asked;
    clearTimeout(this.due);
    try {
      const answer = await this.api.slice(asked), sheet = await decoded(answer.pictures);
      if (this.asked !== asked) return;
      Object.assign(this, {answer, sheet, corners: asked.tiles, found: landscape(answer)});
      say(this.about, `A 2-D slice through three pictures, not the whole landscape. Step ${whole(answer.step)}${asked.step == null || asked.step === answer.step ? "" : `, the one nearest to step ${whole(asked.step)} whose networks are kept`}.`);
    } catch (error) {
      if (!(error instanceof Lost) && !error.field) throw error;
      if (this.asked !== asked) return;
      this.found = null;
      say(this.about, error instanceof Lost ? `Not done: ${error.message}. Try again.` : `${capital(error.message)}.`);
    }
    this.draw();
  }

  fit(width) {
    this.side = Math.min(WIDEST, width);
    this.draw();
  }

  draw() {
    const {found, side, answer} = this;
    this.canvas.hidden = !found;
    this.bar.draw(found?.look);
    say(this.reads, "");
    const told = found?.look.levels.filter(({past, value}) => !past && part(found.look, value) > 0 && part(found.look, value) < 1).map(({name, value}) => `${name}, ${short(value)}`) ?? [];
    say(this.lines, told.length ? `White line: ${told.join("; ")}.` : "");
    if (!found || !side) return;
    const dense = ratio(), style = getComputedStyle(this.element), g = this.canvas.getContext("2d"), reach = answer.span[1], X = (s) => (s + reach) / (2 * reach) * side, Y = (t) => side - X(t);
    this.canvas.width = this.canvas.height = Math.round(side * dense);
    this.canvas.style.width = this.bar.element.style.width = `${side}px`;
    g.scale(dense, dense);
    ground(g, found, 0, side, X, Y);
    levels(g, found, X, Y);
    const places = answer.corners.map(([s, t]) => [X(s), Y(t)]);
    g.beginPath();
    for (const place of places) g.lineTo(...place);
    g.closePath();
    Object.assign(g, {strokeStyle: "rgb(255 255 255 / .5)", lineWidth: 1});
    g.setLineDash([3, 3]);
    g.stroke();
    g.setLineDash([]);
    places.forEach((place, i) => this.corner(g, place, i, style));
    this.canvas.setAttribute("aria-label", `Slice of D's ${measured(answer)} through ${this.corners.map((tile, i) => `${named(tile)}, ${short(answer.values[i])}`).join("; ")}`);
  }

  /** Its place, its picture further out, its value beneath or, where its place is, above. */
  corner(g, [x, y], i, style) {
    const {side, answer} = this, far = Math.hypot(x - side / 2, y - side / 2) || 1, inside = (v, least, most) => Math.min(most, Math.max(least, v));
    const left = inside(x + (x - side / 2) / far * OUT - PICTURE / 2, 4, side - PICTURE - 4), top = inside(y + (y - side / 2) / far * OUT - PICTURE / 2, 20, side - PICTURE - 20), dense = ratio();
    g.fillStyle = style.getPropertyValue(COLOURS[this.corners[i].of]);
    g.fillRect(left - EDGE, top - EDGE, PICTURE + 2 * EDGE, PICTURE + 2 * EDGE);
    g.save();
    g.setTransform(1, 0, 0, 1, 0, 0);
    enlarge(g, this.sheet, i * (answer.size + GAP), 0, answer.size, Math.round(left * dense), Math.round(top * dense), Math.round(PICTURE * dense));
    g.restore();
    g.beginPath();
    g.arc(x, y, 4, 0, 7);
    Object.assign(g, {fillStyle: "#fff", strokeStyle: "#0a1a33", lineWidth: 1.5});
    g.fill();
    g.stroke();
    Object.assign(g, {font: `11px ${style.fontFamily}`, textAlign: "center", lineWidth: 3, lineJoin: "round"});
    const told = [short(answer.values[i]), left + PICTURE / 2, y > top + PICTURE ? top - 7 : top + PICTURE + 13];
    g.strokeText(...told);
    g.fillText(...told);
  }

  point({offsetX, offsetY}) {
    if (!this.found) return;
    const {side, answer: {span}} = this, at = (v) => span[0] + v / side * (span[1] - span[0]), value = probe(this.found, at(offsetX), at(side - offsetY));
    say(this.reads, value == null ? "" : `${measured(this.answer)} ${short(value)} here`);
  }
}
