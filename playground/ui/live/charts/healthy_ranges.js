// The healthy range of a scalar at each step: fixed, or a multiple of a knob, of another scalar, or of its running
// median.

import {dpr, drawOnPlot} from "./annotations.js";
import {palette} from "../core/theme.js";

/** The running median. */
function medians(values) {
  const sorted = [];
  return values.map((v) => {
    if (v != null) sorted.splice(sorted.findIndex((s) => s > v) >>> 0, 0, v);
    return sorted[sorted.length >> 1] ?? null;
  });
}

/** What [[from step, value], ...] were at each of `steps`. */
const stepped = (points, steps) => steps.map((step) => points.findLast(([from]) => from <= step)?.[1] ?? points[0][1]);

/**
 * The bounds of a healthy range at each step, null where they depend on a missing value.
 * @param {any[]} healthy as a scalar declares it
 * @param {number[]} steps
 * @param {number[]} own the scalar's values
 * @param {(name: string) => number[]} column another scalar's values
 * @param {(name: string) => any[]} knob a knob's values, [[from step, value], ...]
 * @returns {{low: number[], high: number[]}}
 */
export function edges(healthy, steps, own, column, knob) {
  const [low, high] = healthy.map((bound) => {
    if (!Array.isArray(bound)) return steps.map(() => bound);
    const [of, times] = bound;
    const values = of === "median" ? medians(own) : of.includes("/") ? column(of) : stepped(knob(of), steps);
    return values.map((v) => (v == null ? null : (times[v] ?? times * v)));
  });
  return {low, high};
}

/**
 * The ranges that a good run stays in, [{low, high, colour}] with a value for each step: a soft ground between two fine
 * lines, and its word. `colour`: of those whose numbers it is for. One that is the whole plot, or none of it, is not
 * drawn; a word gives way to that of one of the `references`.
 */
export function drawHealthy(u, bands, references) {
  const {min, max} = u.scales.y;
  const [steps] = u.data;
  const labelPositions = references
    .filter(({label}) => label)
    .map((line) => u.valToPos(line.steps.at(-1)[1], "y", true));
  const clamp = (v) => Math.min(max, Math.max(min, v));
  const margin = (max - min) / 30;
  for (const {low, high, colour} of bands) {
    const present = steps.flatMap((_, i) => (low[i] == null || high[i] == null ? [] : [i]));
    const hasOwnColour = colour !== "trace";
    if (
      present.every((i) => low[i] <= min + margin && high[i] >= max - margin) ||
      present.every((i) => clamp(low[i]) >= clamp(high[i]))
    )
      continue;
    drawOnPlot(u, (g, X, Y, {left, width}) => {
      const xs = [left, ...present.map((i) => X(steps[i])), left + width];
      const all = [present[0], ...present, present.at(-1)];
      const edge = (values) => all.map((i, k) => [xs[k], Y(clamp(values[i]))]);
      const below = edge(low);
      const above = edge(high.map((v, i) => Math.max(v, low[i])));
      const tracePath = (points) => points.forEach(([x, y], k) => (k ? g.lineTo(x, y) : g.moveTo(x, y)));
      Object.assign(g, {
        fillStyle: hasOwnColour ? palette[colour] : palette.ink,
        globalAlpha: hasOwnColour ? 0.07 : 0.045,
      });
      g.beginPath();
      tracePath([...below, ...above.reverse()]);
      g.fill();
      Object.assign(g, {
        strokeStyle: hasOwnColour ? palette[colour] : palette.ink3,
        globalAlpha: 0.45,
        lineWidth: dpr(),
      });
      g.setLineDash([dpr(), 3 * dpr()]);
      for (const points of [below, above]) {
        g.beginPath();
        tracePath(points);
        g.stroke();
      }
    });
    drawOnPlot(
      u,
      (g, X, Y, {left, width}) => {
        const last = present.at(-1);
        const y = Y((clamp(low[last]) + clamp(high[last])) / 2);
        if (low[last] > high[last] || labelPositions.some((position) => Math.abs(position - y) < 11 * dpr())) return;
        labelPositions.push(y);
        Object.assign(g, {
          fillStyle: hasOwnColour ? palette[colour] : palette.ink3,
          font: `${10 * dpr()}px ${palette.sans}`,
          textAlign: "left",
          textBaseline: "middle",
        });
        g.fillText("healthy", left + width + 8 * dpr(), y);
      },
      true,
    );
  }
}
