// An option of data without a control: it keeps the value of a run or a drawing.

import {h} from "../../core/dom.js";

export class HiddenOption {
  constructor(option) {
    this.knob = option;
    this.value = option.default;
    this.row = h("div", {hidden: true, "data-option": option.name});
  }

  set(value) {
    this.value = value;
  }
  showRunValue() {}
  setError() {}
}
