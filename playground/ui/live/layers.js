// What can be shown on the picture or left out, as a row of buttons.

import {h, replace, say, symbol} from "./dom.js";

const AT_FIRST = {real: true, fake: true, land: true, force: true, level: true, mesh: false, under: true};

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
    this.words[layer] = h("span", {}, {land: "landscape", mesh: "plane of z", under: "energy under each"}[layer] ?? layer);
    const button = h("button", {type: "button", "aria-pressed": String(this.shown[layer]), "data-layer": layer, onclick: () => {
      this.shown[layer] = !this.shown[layer];
      button.setAttribute("aria-pressed", String(this.shown[layer]));
      changed();
    }}, h("span", {class: `dot ${layer}`}), this.words[layer]);
    return button;
  }

  /** Only what there is: `look` at D, or null without one. `still`: nothing moves. */
  offer(look, still, kind = "points") {
    const {buttons} = this, points = kind === "points", land = points && Boolean(look);
    this.element.hidden = !points && !look;
    this.turn.hidden = !land || !still;
    for (const layer of ["real", "fake"]) buttons[layer].hidden = !points;
    for (const layer of ["land", "force"]) buttons[layer].hidden = !land;
    buttons.under.hidden = points;
    if (look) say(this.words.under, `${look.unit === "energy" ? "energy" : "score"} under each`);
    const level = land && look.levels.find(({past}) => !past);
    buttons.level.hidden = !level;
    buttons.mesh.hidden = !land || !look.arrays.mesh;
    if (!level || this.named === level.name) return;
    this.named = level.name;
    replace(this.words.level, symbol(level.symbol));
    buttons.level.title = level.name;
    buttons.level.setAttribute("aria-label", level.name);
  }
}
