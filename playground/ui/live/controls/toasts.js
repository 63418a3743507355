// Messages about what was just done, shown while it can be undone.

import {h, icon, setText} from "../core/dom.js";

const ERROR_MS = 6000;
const MAX_TOASTS = 3; // ms that a refusal stays; how many are shown

export class Toasts {
  constructor() {
    this.element = h("div", {class: "toasts", role: "status"});
  }

  /**
   * Shows a message with a button. An error of its action replaces the message.
   * @param {string} text
   * @param {number} seconds
   * @param {string} label of the button
   * @param {() => Promise<any>} action
   */
  show(text, seconds, label, action) {
    const message = h("span", {class: "said"}, text);
    const fuse = h("span", {class: "fuse", style: `animation-duration: ${seconds}s`});
    let timer = null;
    const removeAfter = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), ms);
    };
    const button = h(
      "button",
      {
        type: "button",
        class: "link",
        onclick: async () => {
          button.disabled = true;
          try {
            await action();
            toast.remove();
          } catch (error) {
            setText(message, error.message);
            button.disabled = Boolean(error.field); // a lost connection can be tried again
            if (error.field) removeAfter(ERROR_MS);
          }
        },
      },
      label,
    );
    const close = h(
      "button",
      {type: "button", class: "icon", "aria-label": "Close", title: "Close", onclick: () => toast.remove()},
      icon("M6 6l12 12M18 6L6 18"),
    );
    const toast = h("div", {class: "toast"}, message, button, close, fuse);
    this.element.append(toast);
    if (this.element.children.length > MAX_TOASTS) this.element.firstChild.remove();
    removeAfter(seconds * 1000);
  }
}
