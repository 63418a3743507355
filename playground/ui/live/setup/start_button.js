// The start button. While a run of one's own trains, a new one queues behind it or replaces it.

import {h, setText} from "../core/dom.js";
import {signInLink} from "../core/links.js";

const START_TITLE = "Start a new run";
const QUEUE_TITLE = "Queue it";
const REPLACE_TITLE = "Stop this run and start new";
const STATUS_WORDS = {queued: "waits in the queue", running: "is training", paused: "is paused"};

export class StartButton {
  /**
   * @param {User} me
   * @param {Element[]} errors of no field
   * @param {{start: (replace: boolean) => void, back: () => void}} handlers back: to the settings of the run that is
   *   shown
   */
  constructor({may_train: mayTrain, sign_in: signIn}, errors, handlers) {
    this.apart = h(
      "p",
      {class: "note apart", hidden: true, "data-testid": "apart"},
      "These are not the settings of the run in the picture. ",
      h("button", {type: "button", class: "link hand", onclick: () => handlers.back()}, "Show that run’s settings"),
    );
    this.activeNote = h("p", {class: "note lives", hidden: true, "data-testid": "lives"});
    this.button = h(
      "button",
      {type: "button", class: "go", "data-testid": "start", onclick: () => handlers.start(false)},
      START_TITLE,
    );
    this.replace = h(
      "button",
      {
        type: "button",
        class: "ghost",
        hidden: true,
        "data-testid": "replace",
        title: "The run that is shown is stopped and kept; it can be resumed",
        onclick: () => handlers.start(true),
      },
      REPLACE_TITLE,
    );
    this.signInNote =
      !mayTrain && signIn
        ? h(
            "p",
            {class: "note under", "data-testid": "sign-in"},
            signInLink(signIn, "Sign in"),
            " to train: here only people who are signed in do.",
          )
        : null;
    this.estimate = h("p", {class: "note under", role: "status", "data-testid": "estimate"});
    this.element = h(
      "div",
      {class: "launch", id: "play-start", tabindex: "-1"},
      this.apart,
      ...errors,
      this.activeNote,
      this.button,
      this.replace,
      this.signInNote,
      this.estimate,
    );
  }

  /**
   * `status` of a run of one's own that is shown and has not ended, "" without one; `apart`: whether what is set is
   * another run than what is shown.
   */
  update(status, apart) {
    const isActive = Boolean(status);
    setText(
      this.activeNote,
      isActive ? `A run of yours ${STATUS_WORDS[status]}. Queue the new one, or stop it and start the new one.` : "",
    );
    setText(this.button, isActive ? QUEUE_TITLE : START_TITLE);
    this.activeNote.hidden = this.replace.hidden = !isActive;
    this.apart.hidden = !apart;
  }

  /** Disables the buttons while a run starts. */
  busy(busy) {
    this.button.disabled = this.replace.disabled = busy;
  }
}
