// What is drawn on a chart beside its lines: what a person set is plum and dashed, where the run stands is a dot.

import {level, plain, short} from "./format.js";
import {palette} from "./theme.js";

const dpr = () => devicePixelRatio || 1;

/** Run `draw(g, X, Y, box)` with pixels of the canvas, cut to the plot unless `free`. */
function on(u, draw, free = false) {
  const {ctx: g, bbox} = u;
  g.save();
  if (!free) {
    g.beginPath();
    g.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    g.clip();
  }
  draw(g, (v) => u.valToPos(v, "x", true), (v) => u.valToPos(v, "y", true), bbox);
  g.restore();
}

function line(g, x0, y0, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

/**
 * The ranges that a good run stays in, [{low, high, colour}] with a value for each step: a soft ground between two fine lines, and its word.
 * `colour`: of those whose numbers it is for. One that is the whole plot, or none of it, is not drawn; a word gives way to that of one of the `references`.
 */
export function healthy(u, bands, references) {
  const {min, max} = u.scales.y, [steps] = u.data, words = references.filter(({label}) => label).map((line) => u.valToPos(line.steps.at(-1)[1], "y", true)), within = (v) => Math.min(max, Math.max(min, v)), sliver = (max - min) / 30;
  for (const {low, high, colour} of bands) {
    const there = steps.flatMap((_, i) => (low[i] == null || high[i] == null ? [] : [i])), own = colour !== "trace";
    if (there.every((i) => low[i] <= min + sliver && high[i] >= max - sliver) || there.every((i) => within(low[i]) >= within(high[i]))) continue;
    on(u, (g, X, Y, {left, width}) => {
      const xs = [left, ...there.map((i) => X(steps[i])), left + width], all = [there[0], ...there, there.at(-1)];
      const edge = (values) => all.map((i, k) => [xs[k], Y(within(values[i]))]), below = edge(low), above = edge(high.map((v, i) => Math.max(v, low[i])));
      const way = (points) => points.forEach(([x, y], k) => (k ? g.lineTo(x, y) : g.moveTo(x, y)));
      Object.assign(g, {fillStyle: own ? palette[colour] : palette.ink, globalAlpha: own ? 0.07 : 0.045});
      g.beginPath();
      way([...below, ...above.reverse()]);
      g.fill();
      Object.assign(g, {strokeStyle: own ? palette[colour] : palette.ink3, globalAlpha: 0.45, lineWidth: dpr()});
      g.setLineDash([dpr(), 3 * dpr()]);
      for (const points of [below, above]) {
        g.beginPath();
        way(points);
        g.stroke();
      }
    });
    on(u, (g, X, Y, {left, width}) => {
      const last = there.at(-1), y = Y((within(low[last]) + within(high[last])) / 2);
      if (low[last] > high[last] || words.some((other) => Math.abs(other - y) < 11 * dpr())) return;
      words.push(y);
      Object.assign(g, {fillStyle: own ? palette[colour] : palette.ink3, font: `${10 * dpr()}px ${palette.sans}`, textAlign: "left", textBaseline: "middle"});
      g.fillText("healthy", left + width + 8 * dpr(), y);
    }, true);
  }
}

/** Answers, a lane for each: ink where it is yes. */
export function lanes(u, n) {
  on(u, (g, X, Y, {left, width}) => {
    const [steps] = u.data, half = 0.2;
    for (let i = 0; i < n; i++) {
      const middle = n - i - 0.5, values = u.data[3 * i + 1];
      g.fillStyle = palette.rule;
      g.fillRect(left, Y(middle) - dpr() / 2, width, dpr());
      g.fillStyle = palette.trace;
      values.forEach((v, k) => {
        const from = X(steps[k - 1] ?? 0), to = X(steps[k]);
        g.globalAlpha = 0.8 * (v ?? 0);
        if (v) g.fillRect(from, Y(middle + half), Math.max(dpr(), to - from + 0.5), Y(middle - half) - Y(middle + half));
      });
      g.globalAlpha = 1;
    }
  });
}

/** Stretches in which G does not play yet: a shade, and the phase's name where it has room. `found`: [{phase, from, to}]. */
export function phases(u, found) {
  if (found.length) on(u, (g, X, Y, {left, top, width, height}) => {
    for (const {phase, from, to} of found) {
      const start = Math.max(left, X(from)), end = Math.min(left + width, to === Infinity ? left + width : X(to));
      if (end - start < 1) continue;
      Object.assign(g, {fillStyle: palette.ink, globalAlpha: 0.06});
      g.fillRect(start, top, end - start, height);
      Object.assign(g, {fillStyle: palette.rule2, globalAlpha: 1});
      g.fillRect(start, top, end - start, 2 * dpr());
      if (from > 0) g.fillRect(start, top, dpr(), height);
      g.font = `${11 * dpr()}px ${palette.sans}`;
      Object.assign(g, {fillStyle: palette.ink3, textBaseline: "top", textAlign: "right"});
      if (g.measureText(phase).width + 8 * dpr() < end - start) g.fillText(phase, end - 4 * dpr(), top + 5 * dpr());
    }
  });
}

export function tunes(u, found) {
  if (found.length) on(u, (g, X, Y, {top, height}) => {
    g.strokeStyle = palette.hand;
    g.lineWidth = dpr();
    g.setLineDash([2 * dpr(), 3 * dpr()]);
    for (const {step} of found) line(g, X(step), top, X(step), top + height);
  });
}

/** Where the timeline stands, when it is not at the end. */
export function held(u, step) {
  if (step != null) on(u, (g, X, Y, {top, height}) => {
    g.strokeStyle = palette.ink2;
    g.lineWidth = dpr();
    line(g, X(step), top, X(step), top + height);
  });
}

/** Steps over its history: each value from where it was set to the next. */
export function reference(u, given) {
  if (given) on(u, (g, X, Y, {left, width}) => {
    g.strokeStyle = palette[given.colour];
    g.lineWidth = 1.5 * dpr();
    g.setLineDash([5 * dpr(), 3 * dpr()]);
    given.steps.forEach(([from, value], i) => line(g, Math.max(left, X(from)), Y(value), i + 1 < given.steps.length ? X(given.steps[i + 1][0]) : left + width, Y(value)));
  });
}

/** A dot where each line ends. */
export function ends(u, lines, colours) {
  on(u, (g, X, Y, {left, top, width, height}) => {
    for (let i = 0; i < lines; i++) {
      const values = u.data[3 * i + 1], at = values.findLastIndex((v) => v != null);
      if (at < 0) continue;
      const x = X(u.data[0][at]), y = Math.min(top + height, Math.max(top, Y(values[at])));
      if (x > left + width + 1) continue;
      g.fillStyle = colours[i];
      g.beginPath();
      g.arc(x, y, 3 * dpr(), 0, 2 * Math.PI);
      g.fill();
    }
  }, true);
}

/** The reference's name and present value in the right margin. */
export function label(u, given) {
  if (given?.label) on(u, (g, X, Y, {left, top, width, height}) => {
    const [, value] = given.steps.at(-1), x = left + width + 10 * dpr(), y = Y(value), text = plain(Number(value.toPrecision(3)));
    if (y < top - 1 || y > top + height + 1) return;
    g.fillStyle = palette[given.colour];
    g.textBaseline = "middle";
    g.textAlign = "left";
    g.font = `italic ${14 * dpr()}px ${palette.math}`;
    const [letter] = given.label.split("_");
    g.fillText(letter, x, y);
    const wide = g.measureText(letter).width;
    g.font = `${11 * dpr()}px ${palette.sans}`;
    g.fillText(text, x + wide + 4 * dpr(), y);
  }, true);
}

/** What real data reach against real data: its words on the line, at the end where the curve of `values` is further off. */
export function floor(u, given, values) {
  on(u, (g, X, Y, {left, top, width, height}) => {
    const [[, value]] = given.steps, y = Y(value), above = y - top > 16 * dpr(), here = values.filter((v) => v != null), off = (v) => Math.abs(Y(v) - y);
    if (y < top - 1 || y > top + height + 1) return;
    const first = here.length > 0 && off(here[0]) > off(here.at(-1)), text = `${given.label} ${u.scales.y.distr === 3 ? short(value, 2) : level(value)}`;
    g.font = `${11 * dpr()}px ${palette.sans}`;
    Object.assign(g, {fillStyle: palette.real, strokeStyle: palette.paper, lineWidth: 3 * dpr(), lineJoin: "round", textAlign: first ? "left" : "right", textBaseline: above ? "bottom" : "top"});
    const at = [first ? left + 4 * dpr() : left + width - 2 * dpr(), y + (above ? -2 : 3) * dpr()];
    g.strokeText(text, ...at);
    g.fillText(text, ...at);
  });
}
