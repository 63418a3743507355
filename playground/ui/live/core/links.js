// Links within the page: a plain click does not leave it.

import {h} from "./dom.js";

/**
 * A link to `address`, with `navigate(address)` on a plain click.
 * @param {string} address
 * @param {(address: string) => void} navigate
 * @param {Record<string, unknown>} attributes
 * @param {...any} children
 */
export function link(address, navigate, attributes, ...children) {
  return h(
    "a",
    {
      href: address,
      ...attributes,
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        navigate(address);
      },
    },
    ...children,
  );
}

/** A link to Gradio's sign-in or sign-out page, which then returns to the present address. */
export function signInLink(address, text, kind = "") {
  const element = h(
    "a",
    {
      class: `link ${kind}`,
      href: address,
      onclick: () => {
        element.href = `${address}?_target_url=${encodeURIComponent(location.pathname + location.search)}`;
      },
    },
    text,
  );
  return element;
}

export const HOME = "?tab=gallery";
export const modelAddress = (id) => `${HOME}&model=${id}`;
export const latentsAddress = (run) => `${HOME}&latents=${run}`;
