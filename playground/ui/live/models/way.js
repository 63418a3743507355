// Links within the page that work as links do; a plain click stays on it.

import {h} from "../dom.js";

/** A link to `address`; `go(address)` when it is simply pressed. */
export function link(address, go, attributes, ...children) {
  return h("a", {href: address, ...attributes, onclick: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(address);
  }}, ...children);
}

export const HOME = "?tab=gallery", model = (id) => `${HOME}&model=${id}`, latents = (run) => `${HOME}&latents=${run}`;
