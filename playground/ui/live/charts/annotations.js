// Annotations of a chart: values that a person set are plum and dashed, the present step is a dot.

import {twoDigits, plain, short, meanAndDeviation} from "../core/format.js";
import {palette} from "../core/theme.js";
import {dotted, places} from "./label_placement.js";

const LABEL_OFFSETS = [-3, 12, -16, 25, -30, 40]; // px from a line down to the foot of its words, the best first

export const dpr = () => devicePixelRatio || 1;

/** Run `draw(g, X, Y, box)` with pixels of the canvas, cut to the plot unless `free`. */
export function drawOnPlot(u, draw, free = false) {
  const {ctx: g, bbox} = u;
  g.save();
  if (!free) {
    g.beginPath();
    g.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    g.clip();
  }
  const X = (v) => u.valToPos(v, "x", true);
  const Y = (v) => u.valToPos(v, "y", true);
  draw(g, X, Y, bbox);
  g.restore();
}

function line(g, x0, y0, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

/** Criteria, a lane for each: filled where it holds. */
export function lanes(u, n) {
  drawOnPlot(u, (g, X, Y, {left, width}) => {
    const [steps] = u.data;
    const half = 0.2;
    for (let i = 0; i < n; i++) {
      const middle = n - i - 0.5;
      const values = u.data[3 * i + 1];
      g.fillStyle = palette.rule;
      g.fillRect(left, Y(middle) - dpr() / 2, width, dpr());
      g.fillStyle = palette.trace;
      values.forEach((v, k) => {
        const from = X(steps[k - 1] ?? 0);
        const to = X(steps[k]);
        g.globalAlpha = 0.8 * (v ?? 0);
        if (v)
          g.fillRect(from, Y(middle + half), Math.max(dpr(), to - from + 0.5), Y(middle - half) - Y(middle + half));
      });
      g.globalAlpha = 1;
    }
  });
}

/** Shades the spans in which G does not train yet, with the phase's name where there is room. */
export function phases(u, found) {
  if (found.length)
    drawOnPlot(u, (g, X, Y, {left, top, width, height}) => {
      for (const {phase, from, to} of found) {
        const start = Math.max(left, X(from));
        const end = Math.min(left + width, to === Infinity ? left + width : X(to));
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

export function tuneLines(u, found) {
  if (found.length)
    drawOnPlot(u, (g, X, Y, {top, height}) => {
      g.strokeStyle = palette.hand;
      g.lineWidth = dpr();
      g.setLineDash([2 * dpr(), 3 * dpr()]);
      for (const {step} of found) line(g, X(step), top, X(step), top + height);
    });
}

/** A line at the timeline's step, unless that is the newest. */
export function heldLine(u, step) {
  if (step != null)
    drawOnPlot(u, (g, X, Y, {top, height}) => {
      g.strokeStyle = palette.ink2;
      g.lineWidth = dpr();
      line(g, X(step), top, X(step), top + height);
    });
}

/** A reference line with its history: each value from the step where it was set. */
export function referenceLine(u, reference) {
  if (reference)
    drawOnPlot(u, (g, X, Y, {left, width}) => {
      g.strokeStyle = palette[reference.colour];
      g.lineWidth = 1.5 * dpr();
      g.setLineDash([5 * dpr(), 3 * dpr()]);
      reference.steps.forEach(([from, value], i) => {
        const next = reference.steps[i + 1];
        line(g, Math.max(left, X(from)), Y(value), next ? X(next[0]) : left + width, Y(value));
      });
    });
}

/** A soft band: the deviation of single draws of real data. */
export function drawsBand(u, reference) {
  if (reference.within)
    drawOnPlot(u, (g, X, Y, {left, width}) => {
      const [[, value]] = reference.steps;
      const {min, max} = u.scales.y;
      const top = Y(Math.min(max, value + reference.within));
      const bottom = Y(Math.max(min, value - reference.within));
      Object.assign(g, {fillStyle: palette[reference.colour], globalAlpha: 0.14});
      g.fillRect(left, top, width, Math.max(dpr(), bottom - top));
    });
}

/** A dot where each line ends. */
export function endDots(u, lines, colours) {
  drawOnPlot(
    u,
    (g, X, Y, {left, top, width, height}) => {
      for (let i = 0; i < lines; i++) {
        const values = u.data[3 * i + 1];
        const at = values.findLastIndex((v) => v != null);
        if (at < 0) continue;
        const x = X(u.data[0][at]);
        const y = Math.min(top + height, Math.max(top, Y(values[at])));
        if (x > left + width + 1) continue;
        g.fillStyle = colours[i];
        g.beginPath();
        g.arc(x, y, 3 * dpr(), 0, 2 * Math.PI);
        g.fill();
      }
    },
    true,
  );
}

/** The reference's name and present value in the right margin. */
export function marginLabel(u, reference) {
  if (reference?.label)
    drawOnPlot(
      u,
      (g, X, Y, {left, top, width, height}) => {
        const [, value] = reference.steps.at(-1);
        const x = left + width + 10 * dpr();
        const y = Y(value);
        const text = plain(Number(value.toPrecision(3)));
        if (y < top - 1 || y > top + height + 1) return;
        g.fillStyle = palette[reference.colour];
        g.textBaseline = "middle";
        g.textAlign = "left";
        g.font = `italic ${14 * dpr()}px ${palette.math}`;
        const [letter] = reference.label.split("_");
        g.fillText(letter, x, y);
        const wide = g.measureText(letter).width;
        g.font = `${11 * dpr()}px ${palette.sans}`;
        g.fillText(text, x + wide + 4 * dpr(), y);
      },
      true,
    );
}

/**
 * Writes words on a line where they hide least of the curves. `parts`: [[text, style, px, family], ...]; `placed`,
 * which is updated: where they were last.
 */
function drawAlong(u, {steps, colour}, parts, placed) {
  drawOnPlot(u, (g, X, Y, {left, top, width, height}) => {
    const measure = ([text, style, size, family]) => {
      g.font = `${style} ${size * dpr()}px ${family}`;
      return g.measureText(text).width / dpr();
    };
    const widths = parts.map(measure);
    const wide = widths.reduce((sum, w) => sum + w, 0);
    const right = width / dpr();
    const bottom = height / dpr();
    const x = (v) => u.valToPos(v, "x");
    const y = (v) => u.valToPos(v, "y");
    const valueAt = (at) => (steps.findLast(([from]) => x(from) <= at) ?? steps[0])[1];
    const across = [right - 2 - wide, 4, (right - wide) / 2].filter((from) => valueAt(from) === valueAt(from + wide));
    const at = LABEL_OFFSETS.flatMap((off) => across.map((from) => [from, y(valueAt(from)) + off]));
    const ink = u.data.flatMap((values, i) =>
      i % 3 === 1
        ? dotted(
            values.flatMap((v, k) => (v == null ? [] : [[x(u.data[0][k]), y(v)]])),
            () => 1,
          )
        : [],
    );
    const {words} = places([{key: "words", wide, at}], ink, {left: 0, top: 0, right, bottom}, placed);
    if (!words) return;
    Object.assign(g, {
      fillStyle: palette[colour],
      strokeStyle: palette.paper,
      lineWidth: 3 * dpr(),
      lineJoin: "round",
      textAlign: "left",
      textBaseline: "alphabetic",
    });
    let from = left + words.x * dpr();
    parts.forEach((part, i) => {
      measure(part);
      g.strokeText(part[0], from, top + words.y * dpr());
      g.fillText(part[0], from, top + words.y * dpr());
      from += widths[i] * dpr();
    });
  });
}

/** The label of the line that real data reach. */
export function floorLabel(u, reference, placed) {
  const format = u.scales.y.distr === 3 ? (v) => short(v, 2) : twoDigits;
  drawAlong(
    u,
    reference,
    [
      [
        `${reference.label} ${meanAndDeviation(reference.steps[0][1], reference.within || null, format)}`,
        "normal",
        11,
        palette.sans,
      ],
    ],
    placed,
  );
}

/** The name of a knob on its line; symbol and value are in the margin. */
export function lineName(u, reference, placed) {
  if (reference.words)
    drawAlong(
      u,
      reference,
      [
        [`${reference.words} `, "normal", 11, palette.sans],
        [reference.label, "italic", 14, palette.math],
      ],
      placed,
    );
}
