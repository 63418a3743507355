// What can be shown on the picture or left out, as a row of buttons.

import {h, replace, symbol} from "./dom.js";

const AT_FIRST = {real: true, fake: true, land: true, force: true, level: true, mesh: false};

export class Layers {
  /** `changed()`: something is shown or left out; `turn()`: the landscape is wanted as a surface. */
  constructor(changed, turn) {
    this.turn = h("button", {type: "button", class: "turn", hidden: true, onclick: turn}, "3-D");
    this.shown = {...AT_FIRST};
    this.words = {};
    this.buttons = Object.fromEntries(Object.keys(AT_FIRST).map((layer) => [layer, this.button(layer, changed)]));
    this.element = h("div", {class: "layers", role: "group", "aria-label": "Layers"}, ...Object.values(this.buttons), this.turn);
    this.offer(null, false);
  }

  button(layer, changed) {
    this.words[layer] = h("span", {}, {land: "landscape", mesh: "plane of z"}[layer] ?? layer);
    const button = h("button", {type: "button", "aria-pressed": String(this.shown[layer]), "data-layer": layer, onclick: () => {
      this.shown[layer] = !this.shown[layer];
      button.setAttribute("aria-pressed", String(this.shown[layer]));
      changed();
    }}, h("span", {class: `dot ${layer}`}), this.words[layer]);
    return button;
  }

  /** Only what there is: `look` at D, or null without one. `still`: nothing moves. */
  offer(look, still) {
    this.turn.hidden = !look || !still;
    const level = look?.levels.find(({past}) => !past), {buttons} = this;
    for (const layer of ["land", "force"]) buttons[layer].hidden = !look;
    buttons.level.hidden = !level;
    buttons.mesh.hidden = !look?.arrays.mesh;
    if (!level || this.named === level.name) return;
    this.named = level.name;
    replace(this.words.level, symbol(level.symbol));
    buttons.level.title = level.name;
    buttons.level.setAttribute("aria-label", level.name);
  }
}
