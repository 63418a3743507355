// What is known of the chosen variant: one sentence, its formula, the paper, what it is good and bad at here, and a warning.

import {h, replace, say} from "./dom.js";
import {formula} from "./formula.js";

export class About {
  constructor() {
    this.sentence = h("p", {class: "note"});
    this.formula = h("div", {class: "formula", tabindex: "0", role: "group", "aria-label": "Formula"});
    this.paper = h("a", {class: "note paper", target: "_blank", rel: "noreferrer"});
    this.advice = h("dl", {class: "advice", "data-testid": "advice"});
    this.said = h("span");
    this.warning = h("p", {class: "warns", role: "note", "data-testid": "warning"}, h("b"), this.said);
    this.element = h("div", {class: "about"}, this.sentence, this.formula, this.paper, this.advice, this.warning);
    let wide = 0;
    new ResizeObserver(([{contentRect: {width}}]) => { if (width !== wide) { wide = width; this.typeset?.(); } }).observe(this.formula);
  }

  draw(variant, data) {
    const {sentence, formula: lines, paper, knobs, good, bad, warns} = variant;
    say(this.sentence, sentence);
    this.typeset = () => formula(this.formula, lines, knobs[data.kind].filter((k) => k.live && k.symbol).map((k) => k.symbol));
    this.typeset();
    say(this.paper, `${paper.authors}, ${paper.year}`);
    Object.assign(this.paper, {href: paper.url, title: paper.title});
    const told = [["good at", good], ["weak at", bad]].filter(([, said]) => said);
    replace(this.advice, ...told.flatMap(([name, said]) => [h("dt", {}, name), h("dd", {}, said)])).hidden = !told.length;
    const text = warns?.[data.id] ?? "";
    say(this.warning.firstChild, `${variant.title} on ${data.title}: `);
    say(this.said, text);
    this.warning.hidden = !text;
  }
}
