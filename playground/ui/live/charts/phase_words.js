// What is drawn on the phase plot: axes, the path, arrows of a vector field, words for lines and sides; and its
// description for screen readers.

import {svg} from "../core/dom.js";
import {plain, short, tick, whole} from "../core/format.js";
import {sideMeanings} from "./phase_scale.js";
import {dotted, places, textWidth} from "./label_placement.js";

const MIN_NAME_GAP = 16; // px that an older line needs for its name
const NOW_WEIGHT = 12;
// what words had better not hide: where the run stands, and a dash of a line, beside 1 for the newest ink of its path
const DASH_WEIGHT = 0.3;

const PIECES = 28; // pieces of the path, each of one ink
const ARROW = 0.8; // the longest, of the distance between two
const HEAD = 0.35; // of an arrow's length

const threeDigits = (value) => plain(Number(value.toPrecision(3)));
const letter = (text) => svg("tspan", {class: "sy"}, text.split("_")[0]);

/** The axes: lines across at the ticks of y, ticks and numbers of x. */
export function phaseGrid({X, Y, left, top, width, height, xs, ys, tickSpacing, log}, bottom) {
  const name = (v, all) => tick(v, log ? v : tickSpacing(all));
  const overlaps = (ticks) =>
    ticks.some(
      (v, i) => i && X(v) - X(ticks[i - 1]) < (textWidth(name(v, xs)) + textWidth(name(ticks[i - 1], xs))) / 2 + 4,
    );
  const every = [1, 2, 3].find((n) => !overlaps(xs.filter((_, i) => i % n === 0))) ?? 4;
  return [
    ...ys.map((v) => svg("line", {class: "rule", x1: left, x2: left + width, y1: Y(v), y2: Y(v)})),
    ...ys.map((v) => svg("text", {x: left - 6, y: Y(v) + 4, "text-anchor": "end"}, name(v, ys))),
    ...xs.map((v) => svg("line", {class: "tick", x1: X(v), x2: X(v), y1: top + height, y2: top + height + 4})),
    ...xs
      .filter((_, i) => i % every === 0)
      .map((v) =>
        svg(
          "text",
          {
            x: X(v),
            y: bottom - 3,
            "text-anchor": X(v) > left + width - 14 ? "end" : X(v) < left + 4 && !log ? "start" : "middle",
          },
          name(v, xs),
        ),
      ),
    svg("line", {class: "ground", x1: left, x2: left + width, y1: top + height, y2: top + height}),
  ];
}

/** Lines through these points, [[x, y], ...], in px. */
export const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/** The path so far; newer parts are darker. */
export function trail(points) {
  const pieces = Math.min(PIECES, points.length - 1);
  const cut = (i) => Math.round((i / pieces) * (points.length - 1));
  return Array.from({length: Math.max(0, pieces)}, (_, i) => {
    const age = (i + 1) / pieces;
    return svg("path", {
      class: "way",
      d: path(points.slice(cut(i), cut(i + 1) + 1)),
      "stroke-opacity": (0.12 + 0.88 * age ** 2).toFixed(2),
      "stroke-width": (0.9 + 0.9 * age).toFixed(2),
    });
  });
}

/** The path after the shown step, faintly. */
export const future = (points) =>
  points.length > 1 && svg("path", {class: "way", d: path(points), "stroke-opacity": 0.12, "stroke-width": 0.9});

/** The vector field of a snapshot, an arrow at each of its places: longer where the players move more. */
export function fieldArrows({X, Y}, snapshot) {
  const field = snapshot?.arrays.field;
  if (!field) return [];
  const {reach} = snapshot;
  const [n] = field.shape;
  const place = (i) => -reach + (2 * reach * i) / (n - 1);
  const spacing = Math.min(X(place(1)) - X(place(0)), Y(place(0)) - Y(place(1)));
  const moves = Array.from({length: n * n}, (_, i) => Math.hypot(field[2 * i], field[2 * i + 1]));
  const usual = moves.toSorted((a, b) => a - b)[Math.floor(0.8 * moves.length)] || 1;
  return moves.flatMap((move, i) => {
    const long = ARROW * spacing * Math.sqrt(Math.min(1, move / usual));
    if (long < 1) return [];
    const [x, y] = [X(place(i % n)), Y(place(Math.floor(i / n)))];
    const [u, v] = [(long * field[2 * i]) / move, (-long * field[2 * i + 1]) / move];
    const end = [x + u / 2, y + v / 2];
    const barb = (side) => [end[0] - HEAD * (u - (side * v) / 2), end[1] - HEAD * (v + (side * u) / 2)];
    return svg("path", {class: "arrow", d: path([[x - u / 2, y - v / 2], end, barb(1)]) + path([end, barb(-1)])});
  });
}

/** What is written on the plane: the lines' names, and what the two sides mean. */
export function phaseWords(plot, points) {
  const {plane, pair, lines, names} = plot;
  if (pair.isField) return [];
  const meanings = sideMeanings(pair, plot.variant);
  const value = lines.at(-1);
  const style = pair.series ? "measured" : "set";
  const even = plane.line(1);
  const line = value == null ? even : plot.lineEnds(value);
  const older = plot.olderLines();
  const drawn = [...(value == null ? [] : [line]), ...older.map((v) => plot.lineEnds(v))];
  const olderValue = older.find((v) => Math.abs(plot.lineEnds(v)[1][1] - line[1][1]) >= MIN_NAME_GAP);
  const side = (text, above) => {
    const w = text && textWidth(text.replace(/[{}]/g, ""));
    return (
      text && {
        key: text,
        wide: w,
        at: plane.sidePlaces(line, above, w),
        parts: text.split(/[{}]/).flatMap((part, i) => (i % 2 ? [letter(part)] : part || [])),
      }
    );
  };
  const name = (key, className, text, at, parts = [text]) => ({key, className, wide: textWidth(text), at, parts});
  const words = [
    value != null &&
      name("now", style, `${names.line.split("_")[0]} ${threeDigits(value)}`, plane.namePlaces(line, drawn), [
        letter(names.line),
        ` ${threeDigits(value)}`,
      ]),
    side(meanings[0], true),
    side(meanings[1], false),
    olderValue != null &&
      name("was", style, `was ${threeDigits(olderValue)}`, plane.namePlaces(plot.lineEnds(olderValue), drawn)),
    !pair.slope && name("alike", "quiet", "D cannot tell them apart", plane.namePlaces(even)),
  ].filter(Boolean);
  const [x, y] = points.at(-1);
  const nowDots = [
    [0, 0],
    [5, 0],
    [-5, 0],
    [0, 5],
    [0, -5],
  ].map(([u, v]) => [x + u, y + v, NOW_WEIGHT]);
  const ink = [
    ...nowDots,
    ...dotted(points, (i) => 0.6 + 0.6 * (i / points.length) ** 2),
    ...[...drawn, ...(pair.slope ? [] : [even])].flatMap((at) => dotted(at, () => DASH_WEIGHT)),
  ];
  const found = places(
    words,
    ink,
    {left: plane.left, right: plane.left + plane.width, top: plane.top, bottom: plane.top + plane.height},
    plot.labelPlaces,
  );
  return words.flatMap(({key, className, parts}) =>
    found[key] ? [svg("text", {class: className, ...found[key]}, ...parts)] : [],
  );
}

/** The plot in words, for screen readers. */
export function phaseInWords({pair, names, lines, variant}, {step, real, fake}) {
  if (pair.isField) return `At step ${whole(step)} ${names.real} is ${short(real)}, ${names.fake} ${short(fake)}.`;
  const line = lines.at(-1);
  const isAbove = pair.slope ? fake > line * real : fake > (line ?? real);
  const meaning = sideMeanings(pair, variant)[isAbove ? 0 : 1]?.replace(/[{}]/g, "");
  const where = line == null ? "" : `, ${isAbove ? "above" : "below"} the line ${names.line} ${threeDigits(line)}`;
  return (
    `At step ${whole(step)} ${names.fake} is ${short(fake)} over ${names.real} ` +
    `${short(real)}${where}${meaning ? `: ${meaning}` : ""}.`
  );
}
