// What has just been done, for as long as it can be undone.

import {h, icon, say} from "./dom.js";

const TOLD = 6000, MOST = 3;        // ms that a refusal stays; how many are shown

export class Toasts {
  constructor() {
    this.element = h("div", {class: "toasts", role: "status"});
  }

  /** Say `text` for `seconds`, with a button that does `act`, a promise: what is thrown is said in its place. */
  show(text, seconds, label, act) {
    const said = h("span", {class: "said"}, text), fuse = h("span", {class: "fuse", style: `animation-duration: ${seconds}s`});
    let timer = null;
    const leave = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), ms);
    };
    const button = h("button", {type: "button", class: "link", onclick: async () => {
      button.disabled = true;
      try {
        await act();
        toast.remove();
      } catch (error) {
        say(said, error.message);
        button.disabled = Boolean(error.field);         // a lost connection can be tried again
        if (error.field) leave(TOLD);
      }
    }}, label);
    const close = h("button", {type: "button", class: "icon", "aria-label": "Close", title: "Close", onclick: () => toast.remove()}, icon("M6 6l12 12M18 6L6 18"));
    const toast = h("div", {class: "toast"}, said, button, close, fuse);
    this.element.append(toast);
    if (this.element.children.length > MOST) this.element.firstChild.remove();
    leave(seconds * 1000);
  }
}
