// A small plane beside a stage: the latents z, what G makes of them, and how far that moved.

import {h, replace, setText, svg} from "../core/dom.js";
import {VIEW} from "./plane_canvas.js";

const SIDE = 260;
const SMALL = 92;
const MAX_ARROW = 0.45;
const ARROW_SCALES = [1, 2, 5, 10, 20, 50, 100, 200, 500]; // px; of a plane's units

const square = (side, view) => ({
  X: (x) => ((x + view) / (2 * view)) * side,
  Y: (y) => ((view - y) / (2 * view)) * side,
});

export class PointCloud {
  constructor() {
    this.latents = svg("svg", {class: "latents", viewBox: `0 0 ${SMALL} ${SMALL}`, "aria-hidden": "true"});
    this.plane = svg("svg", {class: "fakes", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img"});
    this.source = h(
      "div",
      {class: "source"},
      this.latents,
      h("span", {class: "note"}, h("i", {}, "z"), ", the same all the way"),
    );
    this.note = h("p", {class: "note"});
    this.element = h("figure", {class: "cloud"}, this.plane, this.note, this.source);
  }

  /** What is the same at every stage: z, and how much longer than life the ways are drawn. */
  begin(stages) {
    this.element.hidden = !stages[0].cloud;
    if (this.element.hidden) return;
    const {z} = stages[0].cloud;
    const reach = Math.max(1, ...z.flat().map(Math.abs)) * 1.1;
    const {X, Y} = square(SMALL, reach);
    this.source.hidden = !z.length;
    replace(this.latents, ...z.map(([x, y]) => svg("circle", {cx: X(x), cy: Y(y), r: 1.7})));
    const distances = stages
      .flatMap(({seen, before}) =>
        seen !== before ? seen.fake.map(([x, y], i) => Math.hypot(x - before.fake[i][0], y - before.fake[i][1])) : [],
      )
      .sort((a, b) => a - b);
    const longest = distances[Math.floor(distances.length * 0.98)] || 1;
    this.arrowScale = ARROW_SCALES.findLast((times) => times * longest <= MAX_ARROW) ?? 1;
  }

  draw({id, seen: cloud, before}) {
    const {X, Y} = square(SIDE, VIEW);
    const {real, fake = []} = cloud;
    const moved = fake.map(([x, y], i) => [
      this.arrowScale * (x - before.fake[i][0]),
      this.arrowScale * (y - before.fake[i][1]),
    ]);
    const hasMoved = moved.some(([u, v]) => Math.hypot(u, v) > 0.01);
    this.source.classList.toggle("now", ["draw", "fakes"].includes(id));
    const ring =
      (cls, r) =>
      ([x, y]) =>
        svg("circle", {class: cls, cx: X(x), cy: Y(y), r});
    replace(
      this.plane,
      svg("path", {class: "grid", d: [-2, -1, 0, 1, 2].map((t) => `M${X(t)} 0V${SIDE}M0 ${Y(t)}H${SIDE}`).join("")}),
      ...real.map(ring("real", 2)),
      ...(hasMoved ? before.fake : fake).map(ring(hasMoved ? "fake was" : "fake", 2.8)),
      ...(hasMoved
        ? moved.map(([u, v], i) => this.arrow(X(before.fake[i][0]), Y(before.fake[i][1]), X(u) - X(0), Y(v) - Y(0)))
        : []),
      svg("rect", {class: "frame", x: 0.5, y: 0.5, width: SIDE - 1, height: SIDE - 1}),
    );
    setText(
      this.note,
      hasMoved
        ? `Arrows: where G now puts the same z${this.arrowScale > 1 ? `, drawn ${this.arrowScale} times as far` : ""}.`
        : id === "draw"
          ? `${real.length} real.`
          : `${real.length} real, ${fake.length} fakes of the ${id === "fakes" ? "z beneath" : "same z"}.`,
    );
    this.plane.setAttribute("aria-label", this.note.textContent);
  }

  arrow(x, y, u, v) {
    const length = Math.hypot(u, v);
    const [a, b] = [u / length, v / length];
    const tip = Math.min(4, length / 2);
    const at = (f, g) =>
      `${(x + u - a * tip * f - b * tip * g).toFixed(1)} ${(y + v - b * tip * f + a * tip * g).toFixed(1)}`;
    return (
      length > 1 &&
      svg("path", {
        class: "goes",
        d: `M${x.toFixed(1)} ${y.toFixed(1)}L${at(0, 0)}M${at(1, 0.6)}L${at(0, 0)}L${at(1, -0.6)}`,
      })
    );
  }
}
