// Codes of data in a square of the latent space, coloured by class, before draws of the prior; its legend dims classes.

import {h, pixelRatio, replace} from "../../core/dom.js";
import {short, whole} from "../../core/format.js";
import {palette} from "../../core/theme.js";
import {drawZeroAxes} from "./pad_background.js";

// ten hues that differ in both themes
const COLOURS = "#4e79a7 #f28e2b #d64550 #3aa6a0 #59a14f #d4a51c #a06bb0 #f07f9d #9c6b4e #7d8b36".split(" ");
const RADIUS = 2.4; // px
const PRIOR_RADIUS = 1.3; // px
const FAINT = 0.1; // of a class that is dimmed

/** The colour of a class: itself, where the classes are colours. */
function colour(classes, i) {
  if (/^#[0-9a-f]{6}$/i.test(classes[i])) return classes[i];
  return classes.length <= COLOURS.length ? COLOURS[i] : `hsl(${Math.round((360 * i) / classes.length)} 60% 52%)`;
}

export class CodeScatter {
  constructor() {
    this.answer = null;
    this.dimmed = new Set();
    this.canvas = h("canvas", {role: "img", "aria-label": "Codes of held-out samples"});
    this.legend = h("div", {class: "legend", role: "group", "aria-label": "Classes"});
    this.element = h("div", {class: "code-scatter"}, this.canvas, this.legend);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** @param {{codes: Point[], prior: Point[], labels: number[] | null, classes: string[], reach: number}} answer */
  set(answer) {
    const {classes} = answer;
    if (classes.join() !== this.answer?.classes.join()) this.dimmed.clear();
    this.answer = answer;
    const keys = classes.length
      ? classes.map((name, i) => this.key(i, name, colour(classes, i)))
      : [h("span", {class: "key"}, swatch(palette.real), "held-out samples")];
    replace(this.legend, ...keys, h("span", {class: "key"}, swatch(palette.ink3), "drawn from the prior"));
    const what = `${whole(answer.codes.length)} codes and as many draws of the prior`;
    this.canvas.setAttribute("aria-label", `${what}, within ${short(answer.reach)} of the middle`);
    this.draw();
  }

  /** A class of the legend: pressed while it is shown in full. */
  key(i, name, tone) {
    const button = h("button", {type: "button", class: "key", "aria-pressed": String(!this.dimmed.has(i))});
    button.append(swatch(tone), h("span", {}, name));
    button.title = `Dim or show ${name}`;
    button.onclick = () => {
      if (!this.dimmed.delete(i)) this.dimmed.add(i);
      button.setAttribute("aria-pressed", String(!this.dimmed.has(i)));
      this.draw();
    };
    return button;
  }

  draw() {
    const {answer, canvas} = this;
    const side = canvas.clientWidth;
    if (!answer || !side) return;
    const {codes, prior, labels, classes, reach} = answer;
    const ratio = pixelRatio();
    canvas.width = canvas.height = Math.round(side * ratio);
    const g = canvas.getContext("2d");
    g.scale(ratio, ratio);
    const X = (x) => (0.5 + x / (2 * reach)) * side;
    const Y = (y) => (0.5 - y / (2 * reach)) * side;
    g.fillStyle = palette.sunk;
    g.fillRect(0, 0, side, side);
    drawZeroAxes(g, X, Y, side);
    const dots = (places, radius) => {
      g.beginPath();
      for (const [x, y] of places) {
        g.moveTo(X(x) + radius, Y(y));
        g.arc(X(x), Y(y), radius, 0, 2 * Math.PI);
      }
      g.fill();
    };
    Object.assign(g, {fillStyle: palette.ink3, globalAlpha: 0.55});
    dots(prior, PRIOR_RADIUS);
    (labels ? classes : [""]).forEach((_, i) => {
      const tone = labels ? colour(classes, i) : palette.real;
      Object.assign(g, {fillStyle: tone, globalAlpha: this.dimmed.has(i) ? FAINT : 0.85});
      dots(labels ? codes.filter((_, k) => labels[k] === i) : codes, RADIUS);
    });
    g.globalAlpha = 1;
  }
}

const swatch = (tone) => {
  const made = h("i", {"aria-hidden": "true"});
  made.style.background = tone;
  return made;
};
