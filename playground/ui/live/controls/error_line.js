// An error message beneath a control; hidden while there is none.

import {h, setText} from "../core/dom.js";
import {attempt} from "../core/attempt.js";

export class ErrorLine {
  /** @param {Record<string, string>} [attributes] of its element, beside those that each has */
  constructor(attributes = {}) {
    this.element = h("p", {class: "wrong", role: "alert", hidden: true, ...attributes});
  }

  /** @param {string} text "" when nothing is wrong */
  show(text) {
    setText(this.element, text);
    this.element.hidden = !text;
  }

  /**
   * Do something that the server may refuse; why it did is shown.
   * @param {() => unknown} action
   * @returns {Promise<boolean>} whether it was done
   */
  attempt(action) {
    return attempt(action, (text) => this.show(text));
  }
}
