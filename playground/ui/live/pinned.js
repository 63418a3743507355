// One picture of the x-ray that a person keeps in front: large, and with its score over the steps that were seen.

import {h, icon, replace, say, svg, symbol} from "./dom.js";
import {capital, short, whole} from "./format.js";
import {letter, measured, named, rows} from "./sheet.js";
import {enlarge, ratio} from "./tiles.js";

const TIMES = 6, GAP = 8, APART = 24, LEAST = 200, HIGH = 96, LEFT = 40, RIGHT = 10, TOP = 8, BELOW = 18;        // px, but for TIMES

export class Pinned {
  /** `unpin()`: it is to go. */
  constructor(unpin) {
    this.title = h("h3");
    this.stills = h("div", {class: "stills"});
    this.way = svg("svg", {class: "way-of-score", height: HIGH, role: "img", "data-testid": "score-so-far"});
    this.says = h("p", {class: "note"});
    this.element = h("div", {class: "pinned", role: "group", "aria-label": "Pinned picture", hidden: true},
      h("div", {class: "cap"}, this.title, h("button", {type: "button", class: "icon", "aria-label": "Unpin", onclick: unpin}, icon("M6 6l12 12M18 6L6 18"))), h("div", {class: "room"}, this.stills, h("div", {}, this.says, this.way)));
  }

  /** Tile `i` of the look, null for none; `past`: step -> the scores of all tiles. */
  draw(look, sheet, i, past, width) {
    this.element.hidden = i == null;
    if (i == null) return;
    const tile = look.tiles[i], names = rows(look), side = Math.floor(Math.min(TIMES * look.size, (width - GAP * (names.length - 1)) / names.length)), dense = ratio();
    replace(this.title, h("span", {class: `dot ${tile.of}`}), named(tile), h("span", {class: "note"}, symbol(letter(look)), ` ${short(tile.score)}`));
    replace(this.stills, ...names.map((name, row) => {
      const canvas = h("canvas", {width: Math.round(side * dense), height: Math.round(side * dense), style: `width:${side}px`, role: "img", "aria-label": `${name} of ${named(tile)}`});
      enlarge(canvas.getContext("2d"), sheet.canvas, i * sheet.size, row * sheet.size, sheet.size, 0, 0, canvas.width);
      return h("figure", {}, canvas, h("figcaption", {class: "note"}, symbol(name)));
    }));
    const beside = width - names.length * (side + GAP) - APART + GAP;
    this.course(look, [...past].map(([step, scores]) => [step, scores[i]]).sort(([a], [b]) => a - b), beside >= LEAST ? beside : width);
  }

  course(look, points, width) {
    say(this.says, `${capital(measured(look))} over the steps seen so far${points.length > 1 ? "" : ": one. Let time go on, or move along it"}.`);
    this.way.toggleAttribute("hidden", points.length < 2);
    const scores = points.map(([, v]) => v), log = look.scale === "log" && Math.min(...scores) > 0, f = log ? Math.log : (v) => v;
    const [from, to] = [points[0][0], points.at(-1)[0]], [low, high] = [Math.min(...scores), Math.max(...scores)], share = (v, a, b) => (b > a ? (v - a) / (b - a) : 0.5);
    const X = (step) => LEFT + share(step, from, to) * (width - LEFT - RIGHT), Y = (v) => TOP + (1 - share(f(v), f(low), f(high))) * (HIGH - TOP - BELOW), ground = HIGH - BELOW + 4, now = points.find(([step]) => step === look.step);
    this.way.setAttribute("width", width);
    replace(this.way, svg("line", {class: "ground", x1: LEFT, x2: width - RIGHT, y1: ground, y2: ground}),
      ...(high > low ? [high, low] : [high]).map((v) => svg("text", {x: LEFT - 6, y: Y(v) + 4, "text-anchor": "end"}, short(v, 2))),
      svg("text", {x: LEFT, y: HIGH - 1}, `step ${whole(from)}`), to > from && svg("text", {x: width - RIGHT, y: HIGH - 1, "text-anchor": "end"}, whole(to)),
      svg("path", {class: "way", d: `M${points.map(([step, v]) => `${X(step).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}`}),
      svg("circle", {cx: X(now[0]), cy: Y(now[1]), r: 3.5}));
    this.way.setAttribute("aria-label", `${measured(look)} at the ${points.length} steps seen so far, ${whole(from)} to ${whole(to)}: from ${short(scores[0])} to ${short(scores.at(-1))}`);
  }
}
