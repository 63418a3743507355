// Words on the phase plot: axes, names of lines, the meaning of both sides; and its description for screen readers.

import {svg} from "../core/dom.js";
import {plain, short, tick, whole} from "../core/format.js";
import {sideMeanings} from "./phase_scale.js";
import {dotted, places, textWidth} from "./label_placement.js";

const MIN_NAME_GAP = 16; // px that an older line needs for its name
const NOW_WEIGHT = 12;
// what words had better not hide: where the run stands, and a dash of a line, beside 1 for the newest ink of its path
const DASH_WEIGHT = 0.3;

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

/** What is written on the plane: the lines' names, and what the two sides mean. */
export function phaseWords(plot, points) {
  const {plane, pair, lines, names} = plot;
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
  const line = lines.at(-1);
  const isAbove = pair.slope ? fake > line * real : fake > (line ?? real);
  const meaning = sideMeanings(pair, variant)[isAbove ? 0 : 1]?.replace(/[{}]/g, "");
  const where = line == null ? "" : `, ${isAbove ? "above" : "below"} the line ${names.line} ${threeDigits(line)}`;
  return (
    `At step ${whole(step)} ${names.fake} is ${short(fake)} over ${names.real} ` +
    `${short(real)}${where}${meaning ? `: ${meaning}` : ""}.`
  );
}
