// The knobs of the one lane that is opened, in its place; each says what the first lane or the preset has instead.

import {plain} from "../core/format.js";
import {Hint} from "../controls/hint.js";
import {KnobPanel} from "../setup/knob_panel.js";
import {lockRows} from "../setup/knob_needs.js";

export class LaneKnobs {
  /**
   * @param {Catalogue} catalogue
   * @param {HTMLElement} column beside which a knob's explanation is shown
   * @param {(name: string, value: any, settled: boolean) => void} moved
   */
  constructor(catalogue, column, moved) {
    this.hint = new Hint(column);
    this.panel = new KnobPanel(catalogue.variants, this.hint, (name, value, settled) => {
      this.values[name] = value;
      this.compare();
      moved(name, value, settled);
    });
    this.values = {};
    this.other = {};
  }

  get rows() {
    return Object.values(this.panel.knobs);
  }

  /**
   * Shows the knobs of a lane in `slot`.
   * @param {Element} slot
   * @param {Variant} variant
   * @param {Kind} kind
   * @param {Values} values of all knobs
   * @param {{title: string, values: Values}} other what they are compared with
   */
  open(slot, variant, kind, values, other) {
    this.values = {...values};
    this.other = other;
    this.panel.build(variant, kind, this.values);
    slot.replaceChildren(this.panel.basic, this.panel.details);
    this.compare();
  }

  /** Says at each knob that differs what the other has. */
  compare() {
    const {title, values} = this.other;
    const changed = [];
    for (const row of this.rows) {
      const {name} = row.knob;
      const differs = name in values && values[name] !== row.value;
      row.previous = differs ? `${title} has ${plain(values[name])}` : "";
      row.updateNote();
      if (differs) changed.push(name);
    }
    lockRows(this.panel.knobs);
    this.panel.count(changed);
  }

  /** Shows what is wrong with a knob; whether it is one of these. */
  showError(field, text) {
    for (const row of this.rows) if (!row.isInvalid) row.setError("");
    const row = this.panel.knobs[field];
    row?.setError(text);
    if (row && !row.knob.basic) this.panel.details.open = true;
    return Boolean(row);
  }

  /** Goes to the first knob whose field cannot be read; whether there is one. */
  goToInvalid() {
    const row = this.rows.find(({isInvalid}) => isInvalid);
    if (row && !row.knob.basic) this.panel.details.open = true;
    row?.field.focus();
    return Boolean(row);
  }

  focus() {
    this.panel.basic.querySelector("input, select")?.focus();
  }
}
