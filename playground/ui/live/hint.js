// What a knob does, in words, beside the settings while it has the pointer or the focus; on a phone under the knob itself.

import {h, replace, symbol} from "./dom.js";
import {plain} from "./format.js";

const DELAY = 250, MARGIN = 8;
const COARSE = matchMedia("(pointer: coarse), (max-width: 700px)"), NARROW = matchMedia("(max-width: 700px)");

/** What a knob is called in words. */
export const called = (knob) => knob.name.replaceAll("_", " ");

/** The whole of it in one text, for those who listen. */
export function explained(knob) {
  const [low, high] = knob.ends ?? [];
  return `${knob.help}.${low || high ? ` Low: ${low || "–"}; high: ${high || "–"}.` : ""} ${knob.live ? "Acts at the next step." : "Needs a new run."}`;
}

export class Hint {
  constructor(column) {
    this.column = column;
    this.element = h("div", {class: "hint", hidden: true, "aria-hidden": "true"});
    column.addEventListener("scroll", () => this.hide(), {passive: true});
  }

  /** Listen on a row of `knob`. */
  on(row, knob, beyond) {
    const show = () => this.show(row, knob, beyond), hide = () => this.hide();
    row.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse") return;
      clearTimeout(this.timer);
      this.timer = setTimeout(show, this.element.hidden ? DELAY : 0);
    });
    row.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
    row.addEventListener("focusin", (event) => { if (COARSE.matches || event.target.matches(":focus-visible")) show(); });
    row.addEventListener("focusout", hide);
  }

  show(row, knob, beyond) {
    const [low, high] = knob.ends ?? [], span = knob.low != null;
    replace(this.element,
      h("p", {class: "lead"}, knob.symbol ? symbol(knob.symbol) : null, h("b", {}, called(knob))),
      h("p", {}, `${knob.help}.`),
      (low || high) && h("p", {class: "ends"}, h("span", {}, low), h("span", {}, high)),
      span && h("p", {class: `track${knob.live ? " live" : ""}`}, h("span", {}, plain(knob.low)), h("span", {}, plain(knob.high))),
      h("p", {class: "note"}, h("span", {class: `mark ${knob.live ? "now" : "re"}`}, knob.live ? "acts at the next step" : "needs a new run"), beyond != null && `; the paper's range ends at ${plain(beyond)}`));
    this.element.hidden = false;
    if (NARROW.matches) {
      this.element.removeAttribute("style");
      row.append(this.element);
      return;
    }
    this.column.parentElement.append(this.element);
    const column = this.column.getBoundingClientRect(), at = row.getBoundingClientRect(), tall = this.element.offsetHeight;
    const top = Math.max(column.top + MARGIN, Math.min(at.top - MARGIN, column.bottom - tall - MARGIN));
    Object.assign(this.element.style, {left: `${column.right - MARGIN}px`, top: `${top}px`});
  }

  hide() {
    clearTimeout(this.timer);
    this.element.hidden = true;
  }
}
