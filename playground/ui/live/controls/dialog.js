// Dialogs: a click outside closes one, and so does the button in its head.

import {h, icon} from "../core/dom.js";

export const CROSS = "M6 6l12 12M18 6L6 18";

/**
 * @param {Record<string, unknown>} attributes
 * @param {Element} content
 * @returns {HTMLDialogElement}
 */
export function dialog(attributes, content) {
  const element = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      {
        ...attributes,
        onclick: ({target}) => {
          if (target === element) element.close();
        },
      },
      content,
    )
  );
  return element;
}

/**
 * The head of a dialog.
 * @param {Element} heading its title
 * @param {() => void} close
 * @param {...Element} between what stands between title and button
 */
export function dialogHead(heading, close, ...between) {
  const button = h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon(CROSS));
  return h("div", {class: "cap"}, heading, ...between, button);
}
