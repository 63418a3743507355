// The large picture: points in the plane, or the grid of samples. Frames are immutable, so they are fetched once and kept.

import {h, replace, token} from "./dom.js";
import {whole} from "./format.js";

const VIEW = 3;                 // the plane from -3 to 3
const KEPT = 120;               // frames in memory

export class Picture {
  constructor(root) {
    this.root = root;
    this.canvas = h("canvas", {role: "img"});
    this.title = h("h2");
    this.says = h("p");
    this.step = h("span", {class: "note", "data-testid": "frame-step"});
    this.foot = h("p", {class: "note cap"}, h("span"), this.step);
    this.layers = {real: true, fake: true};
    this.buttons = Object.keys(this.layers).map((layer) => h("button", {type: "button", "aria-pressed": "true", onclick: (event) => {
      this.layers[layer] = !this.layers[layer];
      event.currentTarget.setAttribute("aria-pressed", String(this.layers[layer]));
      this.draw();
    }}, h("span", {class: `dot ${layer}`}), layer));
    this.toggles = h("div", {class: "layers", role: "group", "aria-label": "Layers"}, ...this.buttons);
    this.window = h("div", {class: "window"}, this.canvas);
    this.element = h("section", {class: "centre", "aria-label": "Picture"},
      h("div", {class: "title"}, this.title, this.toggles, this.says), this.window, this.foot);
    new ResizeObserver(() => this.draw()).observe(this.window);
    this.forget();
  }

  forget() {
    this.frames = new Map();
    this.points = this.real = this.image = null;
    this.shown = -1;
  }

  /** A run's kind decides what is drawn; `real` is where its held-out points are. */
  async begin(run, data, size, real) {
    this.forget();
    Object.assign(this, {run, kind: data.kind, size});
    const points = data.kind === "points";
    this.toggles.hidden = !points;
    replace(this.title, points ? "Samples in the plane" : "Samples");
    replace(this.says, ...(points ? ["Filled is real, hollow is what ", h("i", {}, "G"), " makes of fixed noise."] : ["The same 64 ", h("i", {}, "z"), " at every step, so that you can watch one picture change."]));
    replace(this.foot.firstChild, points ? "512 of G's samples, 1,000 held-out points" : `${size} × ${size}, shown enlarged`);
    replace(this.step, "");
    this.window.classList.toggle("grid", !points);
    if (real) this.real = await this.fetch(real, true);
    this.draw();
  }

  async fetch(url, points) {
    const answer = await fetch(url);
    if (!answer.ok) return null;
    if (!points) return createImageBitmap(await answer.blob());
    return Float32Array.from(new Int16Array(await answer.arrayBuffer()), (v) => v / 4096);
  }

  /** Show the frame of a step; the last one asked for wins. */
  async show(step) {
    if (this.asked === step && this.shown === step) return;
    this.asked = step;
    const run = this.run;
    if (!this.frames.has(step)) {
      const made = await this.fetch(`/play/runs/${run}/frames/${step}`, this.kind === "points").catch(() => null);
      if (!made || run !== this.run) return;
      this.frames.set(step, made);
      if (this.frames.size > KEPT) this.frames.delete(this.frames.keys().next().value);
    }
    if (this.asked !== step) return;
    this.shown = step;
    replace(this.step, `step ${whole(step)}`);
    this.canvas.setAttribute("aria-label", this.kind === "points" ? `Real points and 512 fakes at step ${whole(step)}` : `64 samples at step ${whole(step)}`);
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    const side = this.window.clientWidth, ratio = Math.min(devicePixelRatio || 1, 3), frame = this.frames.get(this.shown);
    if (!side) return;
    if (this.kind === "images") return this.drawGrid(frame);
    const size = Math.round(side * ratio);
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    const g = this.canvas.getContext("2d"), small = side < 450, pad = small ? 0 : 22, span = side - pad;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, side, side);
    this.axes(g, pad, span);
    const X = (x) => pad + (x + VIEW) / (2 * VIEW) * span, Y = (y) => (VIEW - y) / (2 * VIEW) * span;
    g.save();
    g.beginPath();
    g.rect(pad, 0, span, span);
    g.clip();
    if (this.real && this.layers.real) this.dots(g, this.real, X, Y, small ? 1.5 : 2, true);
    if (frame && this.layers.fake) this.dots(g, frame, X, Y, small ? 2.3 : 3, false);
    g.restore();
  }

  dots(g, points, X, Y, radius, filled) {
    g.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const x = X(points[i]), y = Y(points[i + 1]);
      g.moveTo(x + radius, y);
      g.arc(x, y, radius, 0, 2 * Math.PI);
    }
    if (filled) {
      g.fillStyle = token(this.root, "--real");
      g.globalAlpha = 0.55;
      g.fill();
      g.globalAlpha = 1;
    } else {
      g.strokeStyle = token(this.root, "--fake");
      g.lineWidth = 1.4;
      g.stroke();
    }
  }

  axes(g, pad, span) {
    g.fillStyle = token(this.root, "--surface");
    g.fillRect(pad, 0, span, span);
    g.strokeStyle = token(this.root, "--rule");
    g.lineWidth = 1;
    g.fillStyle = token(this.root, "--ink-3");
    g.font = `11px ${token(this.root, "--sans")}`;
    for (let t = -VIEW; t <= VIEW; t++) {
      const at = (t + VIEW) / (2 * VIEW) * span, edge = Math.abs(t) === VIEW;
      if (!edge) {
        g.beginPath();
        g.moveTo(pad + at, 0);
        g.lineTo(pad + at, span);
        g.moveTo(pad, at);
        g.lineTo(pad + span, at);
        g.stroke();
      }
      if (!pad) continue;
      const label = String(t).replace("-", "−");
      g.textBaseline = "top";
      g.textAlign = t === -VIEW ? "left" : t === VIEW ? "right" : "center";
      g.fillText(label, pad + at, span + 7);
      g.textAlign = "right";
      g.textBaseline = t === VIEW ? "top" : t === -VIEW ? "bottom" : "middle";
      g.fillText(label, pad - 6, span - at);
    }
    g.strokeStyle = token(this.root, "--rule-2");
    g.strokeRect(pad + 0.5, 0.5, span - 1, span - 1);
  }

  /** Tile by tile, the paper showing between them. */
  drawGrid(frame) {
    if (!frame) {
      this.canvas.width = this.canvas.height = 1;
      return;
    }
    const n = this.size, times = Math.max(1, Math.floor(512 / (8 * n))), gap = 6;       // whole multiples keep pixels square
    const side = n * times, all = 8 * side + 7 * gap;
    if (this.canvas.width !== all) this.canvas.width = this.canvas.height = all;
    const g = this.canvas.getContext("2d");
    g.clearRect(0, 0, all, all);
    g.imageSmoothingEnabled = false;
    for (let i = 0; i < 64; i++) {
      const column = i % 8, row = Math.floor(i / 8);
      g.drawImage(frame, column * (n + 1), row * (n + 1), n, n, column * (side + gap), row * (side + gap), side, side);
    }
  }
}
