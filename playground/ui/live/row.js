// One run in the list: what it is, how it stands, and what can be done with it.

import {attempt} from "./attempt.js";
import {ALIVE, course, standing} from "./cards.js";
import {h, icon, replace, say} from "./dom.js";
import {ago, bytes} from "./format.js";
import {renaming} from "./renaming.js";

const WARNS = ["interrupted", "diverged", "failed"];
const ICONS = {
  resume: ["f:M8 5v14l11-7z"], stop: ["f:M6.5 6.5h11v11h-11z"], pin: ["M9.5 4h5l-.7 6 3.2 3.2V15H7v-1.8L10.2 10z", "M12 15v5.5"],
  model: ["M12 3.5l7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7z", "M4.7 7.8L12 12l7.3-4.2M12 12v8.3"],
  publish: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "M4.4 12h15.2", "M12 4c-5 5-5 11 0 16 5-5 5-11 0-16"], delete: ["M5 7h14", "M10 7V4.5h4V7", "M7 7l.8 12.5h8.4L17 7", "M10.3 10.5v5.5M13.7 10.5v5.5"],
  more: ["f:M5 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8M12 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8M19 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8"],
};

/** A link into Play that works as a link does; a plain click stays on the page. */
export function opener(id, attributes, open, ...children) {
  return h("a", {href: `?run=${id}`, ...attributes, onclick: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(id);
  }}, ...children);
}

/** Beside a score what real data reach against real data. */
export const floor = (score) => score?.floor != null && [h("span", {class: "sr"}, " real against real "), h("span", {class: "dot real"}), score.floor];

export class Row {
  /** `hears`: open(id); make(id, name, title), a model of it; does(name of a server's function, message), deleted(id, title): promises that throw what is refused. */
  constructor(card, names, hears) {
    Object.assign(this, {id: card.id, names, hears});
    const {id} = card;
    this.face = opener(id, {class: "face"}, hears.open);
    this.title = h("button", {type: "button", class: "title-of", title: "Rename", onclick: () => this.rename()});
    this.what = h("span", {class: "note"});
    this.who = h("div", {class: "who"}, this.title, this.what);
    this.word = h("span", {class: "word-of"});
    this.note = h("span", {class: "note"});
    this.score = h("div", {class: "score-of"});
    this.steps = h("span");
    this.took = h("span", {class: "note"});
    this.when = h("time", {class: "note"});
    this.size = h("span", {class: "note size-of"});
    this.open = opener(id, {class: "link opens"}, hears.open, "Open");
    this.go = this.button("resume", () => this.act("resume"));
    this.stop = this.button("stop", () => this.act("stop"));
    this.pin = this.button("pin", () => this.does("keep", {pinned: !this.card.pinned}));
    this.make = this.button("model", () => hears.make(id, this.card.name, names.what(this.card)));
    this.publish = this.button("publish", () => this.does("keep", {published: !this.card.published}));
    this.bin = this.button("delete", () => this.attempt(() => hears.deleted(id, names.title(this.card))));
    this.acts = h("div", {class: "acts"}, this.open, this.go, this.stop, this.make, this.pin, this.publish, this.bin);
    this.dots = this.button("more", () => this.dots.setAttribute("aria-expanded", String(this.element.classList.toggle("opened"))));
    this.dots.setAttribute("aria-expanded", "false");
    this.error = h("p", {class: "wrong", role: "alert", hidden: true});
    this.element = h("li", {class: "run", "data-run": id}, this.face, this.who, h("div", {class: "how"}, this.word, this.note), this.score,
      h("div", {class: "course"}, this.steps, this.took), h("div", {class: "kept"}, this.when, this.size), this.dots, this.acts, this.error);
  }

  button(what, press) {
    return h("button", {type: "button", class: "icon", "data-does": what, onclick: press}, icon(...ICONS[what]));
  }

  label(button, text, title = text) {
    const whole = `${text} ${this.named}`;
    if (button.getAttribute("aria-label") === whole) return;
    button.setAttribute("aria-label", whole);
    button.title = title;
  }

  draw(card) {
    const {names} = this, key = `${JSON.stringify(card)} ${ago(card.created)}`;
    if (this.key === key) return;
    Object.assign(this, {key, card, named: names.title(card)});
    const {status, thumb, size, mine, resumable, kept, pinned, published} = card, [word, note] = standing(card), [steps, took] = course(card), alive = ALIVE.includes(status), made = new Date(card.created * 1000);
    if (thumb !== this.thumb) replace(this.face, thumb ? h("img", {src: thumb, alt: "", loading: "lazy"}) : names.picture(card));
    this.thumb = thumb;
    this.element.className = `run ${status}${this.element.classList.contains("opened") ? " opened" : ""}`;
    this.element.style.setProperty("--part", `${card.budget ? (card.step / card.budget * 100).toFixed(1) : 0}%`);
    say(this.title, this.named);
    this.title.disabled = !mine;
    say(this.what, [card.name && names.what(card), size && `${size} px`, card.owner].filter(Boolean).join(" · "));
    say(this.word, word);
    this.word.classList.toggle("warn", WARNS.includes(status));
    say(this.note, note);
    this.note.title = note;
    this.tell(names.score(card));
    say(this.steps, steps);
    say(this.took, took);
    say(this.when, ago(card.created));
    Object.assign(this.when, {dateTime: made.toISOString(), title: made.toLocaleString("en-GB")});
    say(this.size, bytes(card.bytes));
    this.face.setAttribute("aria-label", `Picture of ${this.named}: open`);
    this.open.setAttribute("aria-label", `Open ${this.named}`);
    this.label(this.title, "Rename", "Rename");
    this.label(this.go, alive ? "Go on with" : "Resume", alive ? "Go on" : kept ? `Resume from step ${kept}` : "Begin again");
    this.label(this.stop, "Stop", "Stop and keep");
    this.label(this.make, "Make a model of", "Make a model of it, for the Gallery");
    this.label(this.pin, "Pin", "Pin: it is never cleaned away");
    this.label(this.publish, "Publish", "Publish: all see it in the Gallery, and may download it");
    this.label(this.bin, "Delete");
    this.label(this.dots, "More for", "More");
    this.pin.setAttribute("aria-pressed", String(pinned));
    this.publish.setAttribute("aria-pressed", String(published));
    this.go.hidden = !mine || !(resumable || status === "paused");
    this.stop.hidden = !mine || !alive;
    this.make.hidden = !mine || ["queued", "running"].includes(status) || !card.step;
    for (const button of [this.pin, this.publish, this.bin]) button.hidden = !mine;
  }

  tell(score) {
    replace(this.score, score && h("span", {}, h("b", {}, score.value), ` ${score.name}`), floor(score) && h("span", {class: "note"}, ...floor(score)));
  }

  act(what) {
    return this.does("act", {do: what});
  }

  does(name, message) {
    return this.attempt(() => this.hears.does(name, {run: this.id, ...message}));
  }

  /** What is refused stands under the row. Whether it was done. */
  attempt(action) {
    return attempt(action, (text) => this.wrong(text));
  }

  wrong(text) {
    say(this.error, text);
    this.error.hidden = !text;
  }

  rename() {
    renaming(this.title, {name: this.card.name, label: `Name of ${this.named}`, placeholder: this.names.what(this.card), keep: (name) => this.does("rename", {name}), back: () => this.wrong("")});
  }
}
