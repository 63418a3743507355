// The knobs of the chosen variant; all but the most important are folded away.

import {h, replace, setText} from "../core/dom.js";
import {KnobRow} from "./knob_row.js";

const MIXED = "Mix and match: not this paper’s";

export class KnobPanel {
  /**
   * @param {any[]} variants of the catalogue
   * @param {import("../controls/hint.js").Hint} hint
   * @param {(name: string, value: unknown, settled: boolean) => void} moved
   */
  constructor(variants, hint, moved) {
    this.variants = variants;
    this.hint = hint;
    this.moved = moved;
    this.knobs = {}; // name -> Knob
    this.basic = h("div", {class: "knobs"});
    this.more = h("div", {class: "knobs"});
    this.note = h("span", {class: "note"});
    this.details = h("details", {class: "more"}, h("summary", {}, h("span", {}, "Advanced"), this.note), this.more);
  }

  /**
   * Creates the rows of a variant's knobs; its own come before those that all variants have.
   * @param {Variant} variant
   * @param {Kind} kind
   * @param {Values} values
   */
  build({knobs, paper_range: paperRange}, kind, values) {
    const declared = knobs[kind];
    const basic = declared.filter((k) => k.basic);
    const shared = ({name}) => this.variants.every((v) => v.knobs[kind].some((k) => k.name === name));
    this.hint.hide();
    this.knobs = Object.fromEntries(
      declared.map((k) => [k.name, new KnobRow(k, values[k.name], this.moved, paperRange[k.name])]),
    );
    for (const {knob, row} of Object.values(this.knobs)) this.hint.attach(row, knob, paperRange[knob.name]);
    replace(
      this.basic,
      ...[...basic.filter((k) => !shared(k)), ...basic.filter(shared)].map((k) => this.knobs[k.name].row),
    );
    const rows = (mixed) => declared.filter((k) => !k.basic && k.mixed === mixed).map((k) => this.knobs[k.name].row);
    const mixed = rows(true);
    replace(this.more, ...rows(false), mixed.length > 0 && h("p", {class: "note mixed"}, MIXED), ...mixed);
  }

  /** Shows how many of the folded knobs were changed. */
  count(changed) {
    const hidden = Object.values(this.knobs).filter(({knob}) => !knob.basic);
    const moved = hidden.filter(({knob}) => changed.includes(knob.name)).length;
    setText(this.note, moved ? `${moved} changed` : `${hidden.length} knobs`);
  }
}
