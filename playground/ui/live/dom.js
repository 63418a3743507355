// Small helpers to make elements. Text only ever goes in as text.

/** h("button", {class: "go", onclick: f}, "Start"): `on*` are listeners, `data-*`, `aria-*` and the rest attributes; false and null are left out. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

/** An icon from 24 by 24 paths; those marked `f` are filled. */
export function icon(...paths) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const made = document.createElementNS(NS, "path");
    made.setAttribute("d", path.replace(/^f:/, ""));
    if (path.startsWith("f:")) made.setAttribute("class", "f");
    svg.append(made);
  }
  return svg;
}

/** "λ_k" as an italic letter with a subscript; anything else as it stands. */
export function symbol(text) {
  return h("i", {class: "sy"}, ...text.split(/(_[A-Za-z0-9]+)/).filter(Boolean).map((part) => (part[0] === "_" && text !== part ? h("sub", {}, part.slice(1)) : part)));
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child != null && child !== false));
  return parent;
}

let count = 0;
/** A fresh id, to tie a label to its control. */
export const uid = (name) => `play-${name}-${++count}`;

/** The value of a design token in the present theme. */
export const token = (root, name) => getComputedStyle(root).getPropertyValue(name).trim();
