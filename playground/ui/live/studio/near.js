// What G learned from that is most like one of its samples: whether it is a copy.

import {h, replace} from "../dom.js";
import {short} from "../format.js";
import {Amount} from "./fields.js";
import {ground} from "./ground.js";
import {Latest} from "./latest.js";
import {Slot} from "./slot.js";
import {tile} from "./tile.js";
import {Tool} from "./tool.js";

const SPACES = {pixels: "As they are", code: "As D sees them"}, SIDE = 128, PLANE = 420;
const WORDS = [[0.35, "far nearer than held-out samples are"], [0.75, "nearer than held-out samples usually are"], [1.35, "about as near as a held-out sample is to its own nearest"], [2, "farther than held-out samples usually are"], [Infinity, "far from all that G learned from"]];

/** A distance over that of a held-out sample to its own nearest, in words. A point may lie beside another by chance, a picture hardly. */
export const inWords = (ratio, points) => WORDS.find(([most]) => ratio < most)[1] + (ratio >= WORDS[0][0] ? "" : points ? ", as a point may be by chance" : ": it looks like a copy");

export class Near extends Tool {
  constructor(desk) {
    super(desk, "near", "The training samples that one of G’s is most like. How near is near? A held-out sample, which G never saw, has its own nearest: that distance is 1.");
    const ask = () => this.ask();
    this.place = new Slot(desk, "sample", 1, ask);
    this.k = new Amount("How many", {low: 1, high: 8, step: 1, value: 4}, ask);
    this.slots = [this.place];
    this.fields = {place: this.place, k: this.k};
    this.controls.append(this.place.element, this.k.element);
    this.rows = Object.entries(SPACES).map(([space, title]) => {
      const list = h("div", {class: "likes"}), says = h("p", {class: "note"}), canvas = h("canvas", {role: "img"});
      return {space, title, list, says, canvas, element: h("section", {class: "likeness", "aria-label": title}, h("h2", {}, title), says, desk.points ? canvas : list)};
    });
    this.stage.append(h("div", {class: desk.points ? "pair" : ""}, ...this.rows.map(({element}) => element)));
    this.latest = new Latest((message) => this.both(message), (made) => this.shown(made), (error) => this.failed(error));
  }

  ask() {
    const place = this.place.place, k = this.k.value;
    this.well("Looking through all that it learned from");
    this.latest.want({place, k});
  }

  /** The neighbours, and the sample itself. */
  async both({place, k}) {
    const near = await this.desk.askLong("nearest", {place, k});
    return {...near, own: await this.desk.face(place)};
  }

  shown(made) {
    this.made = made;
    for (const {space, says, list, title} of this.rows) {
      const {ratio, distances} = made[space];
      replace(says, h("b", {}, short(ratio, 2)), `, ${inWords(ratio, this.desk.points)}`);
      if (this.desk.points) continue;
      const one = (from, i, words, label) => {
        const canvas = h("canvas", {role: "img", "aria-label": label, title: label});
        tile(canvas, from, i, SIDE);
        return h("figure", {}, canvas, h("figcaption", {class: "note"}, words));
      };
      replace(list, one(made.own, 0, "G’s", "The sample"), ...distances.map((far, i) => one(made[space], i, short(far), `${title}, ${i + 1}: distance ${short(far)}`)));
      list.firstChild.classList.add("whose");
    }
    this.well(this.desk.points ? this.rows.map(({space, title}) => `${title}: at ${made[space].distances.map((far) => short(far)).join(", ")}`).join("; ") : "Beneath each its distance.");
    this.draw();
  }

  draw() {
    const {made, desk} = this;
    if (!made || !desk.points) return;
    for (const {space, canvas, title} of this.rows) {
      const {points, distances} = made[space], at = made.own.points[0];
      ground(canvas, Math.min(PLANE, canvas.parentNode.clientWidth), {real: desk.real, links: points.map((point) => [at, point]), marks: [...points.map((point) => ({at: point, kind: "real"})), {at, kind: "fake", name: "G’s"}]});
      canvas.setAttribute("aria-label", `${title}: nearest at distances ${distances.map((far) => short(far)).join(", ")}`);
    }
  }
}
