// Points of one's own: drawn with the mouse, a finger or the keys, or pasted as a table.

import {parse, Unreadable} from "./csv.js";
import {h, icon, say, uid} from "./dom.js";
import {plain, whole} from "./format.js";
import {LEAST, MOST, pack, REACH, remember, unpack} from "./packed.js";
import {segments} from "./segments.js";
import {palette} from "./theme.js";

const APART = 0.05, RUBBER = 0.22, NEAR = 0.1, FAR = 0.5;      // in the plane: between two points of a stroke, the eraser's radius, a press of an arrow, with Shift
const DOTS = 1600, EACH = 8, BACK = 100;                        // dots that show the cloud, at most so many a point; how often it can be undone

/** Two numbers like a Gaussian's draws for dot `i`, the same at every drawing. */
const noise = Array.from({length: 4096}, (_, i) => {
  const u = ((i * 0.754877666 + 0.5) % 1) || 0.5, v = (i * 0.569840291 + 0.5) % 1, r = Math.sqrt(-2 * Math.log(u));
  return [r * Math.cos(2 * Math.PI * v), r * Math.sin(2 * Math.PI * v)];
});

export class Drawing {
  /** `used({points, spread})`: a person has drawn, and means it. */
  constructor(used) {
    Object.assign(this, {used, points: [], undone: [], tool: "draw", at: [0, 0]});
    const title = uid("drawing"), brush = uid("brush"), table = uid("table"), close = () => this.element.close();
    this.count = h("span", {class: "note", role: "status", "data-testid": "drawn-count"});
    this.canvas = h("canvas", {tabindex: "0", role: "application", "aria-label": "The plane. Arrows move the cross, with Shift further; Enter puts a point or erases; Backspace undoes.", "data-testid": "drawing",
      onpointerdown: (event) => this.down(event), onpointermove: (event) => this.move(event), onpointerup: () => this.up(), onpointercancel: () => this.up(), onkeydown: (event) => this.key(event), onfocus: () => this.draw(), onblur: () => this.draw()});
    this.tools = h("div", {class: "seg", role: "radiogroup", "aria-label": "Tool"});
    this.back = h("button", {type: "button", class: "ghost", onclick: () => this.undo()}, "Undo");
    this.clear = h("button", {type: "button", class: "ghost", onclick: () => this.change([])}, "Clear");
    this.spread = h("input", {type: "range", id: brush, min: 0, max: 0.5, step: 0.01, oninput: () => this.draw()});
    this.text = h("textarea", {id: table, rows: 5, spellcheck: "false", autocomplete: "off", placeholder: "x, y\n0.5, 1.2\n−1, 0.3"});
    this.said = h("p", {class: "note", role: "status", "data-testid": "table-said"});
    this.wrong = h("p", {class: "wrong", role: "alert", hidden: true});
    this.use = h("button", {type: "submit", class: "go"}, "Use these points");
    this.element = h("dialog", {class: "dialog drawing", "aria-labelledby": title, onclick: ({target}) => { if (target === this.element) close(); }},
      h("form", {method: "dialog", onsubmit: (event) => { event.preventDefault(); this.done(); }},
        h("div", {class: "cap"}, h("h2", {id: title}, "Draw your own points"), h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon("M6 6l12 12M18 6L6 18"))),
        this.canvas,
        h("div", {class: "row tools"}, this.tools, this.back, this.clear, this.count),
        h("div", {class: "row brush"}, h("label", {class: "note", for: brush}, "Brush"), this.spread, h("span", {class: "note"}, "soft")),
        h("details", {class: "more"}, h("summary", {}, h("span", {}, "Paste a table")), h("label", {class: "note", for: table}, "An x and a y in each line, with commas, semicolons, tabs or spaces between"), this.text,
          h("button", {type: "button", class: "ghost", onclick: () => this.read()}, "Read it")),
        this.wrong, this.said, this.use));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** With the points of a text to begin with. */
  open({points, spread}) {
    Object.assign(this, {points: points ? unpack(points) : [], undone: [], at: [0, 0]});
    this.spread.value = spread;
    this.pick("draw");
    this.tell("");
    this.element.showModal();
    this.canvas.focus();
    this.draw();
  }

  pick(tool) {
    this.tool = tool;
    segments(this.tools, [["draw", "Draw"], ["erase", "Erase"]], tool, (picked) => this.pick(picked));
  }

  /** Other points, which can be undone. */
  change(points) {
    this.undone.push(this.points);
    if (this.undone.length > BACK) this.undone.shift();
    this.points = points;
    this.tell("");
    this.draw();
  }

  undo() {
    if (!this.undone.length) return;
    this.points = this.undone.pop();
    this.tell("");
    this.draw();
  }

  where(event) {
    const {left, top, width} = this.canvas.getBoundingClientRect(), part = (v) => Math.max(-REACH, Math.min(REACH, (v / width * 2 - 1) * REACH));
    return [part(event.clientX - left), -part(event.clientY - top)];
  }

  down(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.change(this.points);
    this.last = null;
    this.stroke(this.where(event));
  }

  move(event) {
    if (this.last) for (const part of event.getCoalescedEvents?.() ?? [event]) this.stroke(this.where(part));
  }

  up() {
    this.last = null;
  }

  /** Draw or erase at a place of the plane; a stroke leaves points a little apart. */
  stroke([x, y]) {
    if (this.tool === "erase") this.points = this.points.filter(([a, b]) => Math.hypot(a - x, b - y) > RUBBER);
    else if (this.last && Math.hypot(this.last[0] - x, this.last[1] - y) < APART) return;
    else if (this.points.length >= MOST) return this.tell(`${whole(MOST)} points are the most: erase or undo some.`);
    else this.points = [...this.points, [x, y]];
    this.last = this.at = [x, y];
    this.tell("");
    this.draw();
  }

  key(event) {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key] ?? [0, 0], by = event.shiftKey ? FAR : NEAR, inside = (v) => Math.max(-REACH, Math.min(REACH, Math.round(v * 100) / 100));
    if (dx || dy) {
      this.at = [inside(this.at[0] + dx * by), inside(this.at[1] + dy * by)];
      this.draw();
      say(this.said, `The cross is at ${plain(this.at[0])}, ${plain(this.at[1])}.`);
    } else if (event.key === "Enter" || event.key === " ") {
      this.change(this.points);
      this.last = null;
      this.stroke(this.at);
      this.up();
    } else if (event.key === "Backspace" || event.key === "Delete" || (event.key === "z" && (event.ctrlKey || event.metaKey))) this.undo();
    else return;
    event.preventDefault();
  }

  read() {
    try {
      const {points, said} = parse(this.text.value);
      this.change(points);
      this.tell([`${whole(points.length)} points.`, ...said].join(" "));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.tell("", error.message);
    }
  }

  tell(said, wrong = "") {
    const n = this.points.length;
    say(this.count, n === 1 ? "1 point" : `${whole(n)} points`);
    say(this.said, said);
    say(this.wrong, wrong);
    this.wrong.hidden = !wrong;
    this.back.disabled = !this.undone.length;
    this.clear.disabled = !n;
    this.use.disabled = new Set(this.points.map(String)).size < LEAST;
  }

  done() {
    const drawing = {points: pack(this.points), spread: Number(this.spread.value)};
    remember(drawing);
    this.element.close();
    this.used(drawing);
  }

  draw() {
    const side = this.canvas.clientWidth, ratio = Math.min(devicePixelRatio || 1, 3), g = this.canvas.getContext("2d"), spread = Number(this.spread.value), place = ([x, y]) => [(x / REACH + 1) / 2 * side, (1 - y / REACH) / 2 * side];
    if (!side) return;
    this.spread.style.setProperty("--p", `${spread * 200}%`);
    this.spread.setAttribute("aria-valuetext", `σ ${plain(spread)}`);
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    Object.assign(g, {fillStyle: palette.surface, strokeStyle: palette.rule, lineWidth: 1});
    g.fillRect(0, 0, side, side);
    g.beginPath();
    for (let t = 1 - REACH; t < REACH; t++) {
      const [x, y] = place([t, t]).map((v) => Math.round(v) + 0.5);
      g.moveTo(x, 0);
      g.lineTo(x, side);
      g.moveTo(0, y);
      g.lineTo(side, y);
    }
    g.stroke();
    Object.assign(g, {fillStyle: palette.real, globalAlpha: 0.6});
    const each = spread ? Math.max(1, Math.min(EACH, Math.round(DOTS / (this.points.length || 1)))) : 1;
    g.beginPath();
    this.points.forEach(([x, y], i) => {
      for (let k = 0; k < each; k++) {
        const [u, v] = noise[(i * EACH + k) % noise.length], [px, py] = place([x + spread * u, y + spread * v]);
        g.moveTo(px + 2, py);
        g.arc(px, py, 2, 0, 2 * Math.PI);
      }
    });
    g.fill();
    g.globalAlpha = 1;
    if (document.activeElement !== this.canvas || this.last) return;
    const [x, y] = place(this.at).map((v) => Math.round(v) + 0.5);
    g.strokeStyle = palette.hand;
    g.strokeRect(x - 4, y - 4, 8, 8);
    g.beginPath();
    for (const [a, b] of [[-11, 0], [11, 0], [0, -11], [0, 11]]) {
      g.moveTo(x + a, y + b);
      g.lineTo(x + a * 0.4, y + b * 0.4);
    }
    g.stroke();
  }
}
