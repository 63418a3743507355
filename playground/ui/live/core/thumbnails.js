// The small picture on a data button.

import {h, svg} from "./dom.js";

export function thumbnail(data) {
  if (data.thumb) return h("img", {src: data.thumb, alt: "", loading: "lazy"});
  return svg(
    "svg",
    {viewBox: "-2.8 -2.8 5.6 5.6", "aria-hidden": "true"},
    ...data.points.map(([cx, cy]) => svg("circle", {cx, cy: -cy, r: 0.14})),
  );
}
