// A row of the runs list: picture, status, score and actions.

import {ErrorLine} from "../controls/error_line.js";
import {ALIVE, progressWords, statusWords} from "./run_summaries.js";
import {h, icon, replace, setText} from "../core/dom.js";
import {ago, bytes} from "../core/format.js";
import {link} from "../core/links.js";
import {startRename} from "./rename_field.js";
import {BEST_POSSIBLE} from "../charts/readings.js";

const WARNING_STATUSES = ["interrupted", "diverged", "failed"];
const ICONS = {
  resume: ["f:M8 5v14l11-7z"],
  extend: ["f:M4 6v12l7.5-6z", "f:M12.5 6v12l7.5-6z"],
  stop: ["f:M6.5 6.5h11v11h-11z"],
  pin: ["M9.5 4h5l-.7 6 3.2 3.2V15H7v-1.8L10.2 10z", "M12 15v5.5"],
  model: ["M12 3.5l7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7z", "M4.7 7.8L12 12l7.3-4.2M12 12v8.3"],
  publish: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "M4.4 12h15.2", "M12 4c-5 5-5 11 0 16 5-5 5-11 0-16"],
  delete: ["M5 7h14", "M10 7V4.5h4V7", "M7 7l.8 12.5h8.4L17 7", "M10.3 10.5v5.5M13.7 10.5v5.5"],
  more: [
    "f:M5 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8M12 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8M19 10.6a1.4 " +
      "1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8",
  ],
};

/** A link into Play. */
const openLink = (id, attributes, open, ...children) => link(`?run=${id}`, () => open(id), attributes, ...children);

/** The value of real data beside a score. */
export const floorParts = (score) =>
  score?.floor != null && [h("span", {class: "sr"}, ` ${BEST_POSSIBLE} `), h("span", {class: "dot real"}), score.floor];

export class RunRow {
  /**
   * @param {RunSummary} card
   * @param {Names} names
   * @param {RunRowHandlers} handlers
   */
  constructor(card, names, handlers) {
    this.id = card.id;
    this.names = names;
    this.handlers = handlers;
    const {id} = card;
    this.pictureLink = openLink(id, {class: "face"}, handlers.open);
    this.chosen = h("input", {
      type: "checkbox",
      class: "chooses",
      onchange: () => handlers.choose(id, this.chosen.checked),
    });
    this.title = h("button", {type: "button", class: "title-of", title: "Rename", onclick: () => this.rename()});
    this.what = h("span", {class: "note"});
    this.who = h("div", {class: "who"}, this.title, this.what);
    this.statusWord = h("span", {class: "word-of"});
    this.note = h("span", {class: "note"});
    this.score = h("div", {class: "score-of"});
    this.steps = h("span");
    this.duration = h("span", {class: "note"});
    this.when = h("time", {class: "note"});
    this.size = h("span", {class: "note size-of"});
    this.open = openLink(id, {class: "link opens"}, handlers.open, "Open");
    this.resumeButton = this.button("resume", () => this.act("resume"));
    this.trainOnButton = this.button("extend", () => handlers.extend({run: id, budget: this.card.budget}));
    this.stopButton = this.button("stop", () => this.act("stop"));
    this.pinButton = this.button("pin", () => this.call("keep", {pinned: !this.card.pinned}));
    this.saveButton = this.button("model", () => handlers.saveModel(id, this.card.name, names.what(this.card)));
    this.publishButton = this.button("publish", () => this.call("keep", {published: !this.card.published}));
    this.deleteButton = this.button("delete", () =>
      this.error.attempt(() => handlers.deleted(id, names.title(this.card))),
    );
    this.actions = h(
      "div",
      {class: "acts"},
      this.open,
      this.resumeButton,
      this.trainOnButton,
      this.stopButton,
      this.saveButton,
      this.pinButton,
      this.publishButton,
      this.deleteButton,
    );
    this.moreButton = this.button("more", () =>
      this.moreButton.setAttribute("aria-expanded", String(this.element.classList.toggle("opened"))),
    );
    this.moreButton.setAttribute("aria-expanded", "false");
    this.error = new ErrorLine();
    this.element = h(
      "li",
      {class: "run", "data-run": id},
      this.chosen,
      this.pictureLink,
      this.who,
      h("div", {class: "how"}, this.statusWord, this.note),
      this.score,
      h("div", {class: "course"}, this.steps, this.duration),
      h("div", {class: "kept"}, this.when, this.size),
      this.moreButton,
      this.actions,
      this.error.element,
    );
  }

  button(what, press) {
    return h("button", {type: "button", class: "icon", "data-does": what, onclick: press}, icon(...ICONS[what]));
  }

  label(button, text, title = text) {
    const full = `${text} ${this.cardTitle}`;
    if (button.getAttribute("aria-label") === full) return;
    button.setAttribute("aria-label", full);
    button.title = title;
  }

  draw(card) {
    const {names} = this;
    const key = `${JSON.stringify(card)} ${ago(card.created)}`;
    if (this.key === key) return;
    this.key = key;
    this.card = card;
    this.cardTitle = names.title(card);
    const {status, thumb, size, mine, resumable, kept, pinned, published} = card;
    const [word, note] = statusWords(card);
    const [steps, took] = progressWords(card);
    const isActive = ALIVE.includes(status);
    const createdAt = new Date(card.created * 1000);
    if (thumb !== this.thumb)
      replace(this.pictureLink, thumb ? h("img", {src: thumb, alt: "", loading: "lazy"}) : names.picture(card));
    this.thumb = thumb;
    const marks = ["opened", "chosen"].filter((name) => this.element.classList.contains(name));
    this.element.className = ["run", status, ...marks].join(" ");
    this.element.style.setProperty("--part", `${card.budget ? ((card.step / card.budget) * 100).toFixed(1) : 0}%`);
    setText(this.title, this.cardTitle);
    this.title.disabled = !mine;
    setText(this.what, [card.name && names.what(card), size && `${size} px`, card.owner].filter(Boolean).join(" · "));
    setText(this.statusWord, word);
    this.statusWord.classList.toggle("warn", WARNING_STATUSES.includes(status));
    setText(this.note, note);
    this.note.title = note;
    this.drawScore(names.score(card));
    setText(this.steps, steps);
    setText(this.duration, took);
    setText(this.when, ago(card.created));
    this.when.dateTime = createdAt.toISOString();
    this.when.title = createdAt.toLocaleString("en-GB");
    setText(this.size, bytes(card.bytes));
    this.chosen.setAttribute("aria-label", `Compare ${this.cardTitle}`);
    this.pictureLink.setAttribute("aria-label", `Picture of ${this.cardTitle}: open`);
    this.open.setAttribute("aria-label", `Open ${this.cardTitle}`);
    this.label(this.title, "Rename", "Rename");
    this.label(
      this.resumeButton,
      isActive ? "Go on with" : "Resume",
      isActive ? "Go on" : kept ? `Resume from step ${kept}` : "Begin again",
    );
    this.label(this.trainOnButton, "Train on", "Train on to a larger budget");
    this.label(this.stopButton, "Stop", "Stop and keep");
    this.label(this.saveButton, "Save as model", "Save as model, for the Gallery");
    this.label(this.pinButton, "Pin", "Pin: it is never cleaned away");
    this.label(this.publishButton, "Publish", "Publish: all see it in the Gallery, and may download it");
    this.label(this.deleteButton, "Delete");
    this.label(this.moreButton, "More for", "More");
    this.pinButton.setAttribute("aria-pressed", String(pinned));
    this.publishButton.setAttribute("aria-pressed", String(published));
    const focused = [this.resumeButton, this.trainOnButton, this.stopButton].find(
      (button) => button === document.activeElement,
    );
    this.resumeButton.hidden = !mine || !(resumable || status === "paused");
    this.trainOnButton.hidden = !mine || status !== "finished";
    this.stopButton.hidden = !mine || !isActive;
    this.saveButton.hidden = !mine || ["queued", "running"].includes(status) || !card.step;
    for (const button of [this.pinButton, this.publishButton, this.deleteButton]) button.hidden = !mine;
    if (focused?.hidden) this.open.focus(); // what was pressed is not to be done twice
  }

  /** Whether it is chosen to be compared, and whether it can be. */
  setChosen(chosen, possible) {
    this.chosen.checked = chosen;
    this.chosen.disabled = !chosen && !possible;
    this.element.classList.toggle("chosen", chosen);
  }

  drawScore(score) {
    replace(
      this.score,
      score && h("span", {}, h("b", {}, score.value), ` ${score.name}`),
      floorParts(score) && h("span", {class: "note"}, ...floorParts(score)),
    );
  }

  act(what) {
    return this.call("act", {do: what});
  }

  call(name, message) {
    return this.error.attempt(() => this.handlers.call(name, {run: this.id, ...message}));
  }

  rename() {
    startRename(this.title, {
      name: this.card.name,
      label: `Name of ${this.cardTitle}`,
      placeholder: this.names.what(this.card),
      keep: (name) => this.call("rename", {name}),
      back: () => this.error.show(""),
    });
  }
}
