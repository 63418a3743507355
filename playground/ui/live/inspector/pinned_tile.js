// The pinned picture of an X-ray: enlarged, with its score over the steps.

import {h, icon, pixelRatio, replace, setText, svg, symbol} from "../core/dom.js";
import {capitalise, short, whole} from "../core/format.js";
import {scoreSymbol, measureName, tileName, rowNames} from "./inspector_sheet.js";
import {drawEnlarged} from "../canvas/image_grid.js";

const TIMES = 6;
const GAP = 8;
const APART = 24;
const LEAST = 200;
const HIGH = 96;
const LEFT = 40;
const RIGHT = 10;
const TOP = 8;
const BELOW = 18; // px, but for TIMES

export class PinnedTile {
  /** `unpin()`: it is to go. */
  constructor(unpin) {
    this.title = h("h3");
    this.stills = h("div", {class: "stills"});
    this.scoreChart = svg("svg", {class: "way-of-score", height: HIGH, role: "img", "data-testid": "score-so-far"});
    this.caption = h("p", {class: "note"});
    this.element = h(
      "div",
      {class: "pinned", role: "group", "aria-label": "Pinned picture", hidden: true},
      h(
        "div",
        {class: "cap"},
        this.title,
        h(
          "button",
          {type: "button", class: "icon", "aria-label": "Unpin", onclick: unpin},
          icon("M6 6l12 12M18 6L6 18"),
        ),
      ),
      h("div", {class: "room"}, this.stills, h("div", {}, this.caption, this.scoreChart)),
    );
  }

  /**
   * Draws one tile.
   * @param {CriticSnapshot} snapshot
   * @param {any} sheet
   * @param {number | null} i the tile's index, null for none
   * @param {Map<number, number[]>} scoresByStep
   * @param {number} width
   */
  draw(snapshot, sheet, i, scoresByStep, width) {
    this.element.hidden = i == null;
    if (i == null) return;
    const tile = snapshot.tiles[i];
    const names = rowNames(snapshot);
    const side = Math.floor(Math.min(TIMES * snapshot.size, (width - GAP * (names.length - 1)) / names.length));
    const ratio = pixelRatio();
    replace(
      this.title,
      h("span", {class: `dot ${tile.of}`}),
      tileName(tile),
      h("span", {class: "note"}, symbol(scoreSymbol(snapshot)), ` ${short(tile.score)}`),
    );
    replace(
      this.stills,
      ...names.map((name, row) => {
        const canvas = h("canvas", {
          width: Math.round(side * ratio),
          height: Math.round(side * ratio),
          style: `width:${side}px`,
          role: "img",
          "aria-label": `${name} of ${tileName(tile)}`,
        });
        drawEnlarged(
          canvas.getContext("2d"),
          sheet.canvas,
          i * sheet.size,
          row * sheet.size,
          sheet.size,
          0,
          0,
          canvas.width,
        );
        return h("figure", {}, canvas, h("figcaption", {class: "note"}, symbol(name)));
      }),
    );
    const roomBeside = width - names.length * (side + GAP) - APART + GAP;
    this.drawCourse(
      snapshot,
      [...scoresByStep].map(([step, scores]) => [step, scores[i]]).sort(([a], [b]) => a - b),
      roomBeside >= LEAST ? roomBeside : width,
    );
  }

  drawCourse(snapshot, points, width) {
    setText(
      this.caption,
      `${capitalise(measureName(snapshot))} over the steps seen so ` +
        `far${points.length > 1 ? "" : ": one. Let time go on, or move along it"}.`,
    );
    this.scoreChart.toggleAttribute("hidden", points.length < 2);
    const scores = points.map(([, v]) => v);
    const log = snapshot.scale === "log" && Math.min(...scores) > 0;
    const f = log ? Math.log : (v) => v;
    const [from, to] = [points[0][0], points.at(-1)[0]];
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    const share = (v, a, b) => (b > a ? (v - a) / (b - a) : 0.5);
    const X = (step) => LEFT + share(step, from, to) * (width - LEFT - RIGHT);
    const Y = (v) => TOP + (1 - share(f(v), f(low), f(high))) * (HIGH - TOP - BELOW);
    const ground = HIGH - BELOW + 4;
    const now = points.find(([step]) => step === snapshot.step);
    this.scoreChart.setAttribute("width", width);
    replace(
      this.scoreChart,
      svg("line", {class: "ground", x1: LEFT, x2: width - RIGHT, y1: ground, y2: ground}),
      ...(high > low ? [high, low] : [high]).map((v) =>
        svg("text", {x: LEFT - 6, y: Y(v) + 4, "text-anchor": "end"}, short(v, 2)),
      ),
      svg("text", {x: LEFT, y: HIGH - 1}, `step ${whole(from)}`),
      to > from && svg("text", {x: width - RIGHT, y: HIGH - 1, "text-anchor": "end"}, whole(to)),
      svg("path", {
        class: "way",
        d: `M${points.map(([step, v]) => `${X(step).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}`,
      }),
      svg("circle", {cx: X(now[0]), cy: Y(now[1]), r: 3.5}),
    );
    this.scoreChart.setAttribute(
      "aria-label",
      `${measureName(snapshot)} at the ${points.length} steps seen so far, ${whole(from)} to ${whole(to)}: from ` +
        `${short(scores[0])} to ${short(scores.at(-1))}`,
    );
  }
}
