// "Save as model": saves a run's newest checkpoint as one file, private or published.

import {h} from "../core/dom.js";
import {segments} from "../controls/segments.js";
import {FormDialog, Field} from "../controls/form_dialog.js";

const AUDIENCES = [
  [false, "For myself"],
  [true, "For everybody"],
];

export class SaveModel extends FormDialog {
  /**
   * @param {Api} api
   * @param {(model: ModelSummary) => void} onSaved
   */
  constructor(api, onSaved) {
    const name = new Field("Name", {maxlength: 80});
    const audience = h("div", {class: "seg", role: "radiogroup", "aria-label": "Who sees it"});
    super({
      title: "Save as model",
      fields: {name},
      submitLabel: "Save",
      busy: "Saving",
      action: () => this.save(),
      parts: [
        h(
          "p",
          {class: "note"},
          "What it has learned so far becomes one file in the Gallery: weights, knobs, what was measured, a " +
            "picture. The run stays as it is.",
        ),
        name.element,
        h("div", {class: "field"}, h("div", {class: "lab"}, "Who sees it, and may take it"), audience),
      ],
    });
    this.api = api;
    this.onSaved = onSaved;
    this.name = name;
    this.audience = audience;
  }

  /** `run`: its id; `name`: its own, `title`: what it is called without one. */
  open(run, name, title) {
    this.run = run;
    this.name.input.value = name;
    this.name.input.placeholder = title;
    this.choose(false);
    this.show(this.name.input);
  }

  choose(isPublic) {
    this.public = isPublic;
    segments(this.audience, AUDIENCES, isPublic, (isPublic) => this.choose(isPublic));
  }

  async save() {
    const {model} = await this.api.publish({run: this.run, name: this.name.value, public: this.public});
    this.onSaved(model);
    return true;
  }
}
