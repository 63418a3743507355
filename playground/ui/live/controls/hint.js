// The explanation of a knob, beside the settings while it has the pointer or the focus; on a phone beneath the knob.

import {h, replace, symbol} from "../core/dom.js";
import {capitalise, plain} from "../core/format.js";

const DELAY = 250;
const MARGIN = 8;
const COARSE = matchMedia("(pointer: coarse), (max-width: 700px)");
const NARROW = matchMedia("(max-width: 700px)");

/** A knob's title. */
export const knobTitle = (knob) => capitalise(knob.title);

/** A knob's title and symbol. */
export const knobLabel = (knob) => [
  h("span", {class: "in-words"}, knobTitle(knob)),
  knob.symbol && " ",
  knob.symbol && symbol(knob.symbol),
];

/** The explanation as text, for screen readers. */
export function describeKnob(knob) {
  const [low, high] = knob.effects ?? [];
  return (
    `${knob.help}.${low || high ? ` Low: ${low || "–"}; high: ${high || "–"}.` : ""} ` +
    `${knob.live ? "Acts at the next step." : "Applies to the next run."}`
  );
}

export class Hint {
  constructor(column) {
    this.column = column;
    this.element = h("div", {class: "hint", hidden: true, "aria-hidden": "true"});
    column.addEventListener("scroll", () => this.hide(), {passive: true});
  }

  /** Shows the hint while a knob's row has the pointer or the focus. */
  attach(row, knob, paperEnd) {
    const show = () => this.show(row, knob, paperEnd);
    const hide = () => this.hide();
    row.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse") return;
      clearTimeout(this.timer);
      this.timer = setTimeout(show, this.element.hidden ? DELAY : 0);
    });
    row.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") hide();
    });
    row.addEventListener("focusin", (event) => {
      if (COARSE.matches || event.target.matches(":focus-visible")) show();
    });
    row.addEventListener("focusout", hide);
  }

  show(row, knob, paperEnd) {
    const [low, high] = knob.effects ?? [];
    const hasRange = knob.low != null;
    replace(
      this.element,
      h("p", {class: "lead"}, h("b", {}, knobTitle(knob)), knob.symbol && symbol(knob.symbol)),
      h("p", {}, `${knob.help}.`),
      (low || high) && h("p", {class: "ends"}, h("span", {}, low), h("span", {}, high)),
      hasRange &&
        h(
          "p",
          {class: `track${knob.live ? " live" : ""}`},
          h("span", {}, plain(knob.low)),
          h("span", {}, plain(knob.high)),
        ),
      h(
        "p",
        {class: "note"},
        h(
          "span",
          {class: `mark ${knob.live ? "now" : "re"}`},
          knob.live ? "Acts at the next step" : "Applies to the next run",
        ),
        paperEnd != null && `; the paper's range ends at ${plain(paperEnd)}`,
      ),
    );
    this.element.hidden = false;
    if (NARROW.matches) {
      this.element.removeAttribute("style");
      row.append(this.element);
      return;
    }
    this.column.parentElement.append(this.element);
    const column = this.column.getBoundingClientRect();
    const rowBox = row.getBoundingClientRect();
    const height = this.element.offsetHeight;
    const top = Math.max(column.top + MARGIN, Math.min(rowBox.top - MARGIN, column.bottom - height - MARGIN));
    this.element.style.left = `${column.right - MARGIN}px`;
    this.element.style.top = `${top}px`;
  }

  hide() {
    clearTimeout(this.timer);
    this.element.hidden = true;
  }
}
