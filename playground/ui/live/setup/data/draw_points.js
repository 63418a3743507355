// A dialog to draw points with mouse, finger or keys, or to paste them as a table.

import {parse, Unreadable} from "./csv.js";
import {h, setText, uid} from "../../core/dom.js";
import {dialog, dialogHead} from "../../controls/dialog.js";
import {plain, whole} from "../../core/format.js";
import {ErrorLine} from "../../controls/error_line.js";
import {MIN_POINTS, MAX_POINTS, pack, EXTENT, rememberDrawing, unpack} from "../../core/points_codec.js";
import {segments} from "../../controls/segments.js";
import {drawPlane} from "./drawn_plane.js";

// Lengths in the plane's units.
const STROKE_GAP = 0.05; // between two points of a stroke
const ERASER_RADIUS = 0.22;
const KEY_STEP = 0.1; // one press of an arrow key
const LONG_KEY_STEP = 0.5; // the same with Shift
const MAX_UNDO = 100;

export class DrawPoints {
  /** `used({points, spread})`: a person has drawn, and means it. */
  constructor(used) {
    this.used = used;
    this.points = [];
    this.undoStack = [];
    this.tool = "draw";
    /** @type {[number, number]} */
    this.at = [0, 0]; // where the cross is
    const title = uid("drawing");
    const brush = uid("brush");
    const table = uid("table");
    this.count = h("span", {class: "note", role: "status", "data-testid": "drawn-count"});
    this.canvas = h("canvas", {
      tabindex: "0",
      role: "application",
      "aria-label":
        "The plane. Arrows move the cross, with Shift further; Enter puts a point or erases; Backspace undoes.",
      "data-testid": "drawing",
      onpointerdown: (event) => this.down(event),
      onpointermove: (event) => this.move(event),
      onpointerup: () => this.up(),
      onpointercancel: () => this.up(),
      onkeydown: (event) => this.key(event),
      onfocus: () => this.draw(),
      onblur: () => this.draw(),
    });
    this.tools = h("div", {class: "seg", role: "radiogroup", "aria-label": "Tool"});
    this.undoButton = h("button", {type: "button", class: "ghost", onclick: () => this.undo()}, "Undo");
    this.clearButton = h("button", {type: "button", class: "ghost", onclick: () => this.change([])}, "Clear");
    this.spread = h("input", {type: "range", id: brush, min: 0, max: 0.5, step: 0.01, oninput: () => this.draw()});
    this.text = h("textarea", {
      id: table,
      rows: 5,
      spellcheck: "false",
      autocomplete: "off",
      placeholder: "x, y\n0.5, 1.2\n−1, 0.3",
    });
    this.status = h("p", {class: "note", role: "status", "data-testid": "table-said"});
    this.error = new ErrorLine();
    this.submitButton = h("button", {type: "submit", class: "go"}, "Use these points");
    this.element = dialog(
      {class: "dialog drawing", "aria-labelledby": title},
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (event) => {
            event.preventDefault();
            this.finish();
          },
        },
        dialogHead(h("h2", {id: title}, "Draw your own points"), () => this.element.close()),
        this.canvas,
        h("div", {class: "row tools"}, this.tools, this.undoButton, this.clearButton, this.count),
        h(
          "div",
          {class: "row brush"},
          h("label", {class: "note", for: brush}, "Brush"),
          this.spread,
          h("span", {class: "note"}, "soft"),
        ),
        h(
          "details",
          {class: "more"},
          h("summary", {}, h("span", {}, "Paste a table")),
          h(
            "label",
            {class: "note", for: table},
            "An x and a y in each line, with commas, semicolons, tabs or spaces between",
          ),
          this.text,
          h("button", {type: "button", class: "ghost", onclick: () => this.read()}, "Read it"),
        ),
        this.error.element,
        this.status,
        this.submitButton,
      ),
    );
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** Opens the dialog with packed points. */
  open({points, spread}) {
    this.points = points ? unpack(points) : [];
    this.undoStack = [];
    this.at = [0, 0];
    this.spread.value = spread;
    this.setTool("draw");
    this.report("");
    this.element.showModal();
    this.canvas.focus();
    this.draw();
  }

  setTool(tool) {
    this.tool = tool;
    segments(
      this.tools,
      [
        ["draw", "Draw"],
        ["erase", "Erase"],
      ],
      tool,
      (picked) => this.setTool(picked),
    );
  }

  /** Replaces the points; this can be undone. */
  change(points) {
    this.undoStack.push(this.points);
    if (this.undoStack.length > MAX_UNDO) this.undoStack.shift();
    this.points = points;
    this.report("");
    this.draw();
  }

  undo() {
    if (!this.undoStack.length) return;
    this.points = this.undoStack.pop();
    this.report("");
    this.draw();
  }

  /** @returns {[number, number]} where in the plane a pointer is */
  planePosition(event) {
    const {left, top, width} = this.canvas.getBoundingClientRect();
    const part = (v) => Math.max(-EXTENT, Math.min(EXTENT, ((v / width) * 2 - 1) * EXTENT));
    return [part(event.clientX - left), -part(event.clientY - top)];
  }

  down(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.change(this.points);
    this.last = null;
    this.stroke(this.planePosition(event));
  }

  move(event) {
    if (this.last) for (const part of event.getCoalescedEvents?.() ?? [event]) this.stroke(this.planePosition(part));
  }

  up() {
    this.last = null;
  }

  /**
   * Draw or erase at a place of the plane; a stroke leaves points a little apart.
   * @param {number[]} place
   */
  stroke([x, y]) {
    if (this.tool === "erase") this.points = this.points.filter(([a, b]) => Math.hypot(a - x, b - y) > ERASER_RADIUS);
    else if (this.last && Math.hypot(this.last[0] - x, this.last[1] - y) < STROKE_GAP) return;
    else if (this.points.length >= MAX_POINTS)
      return this.report(`${whole(MAX_POINTS)} points are the most: erase or undo some.`);
    else this.points = [...this.points, [x, y]];
    this.last = this.at = [x, y];
    this.report("");
    this.draw();
  }

  key(event) {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key] ?? [0, 0];
    const by = event.shiftKey ? LONG_KEY_STEP : KEY_STEP;
    const inside = (v) => Math.max(-EXTENT, Math.min(EXTENT, Math.round(v * 100) / 100));
    if (dx || dy) {
      this.at = [inside(this.at[0] + dx * by), inside(this.at[1] + dy * by)];
      this.draw();
      setText(this.status, `The cross is at ${plain(this.at[0])}, ${plain(this.at[1])}.`);
    } else if (event.key === "Enter" || event.key === " ") {
      this.change(this.points);
      this.last = null;
      this.stroke(this.at);
      this.up();
    } else if (
      event.key === "Backspace" ||
      event.key === "Delete" ||
      (event.key === "z" && (event.ctrlKey || event.metaKey))
    )
      this.undo();
    else return;
    event.preventDefault();
  }

  read() {
    try {
      const {points, notes} = parse(this.text.value);
      this.change(points);
      this.report([`${whole(points.length)} points.`, ...notes].join(" "));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.report("", error.message);
    }
  }

  report(text, error = "") {
    const n = this.points.length;
    setText(this.count, n === 1 ? "1 point" : `${whole(n)} points`);
    setText(this.status, text);
    this.error.show(error);
    this.undoButton.disabled = !this.undoStack.length;
    this.clearButton.disabled = !n;
    this.submitButton.disabled = new Set(this.points.map(String)).size < MIN_POINTS;
  }

  finish() {
    const drawing = {points: pack(this.points), spread: Number(this.spread.value)};
    rememberDrawing(drawing);
    this.element.close();
    this.used(drawing);
  }

  draw() {
    const spread = Number(this.spread.value);
    const crossed = document.activeElement === this.canvas && !this.last;
    if (!this.canvas.clientWidth) return;
    this.spread.style.setProperty("--p", `${spread * 200}%`);
    this.spread.setAttribute("aria-valuetext", `σ ${plain(spread)}`);
    drawPlane(this.canvas, this.points, spread, crossed ? this.at : null);
  }
}
