// "Make a model of this run": its newest checkpoint as one file that is kept, for oneself or for everybody.

import {h} from "../dom.js";
import {segments} from "../segments.js";
import {Asking, Field} from "./asking.js";

const FOR = [[false, "For myself"], [true, "For everybody"]];

export class Making extends Asking {
  /** `made(model)`: it is kept. */
  constructor(api, made) {
    const name = new Field("Name", {maxlength: 80}), who = h("div", {class: "seg", role: "radiogroup", "aria-label": "Who sees it"});
    super({title: "Make a model of this run", fields: {name}, go: "Make it", busy: "Making it", act: () => this.make(),
      parts: [h("p", {class: "note"}, "What it has learned so far becomes one file in the Gallery: weights, knobs, what was measured, a picture. The run stays as it is."),
        name.element, h("div", {class: "field"}, h("div", {class: "lab"}, "Who sees it, and may take it"), who)]});
    Object.assign(this, {api, made, name, who});
  }

  /** `run`: its id; `name`: its own, `title`: what it is called without one. */
  open(run, name, title) {
    this.run = run;
    Object.assign(this.name.input, {value: name, placeholder: title});
    this.choose(false);
    this.show(this.name.input);
  }

  choose(open) {
    this.public = open;
    segments(this.who, FOR, open, (other) => this.choose(other));
  }

  async make() {
    const {model} = await this.api.publish({run: this.run, name: this.name.value, public: this.public});
    this.made(model);
    return true;
  }
}
