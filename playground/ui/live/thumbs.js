// The small picture on a data button.

import {h} from "./dom.js";

const NS = "http://www.w3.org/2000/svg";

export function thumbnail(data) {
  if (data.thumb) return h("img", {src: data.thumb, alt: "", width: 32, height: 32, loading: "lazy"});
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "-3 -3 6 6");
  svg.setAttribute("aria-hidden", "true");
  for (const [x, y] of data.points) {
    const dot = document.createElementNS(NS, "circle");
    for (const [name, value] of [["cx", x], ["cy", -y], ["r", 0.17]]) dot.setAttribute(name, value);
    svg.append(dot);
  }
  return svg;
}
