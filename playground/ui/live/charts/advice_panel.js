// Advice: the server's diagnosis of a run in words, with the rule behind it and possible remedies.

import {h, icon, replace, setText} from "../core/dom.js";
import {plain, whole} from "../core/format.js";
import {knobLabel} from "../controls/hint.js";

const MIN_SHOWN_MS = 4000;
const SPEAK_INTERVAL_MS = 10_000; // ms that a sentence stands at least; between two that are read aloud

export class AdvicePanel {
  /**
   * @param {object} handlers
   * @param {(knobs: Values) => Promise<{step: number} | null>} handlers.tune
   * @param {(knobs: Values) => Promise<any>} handlers.fork
   */
  constructor(handlers) {
    this.handlers = handlers;
    this.list = h("div", {class: "sayings"});
    this.liveRegion = h("p", {class: "sr", role: "status", "aria-live": "polite", "data-testid": "advice-aloud"});
    this.opener = h(
      "button",
      {
        type: "button",
        class: "opener-line",
        "aria-expanded": "false",
        onclick: () => this.open(!this.element.classList.contains("open")),
      },
      h("span"),
      icon("M5 9l7 7 7-7"),
    );
    this.more = h("button", {
      type: "button",
      class: "link more",
      "aria-expanded": "false",
      onclick: () => this.open(true),
    });
    this.element = h(
      "section",
      {class: "advisor", hidden: true, "aria-label": "What it means"},
      h("h2", {class: "sr"}, "What it means"),
      this.opener,
      this.list,
      this.liveRegion,
    );
  }

  /** `declared`: the knobs of the run's variant. */
  begin(declared) {
    this.declared = declared;
    this.shown = [];
    this.key = null;
    this.since = 0;
    this.spokenAt = -Infinity;
    this.element.hidden = true;
    this.open(false);
    setText(this.liveRegion, "");
  }

  /** Closed, only the first item is shown; on a phone one line of it. */
  open(open) {
    this.element.classList.toggle("open", open);
    for (const button of [this.opener, this.more]) button.setAttribute("aria-expanded", String(open));
    if (open) this.opener.setAttribute("aria-label", "Say less");
    else this.opener.removeAttribute("aria-label"); // closed it is named by its line
  }

  /**
   * @param {Advice[] | undefined} advice undefined while the server gives none
   * @param {{tune: boolean, fork: boolean}} allowed which remedies this person may use
   */
  draw(advice, allowed) {
    const found = (advice ?? []).map((item) => ({...item, remedies: item.remedies.filter(({kind}) => allowed[kind])}));
    const now = performance.now();
    const key = JSON.stringify(
      found.map(({id, says, remedies}) => [id, says, remedies.map(({label, kind}) => [label, kind])]),
    );
    if (this.key === key) return this.refresh(found);
    if (this.shown.length && found.length && now - this.since < MIN_SHOWN_MS) return;
    this.key = key;
    this.since = now;
    const opened = new Set(
      [...this.list.querySelectorAll("details[open]")].map((details) => details.getAttribute("data-rule")),
    );
    const focused = this.list.contains(document.activeElement) && document.activeElement.getAttribute("data-key");
    this.shown = found.map((item) => this.adviceItem(item, opened.has(item.id)));
    replace(this.list, ...this.shown.map(({element}) => element));
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    this.element.hidden = !found.length;
    if (!found.length) return;
    this.refresh(found);
    setText(this.opener.firstChild, found[0].says);
    setText(this.more, `and ${found.length - 1} more`);
    if (found.length > 1) this.shown[0].row.append(this.more);
    if (now - this.spokenAt < SPEAK_INTERVAL_MS) return;
    this.spokenAt = now;
    setText(this.liveRegion, found[0].says);
  }

  /** Updates the numbers in place, so that nothing moves under the pointer. */
  refresh(found) {
    found.forEach(({rule, remedies}, i) => {
      setText(this.shown[i].rule, rule);
      remedies.forEach(({knobs}, k) => this.shown[i].buttons[k].setKnobs(knobs));
    });
  }

  adviceItem({id, says, remedies}, open) {
    const rule = h("p", {class: "note"});
    const buttons = remedies.map((remedy, i) => new Remedy(remedy, `${id} ${i}`, this.declared, this.handlers));
    const row = h(
      "div",
      {class: "row"},
      ...buttons.map(({element}) => element),
      h("details", {"data-rule": id, open}, h("summary", {"data-key": `${id} rule`}, "the rule"), rule),
    );
    return {rule, buttons, row, element: h("div", {class: "saying", "data-advice": id}, h("p", {}, says), row)};
  }
}

/** A remedy, with the values that it would set. */
class Remedy {
  constructor({label, kind}, key, declared, handlers) {
    this.kind = kind;
    this.declared = declared;
    this.handlers = handlers;
    this.values = h("small");
    this.element = h(
      "button",
      {type: "button", class: "ghost remedy", "data-kind": kind, "data-key": key, onclick: () => this.act()},
      label,
      this.values,
    );
  }

  setKnobs(knobs) {
    if (JSON.stringify(this.knobs) === JSON.stringify(knobs)) return;
    this.knobs = knobs;
    replace(
      this.values,
      ...Object.entries(knobs).map(([name, value]) => {
        const knob = this.declared.find((k) => k.name === name);
        return h("span", {}, ...(knob ? knobLabel(knob) : [name]), ` ${plain(value)}`);
      }),
    );
  }

  async act() {
    this.element.disabled = true;
    const result = await this.handlers[this.kind](this.knobs);
    this.element.disabled = Boolean(result);
    if (result && this.kind === "tune") replace(this.element, `Done, from step ${whole(result.step)}`);
  }
}
