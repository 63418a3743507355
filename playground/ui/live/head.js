// The head of the page: mark, name, tabs, what this machine is, who is here, light or dark.

import {h, icon, svg} from "./dom.js";

/** A link to Gradio's door for signing in or out, which comes back to the address one has when it is pressed. */
export function door(address, text, kind = "") {
  const link = h("a", {class: `link ${kind}`, href: address, onclick: () => { link.href = `${address}?_target_url=${encodeURIComponent(location.pathname + location.search)}`; }}, text);
  return link;
}

function person({name, signed_in: known, sign_in: way_in, sign_out: way_out}) {
  if (known) return h("span", {class: "me", "data-testid": "me"}, h("span", {class: "who"}, name), way_out && door(way_out, "Sign out"));
  return way_in && h("span", {class: "me", "data-testid": "me"}, door(way_in, [h("span", {}, "Sign in"), h("span", {class: "wide"}, " with Hugging Face")]));
}

export function head({machine: {cores, device, workers}, me}, tabs, theme) {
  const mark = svg("svg", {class: "glyph", viewBox: "0 0 34 16", width: 34, height: 16, "aria-hidden": "true"},
    svg("circle", {cx: 8, cy: 8, r: 6.5, class: "real"}), svg("path", {d: "M20 8h-5"}), svg("circle", {cx: 25.5, cy: 8, r: 5.6, class: "fake"}));
  const told = `this machine: ${cores} ${cores === 1 ? "core" : "cores"}, ${device === "cpu" ? "no GPU" : device.toUpperCase()} · ${workers === 1 ? "one run" : `${workers} runs`} at a time`;
  return h("header", {class: "head"}, h("h1", {class: "word"}, mark, h("span", {}, "GAN Playground")), tabs,
    h("span", {class: "note", "data-testid": "machine"}, told), person(me),
    h("button", {type: "button", class: "icon theme", "aria-label": "Light or dark", title: "Light or dark", onclick: theme}, icon("M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "f:M12 4a8 8 0 0 1 0 16z")));
}
