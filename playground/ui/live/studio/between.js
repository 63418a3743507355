// The way between two places, straight and round, frame beneath frame, with the length of the latents beneath both.

import {h, replace} from "../dom.js";
import {Lengths, WAYS} from "../ways.js";
import {Amount} from "./fields.js";
import {Latest} from "./latest.js";
import {Show} from "./show.js";
import {Slot} from "./slot.js";
import {Tool} from "./tool.js";

const ROOM = 4, LEAST = 44, MOST = 112, EDGE = 12, SIDE = 420;

export class Between extends Tool {
  constructor(desk) {
    super(desk, "between", "What lies between two latents. Straight, the way passes nearer to 0 than G ever saw; along the sphere it keeps its length. Press a frame to pin it.");
    const ask = () => this.ask();
    this.fields = {a: new Slot(desk, "from", 1, ask), b: new Slot(desk, "to", 2, ask), n: new Amount("Frames", {low: 3, high: 120, step: 1, value: 12}, ask)};
    this.slots = [this.fields.a, this.fields.b];
    this.controls.append(...Object.values(this.fields).map(({element}) => element));
    this.lengths = new Lengths();
    this.rows = Object.keys(WAYS).map((way) => {
      const caption = h("figcaption", {class: "note"}), show = new Show(desk, {label: WAYS[way], room: ROOM, least: LEAST, most: MOST, plane: SIDE, called: (i) => `${way} ${i + 1} of ${this.n}`});
      return {way, caption, show, element: h("figure", {}, caption, show.element)};
    });
    this.reel = h("div", {class: `ways-of${desk.points ? " on-points" : ""}`, tabindex: "0", role: "group", "aria-label": "The two ways"}, ...this.rows.map(({element}) => element));
    this.stage.append(this.reel);
    if (desk.points) this.stage.append(this.lengths.element);
    else this.reel.append(this.lengths.element);
    new ResizeObserver(() => this.draw()).observe(this.stage);
    this.latest = new Latest((message) => desk.ask("strip", message), (made) => this.shown(made), (error) => this.failed(error));
  }

  ask() {
    const {a, b, n} = this.fields;
    this.latest.soon({a: a.place, b: b.place, n: n.value});
  }

  shown(made) {
    Object.assign(this, {made, n: made.n});
    for (const {way, show, caption} of this.rows) {
      const {points} = made[way];
      replace(caption, WAYS[way], way === made.default && h("span", {class: "hand"}, " · what the prior asks for"));
      show.set(made[way], {layers: points ? {path: points, marks: [{at: points[0], kind: "fake", name: "from"}, {at: points.at(-1), kind: "fake", name: "to"}]} : {}});
    }
    this.well();
    this.draw();
  }

  draw() {
    if (!this.made) return;
    for (const {show} of this.rows) show.draw();
    const [{show}] = this.rows, points = this.desk.points, width = points ? this.stage.clientWidth : show.size?.[0];
    if (width) this.lengths.draw(this.made, this.made.default, width, points ? EDGE : show.side / 2, points);
  }
}
