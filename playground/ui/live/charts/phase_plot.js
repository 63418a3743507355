// The phase plot: D's output on fakes over its output on real data; of the Dirac-GAN its two numbers, with their vector
// field. Older parts of the path fade; reference lines are dashed.

import {h, replace, setText, svg, symbol} from "../core/dom.js";
import {short, whole} from "../core/format.js";
import {lastIndexAtMost} from "../core/run_history.js";
import {meanPath, Plane, pairing, lineValues, axisRanges} from "./phase_scale.js";
import {fieldArrows, future, path, phaseGrid, phaseInWords, phaseWords, trail} from "./phase_words.js";
import {thinRows, Table} from "../controls/table.js";

const HEIGHT = 196; // px
const HIT_RADIUS = 40; // px from the pointer to a moment that is told of
const MIN_GAP = 4; // px between two older lines

export class PhasePlot {
  constructor() {
    this.what = h("span", {class: "what"});
    this.note = h("span", {class: "note"});
    this.picture = svg("svg", {
      class: "phase",
      height: HEIGHT,
      role: "img",
      onpointermove: (event) => this.point(event),
      onpointerdown: (event) => this.point(event),
      onpointerleave: () => this.point(null),
    });
    this.box = h("div", {class: "plane"}, this.picture);
    this.dashed = h("p", {class: "note dashed"});
    this.table = new Table("the phase plot", () => this.numbers());
    this.element = h(
      "figure",
      {class: "chart empty", "data-which": "phase", "data-word": "phase", role: "group", "aria-label": "Chart: phase"},
      h("figcaption", {class: "cap"}, this.what, this.table.toggle, this.note),
      this.box,
      this.dashed,
      this.table.element,
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = Math.floor(width);
        if (this.history) this.draw(this.heldStep);
      },
    ).observe(this.box);
  }

  /** What a run's variant declares decides what can be shown. */
  begin(variant, kind, spec, history) {
    const {scalars} = variant;
    const pair = pairing(scalars);
    const called = (name) => scalars[name].symbol || name.replace("/", " ");
    const declared = (name) => variant.knobs[kind].find((k) => k.name === name);
    const knob = (name) => declared(name)?.symbol || name;
    this.variant = variant;
    this.spec = spec;
    this.history = history;
    this.pair = pair;
    /** @type {any} */
    this.axisRanges = {}; // the axes as they stand, so that they creep as little as may be
    this.labelPlaces = {};
    this.log = false;
    this.hovered = null;
    this.heldStep = null;
    this.moments = null;
    this.snapshot = null;
    this.element.classList.add("empty");
    if (!pair) return;
    this.names = {
      real: called(pair.real),
      fake: called(pair.fake),
      line: pair.slope ? knob(pair.slope) : pair.series ? called(pair.series) : pair.level ? knob(pair.level) : "",
    };
    replace(this.what, symbol(this.names.fake), " over ", symbol(this.names.real));
    const line = declared(pair.slope ?? pair.level)?.title ?? pair.series?.split("/")[1];
    replace(this.dashed, ...(line ? [`Dashed: ${line} `, symbol(this.names.line)] : []));
  }

  /** Shows the vector field of a snapshot of D, where it has one. */
  showSnapshot(snapshot) {
    this.snapshot = snapshot;
    if (this.pair?.isField) this.draw(this.heldStep);
  }

  /** Whether there is no step yet with both outputs. */
  get empty() {
    return (
      !this.pair ||
      ![this.pair.real, this.pair.fake].every((name) => this.history.series[name]?.mid.some((v) => v != null))
    );
  }

  /** `step`: where the timeline stands, null at the end. */
  draw(step) {
    this.heldStep = step;
    if (!this.width || this.empty) return;
    const {history, pair} = this;
    const meanPoints = meanPath(this.history, this.pair);
    const last =
      step == null
        ? meanPoints.length - 1
        : Math.max(
            0,
            lastIndexAtMost(
              meanPoints.map((p) => p.step),
              step,
            ),
          );
    const now = {...meanPoints[last], step: step ?? history.end};
    this.moments = [...meanPoints.slice(0, last), now];
    this.lines = lineValues(pair, history, this.spec, step ?? Infinity);
    this.axisRanges = axisRanges(meanPoints, this.lines.at(-1), pair, this.axisRanges);
    this.plane = new Plane(this.axisRanges, this.width, HEIGHT);
    const {X, Y} = this.plane;
    const toPixels = (p) => [X(p.real), Y(p.fake)];
    const {left, top, width, height} = this.plane;
    const points = this.moments.map(toPixels);
    const inside = svg(
      "svg",
      {
        x: left,
        y: top,
        width,
        height,
        overflow: "hidden",
        "aria-hidden": "true",
        viewBox: `${left} ${top} ${width} ${height}`,
      },
      ...this.background(),
      ...trail(points),
      step == null ? null : future(meanPoints.slice(last).map(toPixels)),
    );
    this.ring = svg("circle", {class: "ring", r: 4, hidden: true});
    this.picture.setAttribute("width", this.width);
    const [cx, cy] = points.at(-1);
    replace(
      this.picture,
      ...phaseGrid(this.plane, HEIGHT),
      inside,
      ...phaseWords(this, points),
      svg("circle", {
        class: "now",
        cx: Math.min(left + width, Math.max(left, cx)),
        cy: Math.min(top + height, Math.max(top, cy)),
        r: 4.5,
      }),
      this.ring,
    );
    this.picture.setAttribute("aria-label", phaseInWords(this, now));
    this.table.draw();
    this.updateNote();
  }

  /** The path so far, as a table. */
  numbers() {
    return (
      this.moments && {
        head: ["step", this.names.real, this.names.fake],
        rows: thinRows(this.moments).map(({step, real, fake}) => [whole(step), short(real), short(fake)]),
      }
    );
  }

  /** Both ends of the line of a value. */
  lineEnds(value) {
    return this.pair.slope ? this.plane.line(value) : this.plane.level(value);
  }

  /** The older lines, the newest first, but for those that would lie on another. */
  olderLines() {
    const height = (value) => this.lineEnds(value)[1][1];
    const [now, ...older] = [...this.lines].reverse();
    const kept = [];
    for (const value of older)
      if ([now, ...kept].every((other) => Math.abs(height(value) - height(other)) >= MIN_GAP)) kept.push(value);
    return kept;
  }

  /** The ground on one side of the line, and the lines: the older ones dotted. */
  background() {
    const {plane, lines, pair} = this;
    if (pair.isField) return fieldArrows(plane, this.snapshot);
    const style = pair.series ? "measured" : "set";
    const now = lines.length ? this.lineEnds(lines.at(-1)) : null;
    return [
      now &&
        svg("path", {
          class: `under ${style}`,
          d: `${path(now)}L${plane.left + plane.width} ${HEIGHT}L${plane.left} ${HEIGHT}Z`,
        }),
      !pair.slope && svg("path", {class: "even", d: path(plane.line(1))}),
      ...this.olderLines().map((value) => svg("path", {class: `line ${style} was`, d: path(this.lineEnds(value))})),
      now && svg("path", {class: `line ${style}`, d: path(now)}),
    ].filter(Boolean);
  }

  /** Finds the nearest step of the path under the pointer. */
  point(event) {
    const box = event && this.picture.getBoundingClientRect();
    const {X, Y} = this.plane ?? {};
    this.hovered = null;
    if (event && X) {
      const distance = (p) => Math.hypot(X(p.real) - event.clientX + box.left, Y(p.fake) - event.clientY + box.top);
      const best = this.moments.reduce((found, p) => (distance(p) < distance(found) ? p : found));
      if (distance(best) < HIT_RADIUS) this.hovered = best;
    }
    this.updateNote();
  }

  updateNote() {
    const {hovered, moments, plane} = this;
    if (this.ring && plane) {
      this.ring.toggleAttribute("hidden", !hovered);
      if (hovered)
        Object.entries({cx: plane.X(hovered.real), cy: plane.Y(hovered.fake)}).forEach(([name, v]) =>
          this.ring.setAttribute(name, v),
        );
    }
    this.element.classList.toggle("told", Boolean(hovered));
    setText(
      this.note,
      hovered
        ? `step ${whole(hovered.step)}: ${short(hovered.fake)} / ${short(hovered.real)}`
        : moments
          ? `${whole(moments.at(-1).step - moments[0].step)} steps${plane.log ? ", log" : ""}`
          : "",
    );
  }
}
