// The head of the page: mark, name, tabs, what this machine is, light or dark.

import {h, icon, svg} from "./dom.js";

export function head({cores, device, workers}, theme) {
  const mark = svg("svg", {class: "glyph", viewBox: "0 0 34 16", width: 34, height: 16, "aria-hidden": "true"},
    svg("circle", {cx: 8, cy: 8, r: 6.5, class: "real"}), svg("path", {d: "M20 8h-5"}), svg("circle", {cx: 25.5, cy: 8, r: 5.6, class: "fake"}));
  const machine = `this machine: ${cores} ${cores === 1 ? "core" : "cores"}, ${device === "cpu" ? "no GPU" : device.toUpperCase()} · ${workers === 1 ? "one run" : `${workers} runs`} at a time`;
  return h("header", {class: "head"}, h("h1", {class: "word"}, mark, "GAN Playground"),
    h("div", {class: "tabs", role: "tablist", "aria-label": "Main"}, h("button", {type: "button", role: "tab", "aria-selected": "true", "aria-controls": "play-main", id: "play-tab"}, "Play")),
    h("span", {class: "note", "data-testid": "machine"}, machine),
    h("button", {type: "button", class: "icon theme", "aria-label": "Light or dark", title: "Light or dark", onclick: theme}, icon("M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "f:M12 4a8 8 0 0 1 0 16z")));
}
