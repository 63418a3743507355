// What it means: what the server sees in a run's numbers, in words, with the rule behind it and what could be done.

import {h, icon, replace, say} from "./dom.js";
import {whole} from "./format.js";

const STILL = 4000, SPOKEN = 10_000;          // ms that a sentence stands at least; between two that are read aloud

export class Advisor {
  /** `hears`: tune(knobs) -> {step} or null; fork(knobs) -> whether it began. */
  constructor(hears) {
    this.hears = hears;
    this.list = h("div", {class: "sayings"});
    this.aloud = h("p", {class: "sr", role: "status", "aria-live": "polite", "data-testid": "advice-aloud"});
    this.opener = h("button", {type: "button", class: "opener-line", "aria-expanded": "false", onclick: () => this.open(!this.element.classList.contains("open"))}, h("span"), icon("M5 9l7 7 7-7"));
    this.more = h("button", {type: "button", class: "link more", "aria-expanded": "false", onclick: () => this.open(true)});
    this.element = h("section", {class: "advisor", hidden: true, "aria-label": "What it means"}, h("h2", {class: "sr"}, "What it means"), this.opener, this.list, this.aloud);
  }

  begin() {
    Object.assign(this, {key: null, since: 0, spoken: 0});
    this.element.hidden = true;
    this.open(false);
    say(this.aloud, "");
  }

  /** Until then only the first is said; on a phone one line of it. */
  open(open) {
    this.element.classList.toggle("open", open);
    for (const button of [this.opener, this.more]) button.setAttribute("aria-expanded", String(open));
  }

  /** `advice`: [{id, says, rule, remedies}], undefined while the server gives none. `may`: which remedies are this person's, {tune, fork}. */
  draw(advice, may) {
    const found = advice ?? [], now = performance.now(), key = JSON.stringify([found.map(({id, remedies}) => [id, remedies]), may]);
    if (this.key === key || (this.key && now - this.since < STILL && found.length)) return;
    Object.assign(this, {key, since: now});
    const opened = new Set([...this.list.querySelectorAll("details[open]")].map((details) => details.dataset.rule)), focused = this.list.contains(document.activeElement) && document.activeElement.dataset.key;
    replace(this.list, ...found.map((item) => this.saying(item, may, opened.has(item.id))));
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    this.element.hidden = !found.length;
    say(this.more, `and ${found.length - 1} more`);
    if (found.length > 1) this.list.firstChild.querySelector(".row").append(this.more);
    if (!found.length) return;
    say(this.opener.firstChild, found[0].says);
    if (now - this.spoken > SPOKEN) {
      this.spoken = now;
      say(this.aloud, found[0].says);
    }
  }

  saying({id, says, rule, remedies}, may, open) {
    return h("div", {class: "saying", "data-advice": id}, h("p", {}, says),
      h("div", {class: "row"}, ...remedies.filter(({kind}) => may[kind]).map((remedy, i) => this.remedy(id, remedy, i)),
        h("details", {"data-rule": id, open}, h("summary", {"data-key": `${id} rule`}, "the rule"), h("p", {class: "note"}, rule))));
  }

  remedy(id, {label, kind, knobs}, i) {
    const button = h("button", {type: "button", class: "ghost remedy", "data-kind": kind, "data-key": `${id} ${i}`, onclick: async () => {
      button.disabled = true;
      const done = await this.hears[kind](knobs);
      button.disabled = Boolean(done) && kind === "tune";
      if (done && kind === "tune") replace(button, `Done, from step ${whole(done.step)}`);
    }}, label);
    return button;
  }
}
