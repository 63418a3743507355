// Options for uPlot: a line for each lane with its dash, a band over its seeds, its number where the line ends.

import {short, tick, whole} from "../../core/format.js";
import {palette} from "../../core/theme.js";
import * as marks from "../../charts/annotations.js";
import {decades, includeLines, ticks, valueRange} from "../../charts/axis_range.js";
import {laneStyle} from "../lane_style.js";

const LEFT = 40;
const RIGHT = 30;
export const HEIGHT = 92;
const AXIS = 18; // px of the plot, and of the axis beneath it
const SYNC = "compare";
const SHARED = ["mousemove", "mouseleave"]; // a drag belongs to the chart that it is made on
const LABEL = 11; // px between two numbers at the ends of lines
const FAINT = 0.16; // of lanes that are not in focus

export function overlayOptions(chart) {
  const {dpr} = marks;
  const styles = chart.lanes.map((lane) => laneStyle(lane.index));
  const axis = {stroke: palette.ink3, font: `11px ${palette.sans}`, ticks: {show: false}, border: {show: false}};
  return {
    width: chart.view.width,
    height: HEIGHT + AXIS,
    padding: [6, RIGHT, 0, 0],
    legend: {show: false},
    pxAlign: 0,
    cursor: {
      sync: {key: SYNC, filters: {pub: (type) => SHARED.includes(type), sub: () => true}},
      y: false,
      drag: {x: true, y: false, setScale: false},
      points: {show: false},
    },
    scales: {
      x: {time: false, range: () => chart.range},
      y: {distr: chart.log ? 3 : 1, range: (u, low, high) => range(chart, u, low, high)},
    },
    axes: [
      {...axis, grid: {show: false}, size: AXIS, gap: 4, space: 64, values: (u, found) => found.map(axisTick)},
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
      ...styles.flatMap(({colour, dash}) => [
        {stroke: colour, width: 1.6, dash, spanGaps: true, points: {show: false}},
        {points: {show: false}, width: 0, spanGaps: true},
        {points: {show: false}, width: 0, spanGaps: true},
      ]),
    ],
    bands: styles.flatMap(({colour}, i) =>
      chart.lanes[i].runs.length > 1 ? [{series: [3 * i + 3, 3 * i + 2], fill: `${colour}26`}] : [],
    ),
    hooks: {
      drawClear: [(u) => chart.references().forEach((line) => marks.drawsBand(u, line))],
      drawAxes: [
        (u) => marks.tuneLines(u, chart.tunes()),
        (u) => marks.heldLine(u, chart.view.at),
        (u) => chart.references().forEach((line) => marks.referenceLine(u, line)),
      ],
      draw: [
        (u) => endNumbers(u, chart, styles, dpr()),
        (u) => chart.references().forEach((line) => marks.floorLabel(u, line, chart.labelPlaces)),
      ],
      setCursor: [(u) => chart.showValues(u.cursor.left >= 0 ? u.cursor.idx : null)],
      setSelect: [(u) => onSelect(chart, u)],
      ready: [(u) => u.over.addEventListener("dblclick", () => chart.handlers.zoom(null))],
    },
  };
}

const axisTick = (value) => (value >= 10 || Number.isInteger(value) ? whole(value) : short(value, 2));

/** Lanes that are not in focus are drawn faintly. */
export function applyFocus(u, chart) {
  chart.lanes.forEach((lane, i) => {
    const alpha = chart.view.focus == null || chart.view.focus === lane.index ? 1 : FAINT;
    for (const k of [1, 2, 3]) u.series[3 * i + k].alpha = alpha;
  });
}

/** The lane's number where its line ends, one below the other where lines end together. */
function endNumbers(u, chart, styles, ratio) {
  const ends = chart.lanes.flatMap((lane, i) => {
    const values = u.data[3 * i + 1];
    const at = values.findLastIndex((v) => v != null);
    return at < 0 ? [] : [{i, x: u.valToPos(u.data[0][at], "x", true), y: u.valToPos(values[at], "y", true)}];
  });
  marks.drawOnPlot(
    u,
    (g, X, Y, {left, top, width, height}) => {
      ends.sort((a, b) => a.y - b.y);
      const lowest = top + height - 3 * ratio;
      ends.forEach((end, k) => {
        end.at = Math.min(Math.max(top + 4 * ratio, end.y), lowest);
        for (const other of ends.slice(0, k))
          if (Math.abs(end.x - other.x) < LABEL * ratio) end.at = Math.max(end.at, other.at + LABEL * ratio);
      });
      for (let k = ends.length - 1; k >= 0; k--)
        for (const other of [{x: ends[k].x, at: lowest + LABEL * ratio}, ...ends.slice(k + 1)])
          if (Math.abs(ends[k].x - other.x) < LABEL * ratio)
            ends[k].at = Math.min(ends[k].at, other.at - LABEL * ratio);
      g.font = `600 ${11 * ratio}px ${palette.sans}`;
      Object.assign(g, {textBaseline: "middle", textAlign: "left"});
      for (const {i, x, y, at} of ends) {
        g.globalAlpha = u.series[3 * i + 1].alpha ?? 1;
        g.fillStyle = styles[i].colour;
        g.beginPath();
        g.arc(Math.min(x, left + width), Math.min(top + height, Math.max(top, y)), 2.5 * ratio, 0, 2 * Math.PI);
        g.fill();
        g.fillText(styles[i].name, Math.min(x, left + width) + 7 * ratio, at);
      }
      g.globalAlpha = 1;
    },
    true,
  );
}

function splits(chart, {min, max}) {
  const {maxCount} = chart;
  return maxCount ? [0, maxCount / 2, maxCount] : chart.log ? decades(min, max) : ticks(min, max);
}

function range(chart, u, low, high) {
  if (chart.maxCount) return [0, chart.maxCount * 1.08];
  if (chart.showsWhole) return [0, 1.02];
  const lines = chart.references().map(({steps}) => steps[0][1]);
  if (chart.log) return [Math.min(low, ...lines) / 1.35, Math.max(high, ...lines) * 1.35];
  const [from, to] = u.series[0].idxs ?? [0, u.data[0].length - 1];
  const fitted = valueRange(
    chart.lanes.map((_, i) => u.data[3 * i + 1]),
    [low, high],
    from ?? 0,
    to ?? 0,
    lines,
    Boolean(chart.view.zoom),
  );
  return chart.group.measured ? includeLines(fitted, lines) : fitted;
}

function onSelect(chart, u) {
  const {left, width} = u.select;
  if (width < 5) return;
  const selection = [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
  u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
  chart.handlers.zoom(selection);
}
