// A square of samples between four places.

import {h} from "../dom.js";
import {Amount, waying} from "./fields.js";
import {Latest} from "./latest.js";
import {inView, Show} from "./show.js";
import {Slot} from "./slot.js";
import {Tool} from "./tool.js";

const CALLED = ["top left", "top right", "bottom left", "bottom right"], WIDE = 640, ROOM = 4;            // px of a side, and between two pictures

export class Corners extends Tool {
  constructor(desk) {
    super(desk, "corners", "Four latents in the corners, and all that lies between them. Press one to pin it.");
    const ask = () => this.ask();
    this.slots = CALLED.map((name, i) => new Slot(desk, name, i + 1, ask));
    this.fields = {places: {wrong: (text) => this.slots.forEach((slot) => slot.wrong(slot === this.slots.at(-1) ? text : ""))}, n: new Amount("A side", {low: 3, high: 12, step: 1, value: 8}, ask), mode: waying(ask)};
    this.controls.append(h("div", {class: "four"}, ...this.slots.map(({element}) => element)), this.fields.n.element, this.fields.mode.element);
    this.grid = new Show(desk, {label: "Between the corners", columns: () => this.n, room: ROOM, called: (i) => `row ${Math.floor(i / this.n) + 1}, column ${i % this.n + 1}`});
    this.stage.append(this.grid.element);
    this.latest = new Latest((message) => desk.ask("corners", message), (made, {n}) => this.shown(made, n), (error) => this.failed(error));
  }

  ask() {
    const {n, mode} = this.fields;
    this.latest.soon({places: this.slots.map((slot) => slot.place), n: n.value, mode: mode.value});
  }

  shown(made, n) {
    this.n = n;
    this.grid.most = (inView(WIDE) - (n - 1) * ROOM) / n;
    const {points} = made, corners = [0, n - 1, n * (n - 1), n * n - 1];
    this.grid.set(made, {layers: points ? {mesh: {points, side: n}, marks: corners.map((i, k) => ({at: points[i], kind: "fake", name: CALLED[k]}))} : {}});
    this.well();
  }

  draw() {
    this.grid.draw();
  }
}
