// How a lane is drawn, by its number: one fixed colour and one dash each, so that colour is never all that tells.

import {svg} from "../core/dom.js";
import {palette} from "../core/theme.js";

export const MAX_LANES = 8;

/** px of stroke and gap, by lane. */
const DASHES = [[], [8, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4], [9, 3, 2, 3, 2, 3], [1, 5]];

/**
 * The pen of a lane: `colour` for canvases, in the present theme; `css` for styles; `dash` in px; `name`, from 1 on.
 * @param {number} index of the lane, from 0 on
 */
export function laneStyle(index) {
  const i = index % MAX_LANES;
  return {colour: palette[`lane${i}`], css: `var(--lane-${i})`, dash: DASHES[i], name: String(index + 1)};
}

/** A sample of a lane's line, for keys and lists. */
export function lanePen(index, width = 28) {
  const {css, dash} = laneStyle(index);
  return svg(
    "svg",
    {class: "lane-pen", viewBox: `0 0 ${width} 8`, width, height: 8, "aria-hidden": "true"},
    svg("path", {d: `M0 4H${width}`, style: `stroke:${css}`, "stroke-dasharray": dash.join(" ")}),
  );
}
