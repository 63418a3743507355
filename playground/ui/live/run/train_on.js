// "Train on": continues a finished run with a larger budget, exactly as if it had had that from the start.

import {h, setText} from "../core/dom.js";
import {parseNumber, whole} from "../core/format.js";
import {FormDialog, Field} from "../controls/form_dialog.js";

export class TrainOnDialog extends FormDialog {
  /**
   * @param {Api} api
   * @param {number | null} maxSteps null without a limit
   */
  constructor(api, maxSteps) {
    const steps = new Field("Steps in all", {inputmode: "numeric"});
    const about = h("p", {class: "note"});
    super({
      title: "Train on",
      fields: {steps},
      submitLabel: "Train on",
      busy: "Starting",
      action: () => this.extend(),
      parts: [about, steps.element],
    });
    this.api = api;
    this.maxSteps = maxSteps;
    this.steps = steps;
    this.about = about;
  }

  /**
   * @param {{run: string, budget: number}} run
   * @param {() => void} onExtended
   */
  open({run, budget}, onExtended) {
    this.run = run;
    this.onExtended = onExtended;
    setText(
      this.about,
      `This run has made its ${whole(budget)} steps. It goes on from there, exactly as if it had had the larger ` +
        `budget from the start.`,
    );
    this.steps.input.value = Math.min(2 * budget, Math.max(this.maxSteps ?? Infinity, budget + 1));
    this.show(this.steps.input);
    this.steps.input.select();
  }

  async extend() {
    await this.api.extend({run: this.run, steps: parseNumber(this.steps.value) ?? this.steps.value});
    this.onExtended();
    return true;
  }
}
