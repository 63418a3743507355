// A - B + C as an equation of pictures.

import {h} from "../dom.js";
import {short} from "../format.js";
import {Latest} from "./latest.js";
import {Show} from "./show.js";
import {Slot} from "./slot.js";
import {Tool} from "./tool.js";

const SIGNS = ["", "−", "+", "="], PARTS = ["A", "B", "C", "A − B + C"];

export class Arithmetic extends Tool {
  constructor(desk) {
    super(desk, "sum", "What A has and B has not, added to C: press three pinned samples, one after the other.");
    const ask = () => this.ask();
    this.slots = ["A", "B", "C"].map((name, i) => new Slot(desk, name, i + 1, ask, {face: false}));
    this.fields = Object.fromEntries(["a", "b", "c"].map((name, i) => [name, this.slots[i]]));
    this.controls.append(...this.slots.map(({element}) => element));
    const show = (part) => new Show(desk, {label: part, most: 240, called: () => part});
    this.parts = desk.points ? [new Show(desk, {label: "A, B, C and A − B + C", called: (i) => PARTS[i]})] : PARTS.map(show);
    this.stage.append(h("div", {class: desk.points ? "" : "equation"}, ...this.parts.flatMap(({element}, i) => desk.points ? [element] : [h("span", {class: "sign", "aria-hidden": "true"}, SIGNS[i]), h("figure", {}, element, h("figcaption", {class: "note"}, PARTS[i]))])));
    this.latest = new Latest((message) => desk.ask("sum", message), (made) => this.shown(made), (error) => this.failed(error));
  }

  ask() {
    const [a, b, c] = this.slots.map((slot) => slot.place);
    this.latest.soon({a, b, c});
  }

  shown(made) {
    const {points} = made;
    if (points) this.parts[0].set(made, {layers: {marks: points.map((at, i) => ({at, kind: i < 3 ? "fake" : "hand", name: i < 3 ? PARTS[i] : "="})), links: [[points[0], points[1]], [points[2], points[3]]]}});
    else this.parts.forEach((show, i) => show.set(made, {which: [i]}));
    this.well(`|z|: ${made.norms.map((v, i) => `${PARTS[i]} ${short(v)}`).join(", ")}. The result is never longer than the longest of the three.`);
  }

  draw() {
    for (const show of this.parts) show.draw();
  }
}
