// Options for uPlot: axes, lines, envelopes, and when annotations are drawn.

import {tick, whole} from "../core/format.js";
import * as marks from "./annotations.js";
import {drawHealthy} from "./healthy_ranges.js";
import {includeLines, decades, valueRange, ticks} from "./axis_range.js";
import {BEST_POSSIBLE} from "./readings.js";
import {palette} from "../core/theme.js";

const LEFT = 40;
const RIGHT = 48;
export const HEIGHT = 70;
export const AXIS = 18; // px of the plot, and of the steps beneath it
const MAX_POINTS = 60; // measures that are drawn as points besides
const SHARED = ["mousemove", "mouseleave"]; // a drag belongs to the chart that it is made on

/** Options for uPlot: axes, lines with envelopes, annotations. */
export function chartOptions(chart) {
  const colour = chart.pens.map((pen) => palette[pen.colour]);
  const font = `11px ${palette.sans}`;
  const axis = {stroke: palette.ink3, font, ticks: {show: false}, border: {show: false}};
  const envelope = {points: {show: false}, width: 0};
  return {
    width: chart.view.width,
    height: HEIGHT + (chart.axis ? AXIS : 0),
    padding: [6, RIGHT, chart.axis ? 0 : 4, 0],
    legend: {show: false},
    pxAlign: 0,
    cursor: {
      sync: {key: "play", filters: {pub: (type) => SHARED.includes(type), sub: () => true}},
      y: false,
      drag: {x: true, y: false, setScale: false},
      points: {size: (u, i) => (i % 3 === 1 ? 7 : 0), width: (u, i) => (i % 3 === 1 ? 2 : 0), fill: palette.paper},
    },
    scales: {
      x: {time: false, range: () => chart.view.zoom ?? [0, Math.max(1, chart.history.end)]},
      y: {distr: chart.log ? 3 : 1, range: (u, low, high) => range(chart, u, low, high)},
    },
    axes: [
      {
        ...axis,
        show: chart.axis,
        grid: {show: false},
        size: AXIS,
        gap: 4,
        space: 64,
        values: (u, found) => found.map(whole),
      },
      {
        ...axis,
        size: LEFT,
        gap: 5,
        grid: {stroke: palette.rule, width: 1},
        splits: (u) => splits(chart, u.scales.y),
        filter: (_, found) => found,
        values: (u, found) =>
          found.map((v) => tick(v, chart.log ? v : found.length > 1 ? found[1] - found[0] : Math.abs(v) || 1)),
      },
    ],
    series: [
      {},
      ...chart.names.flatMap((name, i) => [
        {
          stroke: colour[i],
          width: chart.lanes ? 0 : 1.5,
          dash: chart.pens[i].dash,
          spanGaps: chart.measured,
          paths: name.endsWith("/margin") ? window.uPlot.paths.stepped({align: -1}) : null,
          points: {
            show: !chart.lanes,
            filter: (u, at) => dots(u.data[at], chart.measured),
            size: chart.measured ? 5 : 4,
            fill: colour[i],
          },
        },
        envelope,
        envelope,
      ]),
    ],
    bands:
      chart.measured || chart.lanes
        ? []
        : chart.names.map((_, i) => ({series: [3 * i + 3, 3 * i + 2], fill: `${colour[i]}24`})),
    hooks: {
      drawClear: [
        (u) => chart.references().forEach((line) => marks.drawsBand(u, line)),
        (u) => drawHealthy(u, chart.bandEdges(), chart.references()),
        (u) => chart.lanes && marks.lanes(u, chart.names.length),
        (u) => marks.phases(u, chart.history.phaseSpans()),
      ],
      drawAxes: [
        (u) => marks.tuneLines(u, chart.history.marks),
        (u) => marks.heldLine(u, chart.view.heldStep),
        (u) => chart.references().forEach((line) => marks.referenceLine(u, line)),
      ],
      draw: [
        (u) => !chart.lanes && marks.endDots(u, chart.names.length, colour),
        (u) => chart.references().forEach((line) => drawLabel(chart, u, line)),
      ],
      setCursor: [(u) => chart.showValues(u.cursor.left >= 0 ? u.cursor.idx : null)],
      setSelect: [(u) => onSelect(chart, u)],
      ready: [(u) => u.over.addEventListener("dblclick", () => chart.handlers.zoom(null))],
    },
  };
}

/** Which of a line's values are points: a few measures, and a number that stands alone between two gaps. */
export function dots(values, measured) {
  const present = values.flatMap((v, i) => (v == null ? [] : [i]));
  return measured
    ? present.length <= MAX_POINTS
      ? present
      : []
    : present.filter((i) => values[i - 1] == null && values[i + 1] == null);
}

/** The label of a reference line. */
function drawLabel(chart, u, line) {
  if (line.label === BEST_POSSIBLE) return marks.floorLabel(u, line, chart.labelPlaces);
  marks.marginLabel(u, line);
  return marks.lineName(u, line, chart.labelPlaces);
}

function splits(chart, {min, max}) {
  if (chart.lanes) return [];
  return chart.maxCount ? [0, chart.maxCount / 2, chart.maxCount] : chart.log ? decades(min, max) : ticks(min, max);
}

/** @returns {number[]} the ends of the axis; `low` and `high` are those of what is drawn */
function range(chart, u, low, high) {
  if (chart.maxCount) return [0, chart.maxCount * 1.1];
  if (chart.lanes) return [0, chart.names.length];
  if (chart.showsWhole && !chart.measured) return [0, 1.02];
  const [from, to] = u.series[0].idxs ?? [0, chart.data[0].length - 1];
  const lines = chart.references().flatMap(({steps}) => steps.map(([, value]) => value));
  if (chart.log) return [Math.min(low, ...lines) / 1.35, Math.max(high, ...lines) * 1.35];
  const fitted = valueRange(
    chart.names.map((_, i) => u.data[3 * i + 1]),
    [low, high],
    from ?? 0,
    to ?? 0,
    lines,
    Boolean(chart.view.zoom) || chart.group.kind === "modes",
  );
  return chart.measured ? includeLines(fitted, lines) : fitted;
}

function onSelect(chart, u) {
  const {left, width} = u.select;
  if (width < 5) return;
  const selection = [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
  u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
  if (selection[1] - selection[0] >= 1) chart.handlers.zoom(selection);
}
