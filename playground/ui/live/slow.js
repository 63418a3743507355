// One recorded step in slow motion: stage after stage, with the stage's formula, the numbers under its terms, and what moved.

import {Lost} from "./api.js";
import {Batch} from "./batch.js";
import {Cloud} from "./cloud.js";
import {h, icon, replace, say, symbol, uid} from "./dom.js";
import {short, whole} from "./format.js";
import {formula} from "./formula.js";

const PLAY = "f:M8 5v14l11-7z", PAUSE = "f:M7 5h3.4v14H7zM13.6 5H17v14h-3.4z";
const WORD = 280, PAUSED = 2200;          // ms to read a word, and to look besides

/** Small letters for the time: k_t has the number of k, and k_{t+1} what has become of it. */
const timed = ({symbol: letter, value, was}) => (was == null ? [[letter, value], [`${letter}_t`, value]] : [[`${letter}_{t+1}`, value], [`${letter}_t`, was]]);

/** How many digits it takes to see that a number has moved; undefined when it has not, or hardly. */
const digits = ({value, was}) => (was == null ? undefined : [3, 4, 5, 6].find((n) => short(was, n) !== short(value, n)));

export class Slow {
  constructor(api) {
    this.api = api;
    const title = uid("slow"), button = (label, act, path, side) => h("button", {type: "button", class: "ghost", onclick: act}, side ? [label, icon(path)] : [icon(path), label]);
    this.step = h("span", {class: "note", "data-testid": "slow-step"});
    this.rail = h("ol", {class: "rail"});
    this.title = h("h3");
    this.says = h("p");
    this.formula = h("div", {class: "formula", tabindex: "0", role: "group", "aria-label": "Formula of this stage"});
    this.terms = h("dl", {class: "terms"});
    [this.cloud, this.batch] = [new Cloud(), new Batch()];
    this.told = h("div", {class: "told", role: "group", "aria-live": "polite", "data-testid": "stage"}, this.title, this.says, this.formula, this.terms);
    this.back = button("Back", () => this.go(this.at - 1), "M15 5l-7 7 7 7");
    this.next = button("Next", () => this.go(this.at + 1), "M9 5l7 7-7 7", true);
    this.play = h("button", {type: "button", class: "ghost", "data-testid": "slow-play", onclick: () => (this.timer ? this.rest() : this.start())});
    this.waits = h("p", {class: "note waits", role: "status"});
    this.room = h("div", {class: "room"}, this.cloud.element, this.batch.element, this.told);
    this.element = h("dialog", {class: "dialog slow", "aria-labelledby": title, onclose: () => this.rest(), onkeydown: (event) => this.key(event), onclick: ({target}) => { if (target === this.element) this.element.close(); }},
      h("div", {class: "sheet-in"}, h("div", {class: "cap"}, h("h2", {id: title}, "One step, slowly"), this.step, h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: () => this.element.close()}, icon("M6 6l12 12M18 6L6 18"))),
        this.rail, this.waits, this.room, h("div", {class: "row spread"}, this.back, this.play, this.next)));
    new ResizeObserver(([{contentRect: {width}}]) => {
      if (this.wide !== width && this.stages) this.typeset();
      this.wide = width;
    }).observe(this.formula);
  }

  /** `kind` of data; `held`: the step that is looked at, null at the run's end. Which one can be played the server knows. */
  async open(run, variant, kind, held) {
    Object.assign(this, {run, held, stages: null, letters: variant.knobs[kind].filter((k) => k.symbol).map((k) => k.symbol)});
    this.answers = new Set(Object.values(variant.scalars).filter(({unit}) => unit === "criterion").map((scalar) => scalar.symbol));
    this.ready(`One step is played for you, from the ${held == null ? "newest checkpoint" : `checkpoint nearest to step ${whole(held)}`}. Nothing is kept of it.`);
    if (!this.element.open) this.element.showModal();
    try {
      const made = await this.api.slow({run, step: held});
      if (this.run === run) this.show(made);
    } catch (error) {
      if (!error.field && !(error instanceof Lost)) throw error;
      if (this.run === run) this.ready(error instanceof Lost ? `Not done: ${error.message}. Try again.` : error.message);
    }
  }

  /** `words` in place of stages; null once there are any. */
  ready(words) {
    say(this.waits, words ?? "");
    this.waits.hidden = words == null;
    for (const part of [this.rail, this.room, this.back, this.play, this.next]) part.hidden = words != null;
    if (words != null) say(this.step, "");
  }

  /** `made`: {step, stages}. */
  show({step, stages}) {
    let seen = null;
    this.stages = stages.map((stage) => {
      const before = seen?.fake ? seen : null;            // nothing moves when G first makes them
      seen = stage.cloud ?? stage.pictures ?? seen;
      return {...stage, seen, before: before ?? seen};
    });
    say(this.step, `step ${whole(step)}${this.held == null || this.held === step ? "" : `, the nearest to ${whole(this.held)} that can be played`}`);
    replace(this.rail, ...stages.map(({title}, i) => h("li", {}, h("button", {type: "button", onclick: () => this.go(i)}, h("span", {}, title)))));
    this.ready(null);
    for (const part of [this.cloud, this.batch]) part.begin(this.stages);
    this.rest();
    this.go(0);
    this.next.focus();
  }

  go(i) {
    if (!this.stages?.[i]) return;
    this.at = i;
    const {title, says} = this.stages[i];
    [...this.rail.children].forEach((item, k) => {
      item.className = k < i ? "done" : k === i ? "on" : "";
      if (k === i) item.firstChild.setAttribute("aria-current", "step"); else item.firstChild.removeAttribute("aria-current");
    });
    const {left, width} = this.rail.children[i].getBoundingClientRect(), rail = this.rail.getBoundingClientRect();
    this.rail.scrollLeft += left + width / 2 - rail.left - rail.width / 2;
    say(this.title, title);
    say(this.says, says);
    this.back.disabled = i === 0;
    this.next.disabled = i === this.stages.length - 1;
    (this.stages[0].cloud ? this.cloud : this.batch).draw(this.stages[i]);
    this.typeset();
    if (this.timer && i < this.stages.length - 1) this.await(); else if (this.timer) this.rest();
  }

  /** The formula with its numbers; what does not stand in it is listed. */
  typeset() {
    const {formula: line, terms} = this.stages[this.at];
    this.formula.hidden = !line;
    const told = (letter, value, n) => (this.answers.has(letter) ? (value ? "yes" : "no") : short(value, n));
    const numbers = terms.flatMap((term) => timed(term).map(([letter, value]) => [letter, told(term.symbol, value)])).filter(([letter, text]) => letter && text !== "–");
    const found = new Set(line ? formula(this.formula, [line], this.letters, numbers).map((letter) => letter.replace(/_(t|\{t\+1\})$/, "")) : []);
    const listed = terms.filter((term) => digits(term) || !found.has(term.symbol));
    const named = (text) => (/^[a-z]+\/[a-z]+$/i.test(text) ? h("span", {}, text.replace("/", " ")) : symbol(text));
    replace(this.terms, ...listed.map((term) => h("div", {class: digits(term) && "moved"}, h("dt", {}, named(term.symbol), h("span", {class: "note"}, term.name)),
      h("dd", {}, digits(term) && h("span", {class: "was"}, short(term.was, digits(term)), h("span", {"aria-hidden": "true"}, " → "), h("span", {class: "sr"}, " to ")), h("b", {class: term.was == null && this.letters.includes(term.symbol) && "hand"}, told(term.symbol, term.value, digits(term)))))));
  }

  /** Go on by itself, at the pace of reading; from the last stage back to the first. */
  start() {
    if (this.at === this.stages.length - 1) this.go(0);
    this.await();
    this.face(PAUSE, "Pause");
  }

  await() {
    const {says, terms} = this.stages[this.at];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(this.at + 1), PAUSED + WORD * (says.split(" ").length + 2 * terms.length));
  }

  rest() {
    clearTimeout(this.timer);
    this.timer = null;
    this.face(PLAY, "Play");
  }

  face(path, label) {
    if (this.play.textContent !== label) replace(this.play, icon(path), label);
  }

  key(event) {
    const to = {ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0, End: (this.stages?.length ?? 0) - 1}[event.key];
    if (to === undefined || !this.stages || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.go(to);
  }
}
