// The button that starts the race, what the server refused, and about how long it will take.

import {h, setText} from "../core/dom.js";
import {signInLink} from "../core/links.js";
import {FieldErrors} from "../setup/field_errors.js";

export class RaceLaunch {
  /**
   * @param {User} me
   * @param {() => void} start
   */
  constructor({may_train: mayTrain, sign_in: signIn}, start) {
    this.errors = new FieldErrors();
    this.button = h("button", {type: "button", class: "go", "data-testid": "race", onclick: start}, "Race");
    this.estimate = h("p", {class: "note under", role: "status", "data-testid": "race-estimate"});
    const signInNote =
      !mayTrain &&
      signIn &&
      h("p", {class: "note under"}, signInLink(signIn, "Sign in"), " to train: here only people who are signed in do.");
    this.element = h("div", {class: "launch"}, ...this.errors.lines("any"), this.button, signInNote, this.estimate);
  }

  /** Lines for refusals of these fields, to stand beside them. */
  lines(...names) {
    return this.errors.lines(...names);
  }

  /** Shows a refusal, null for none. */
  show(error) {
    const line = this.errors.show(error);
    if (error) setText(this.estimate, "");
    line?.element.scrollIntoView({block: "nearest"});
  }

  busy(busy) {
    this.button.disabled = busy;
  }
}
