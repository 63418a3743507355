// Several variants of the list can be marked, to race them: the foot of the list, and which are marked.

import {h, setText} from "../core/dom.js";

const LEAST = 2;
const MOST = 8; // lanes of a race

export class RaceMarks {
  /**
   * @param {import("./variant_list.js").VariantList} list
   * @param {(ids: string[]) => void} race
   */
  constructor(list, race) {
    this.list = list;
    this.marked = [];
    this.on = false;
    this.startButton = h(
      "button",
      {type: "button", class: "link", onclick: () => this.start()},
      "Race several: mark them",
    );
    this.raceButton = h("button", {type: "button", class: "ghost", onclick: () => race(this.marked)});
    this.stopButton = h(
      "button",
      {type: "button", class: "link", onclick: () => this.stop(true)},
      "Choose one instead",
    );
    this.element = h("div", {class: "race-marks"}, this.startButton, this.raceButton, this.stopButton);
    this.draw();
  }

  /** From now on, what is taken is marked; the variant that is chosen is the first. */
  start() {
    this.on = true;
    this.marked = [this.list.selected].filter(Boolean);
    this.draw();
    this.list.search.focus();
  }

  /** One is chosen again. */
  stop(focus = false) {
    this.on = false;
    this.marked = [];
    this.draw();
    if (focus) this.list.search.focus();
  }

  toggle(id) {
    if (this.marked.includes(id)) this.marked = this.marked.filter((other) => other !== id);
    else if (this.marked.length < MOST) this.marked.push(id);
    this.draw();
  }

  draw() {
    const {on, marked, list} = this;
    this.startButton.hidden = on;
    this.raceButton.hidden = this.stopButton.hidden = !on;
    this.raceButton.disabled = marked.length < LEAST;
    setText(this.raceButton, marked.length < LEAST ? "Mark two or more" : `Race these ${marked.length}`);
    list.element.setAttribute("aria-multiselectable", String(on));
    list.element.classList.toggle("marking", on);
    for (const option of list.options) {
      const {variant} = option.dataset;
      option.setAttribute("aria-selected", String(on ? marked.includes(variant) : variant === list.selected));
    }
  }
}
