// What it means: what the server sees in a run's numbers, in words, with the rule behind it and what could be done.

import {h, icon, replace, say, symbol} from "./dom.js";
import {plain, whole} from "./format.js";
import {called} from "./hint.js";

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

  /** `declared`: the knobs of the run's variant. */
  begin(declared) {
    Object.assign(this, {declared, shown: [], key: null, since: 0, spoken: -Infinity});
    this.element.hidden = true;
    this.open(false);
    say(this.aloud, "");
  }

  /** Until then only the first is said; on a phone one line of it. */
  open(open) {
    this.element.classList.toggle("open", open);
    for (const button of [this.opener, this.more]) button.setAttribute("aria-expanded", String(open));
    if (open) this.opener.setAttribute("aria-label", "Say less"); else this.opener.removeAttribute("aria-label");       // closed it is named by its line
  }

  /** `advice`: [{id, says, rule, remedies}], undefined while the server gives none. `may`: which remedies are this person's, {tune, fork}. */
  draw(advice, may) {
    const found = (advice ?? []).map((item) => ({...item, remedies: item.remedies.filter(({kind}) => may[kind])})), now = performance.now();
    const key = JSON.stringify(found.map(({id, says, remedies}) => [id, says, remedies.map(({label, kind}) => [label, kind])]));
    if (this.key === key) return this.refresh(found);
    if (this.shown.length && found.length && now - this.since < STILL) return;
    Object.assign(this, {key, since: now});
    const opened = new Set([...this.list.querySelectorAll("details[open]")].map(({dataset}) => dataset.rule)), focused = this.list.contains(document.activeElement) && document.activeElement.dataset.key;
    this.shown = found.map((item) => this.saying(item, opened.has(item.id)));
    replace(this.list, ...this.shown.map(({element}) => element));
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    this.element.hidden = !found.length;
    if (!found.length) return;
    this.refresh(found);
    say(this.opener.firstChild, found[0].says);
    say(this.more, `and ${found.length - 1} more`);
    if (found.length > 1) this.shown[0].row.append(this.more);
    if (now - this.spoken < SPOKEN) return;
    this.spoken = now;
    say(this.aloud, found[0].says);
  }

  /** The same sentences with newer numbers: nothing moves under a finger. */
  refresh(found) {
    found.forEach(({rule, remedies}, i) => {
      say(this.shown[i].rule, rule);
      remedies.forEach(({knobs}, k) => this.shown[i].buttons[k].take(knobs));
    });
  }

  saying({id, says, remedies}, open) {
    const rule = h("p", {class: "note"}), buttons = remedies.map((remedy, i) => new Remedy(remedy, `${id} ${i}`, this.declared, this.hears));
    const row = h("div", {class: "row"}, ...buttons.map(({element}) => element), h("details", {"data-rule": id, open}, h("summary", {"data-key": `${id} rule`}, "the rule"), rule));
    return {rule, buttons, row, element: h("div", {class: "saying", "data-advice": id}, h("p", {}, says), row)};
  }
}

/** One thing that could be done, with what each knob would become. */
class Remedy {
  constructor({label, kind}, key, declared, hears) {
    Object.assign(this, {kind, declared, hears});
    this.values = h("small");
    this.element = h("button", {type: "button", class: "ghost remedy", "data-kind": kind, "data-key": key, onclick: () => this.act()}, label, this.values);
  }

  take(knobs) {
    if (JSON.stringify(this.knobs) === JSON.stringify(knobs)) return;
    this.knobs = knobs;
    replace(this.values, ...Object.entries(knobs).map(([name, value]) => {
      const knob = this.declared.find((k) => k.name === name);
      return h("span", {}, knob?.symbol ? symbol(knob.symbol) : knob ? called(knob) : name, ` ${plain(value)}`);
    }));
  }

  async act() {
    this.element.disabled = true;
    const done = await this.hears[this.kind](this.knobs);
    this.element.disabled = Boolean(done);
    if (done && this.kind === "tune") replace(this.element, `Done, from step ${whole(done.step)}`);
  }
}
