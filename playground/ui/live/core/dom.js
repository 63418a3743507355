// Small helpers to make elements. Text only ever goes in as text.

const NS = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...withoutEmpty(children));
  return element;
}

const withoutEmpty = (children) => children.flat().filter((child) => child != null && child !== false);

/**
 * h("button", {class: "go", onclick: f}, "Start"): `on*` are listeners, the rest attributes; false and null are left
 * out.
 */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(NS, tag), attributes, children);

/** An icon from 24 by 24 paths; those that begin with "f:" are filled. */
export function icon(...paths) {
  return svg(
    "svg",
    {viewBox: "0 0 24 24", "aria-hidden": "true"},
    ...paths.map((path) => svg("path", {d: path.replace(/^f:/, ""), class: path.startsWith("f:") && "f"})),
  );
}

/** "λ_k" as an italic letter with a subscript, "(m - U)_+" and "(m - U)^2" too; anything else as it stands. */
export function symbol(text) {
  const parts = text
    .replaceAll(" - ", " − ")
    .split(/(_[\p{L}\p{N}+]+|\^\d)/u)
    .filter(Boolean);
  return h(
    "i",
    {class: "sy"},
    ...parts.map((part, i) =>
      i && "_^".includes(part[0]) ? h(part[0] === "_" ? "sub" : "sup", {}, part.slice(1)) : part,
    ),
  );
}

export function replace(parent, ...children) {
  parent.replaceChildren(...withoutEmpty(children));
  return parent;
}

/** Text, written only when it differs: a write costs a layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** How many of a screen's pixels a CSS pixel has, as far as canvases follow it. */
export const pixelRatio = () => Math.min(devicePixelRatio || 1, 3);

let count = 0;
/** A fresh id, to tie a label to its control. */
export const uid = (name) => `play-${name}-${++count}`;
