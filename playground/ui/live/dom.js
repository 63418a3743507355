// Small helpers to make elements. Text only ever goes in as text.

const NS = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...present(children));
  return made;
}

const present = (children) => children.flat().filter((child) => child != null && child !== false);

/** h("button", {class: "go", onclick: f}, "Start"): `on*` are listeners, the rest attributes; false and null are left out. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(NS, tag), attributes, children);

/** An icon from 24 by 24 paths; those that begin with "f:" are filled. */
export function icon(...paths) {
  return svg("svg", {viewBox: "0 0 24 24", "aria-hidden": "true"},
    ...paths.map((path) => svg("path", {d: path.replace(/^f:/, ""), class: path.startsWith("f:") && "f"})));
}

/** "λ_k" as an italic letter with a subscript, "(m - U)_+" too; anything else as it stands. */
export function symbol(text) {
  const parts = text.replaceAll(" - ", " − ").split(/(_[\p{L}\p{N}+]+)/u).filter(Boolean);
  return h("i", {class: "sy"}, ...parts.map((part, i) => (i && part[0] === "_" ? h("sub", {}, part.slice(1)) : part)));
}

export function replace(parent, ...children) {
  parent.replaceChildren(...present(children));
  return parent;
}

/** Text, written only when it differs: a write costs a layout. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let count = 0;
/** A fresh id, to tie a label to its control. */
export const uid = (name) => `play-${name}-${++count}`;
