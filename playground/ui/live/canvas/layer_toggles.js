// Buttons that show or hide the layers of the picture.

import {h, replace, setText, symbol} from "../core/dom.js";
import {rovingFocus} from "../controls/roving_focus.js";

const INITIAL = {real: true, fake: true, land: true, force: true, level: true, mesh: false, under: true};
const TITLES = {real: "Real", fake: "Fake", land: "Landscape", force: "Force", mesh: "Latent grid"};

export class LayerToggles {
  /** `changed()`: something is shown or left out; `turn()`: the landscape is wanted as a surface. */
  constructor(changed, openSurface) {
    this.surfaceButton = h("button", {type: "button", class: "turn", hidden: true, onclick: openSurface}, "3-D");
    this.shown = {...INITIAL};
    this.labels = {};
    this.buttons = Object.fromEntries(Object.keys(INITIAL).map((layer) => [layer, this.button(layer, changed)]));
    this.element = h(
      "div",
      {class: "layers", role: "toolbar", "aria-label": "Layers"},
      ...Object.values(this.buttons),
      this.surfaceButton,
    );
    this.update(null, false);
    rovingFocus(this.element);
  }

  button(layer, changed) {
    this.labels[layer] = h("span", {}, TITLES[layer] ?? "");
    const button = h(
      "button",
      {
        type: "button",
        "aria-pressed": String(this.shown[layer]),
        "data-layer": layer,
        onclick: () => {
          this.shown[layer] = !this.shown[layer];
          button.setAttribute("aria-pressed", String(this.shown[layer]));
          changed();
        },
      },
      h("span", {class: `dot ${layer}`}),
      this.labels[layer],
    );
    return button;
  }

  /**
   * Shows the buttons of the layers that exist.
   * @param {CriticSnapshot | null} snapshot
   * @param {boolean} still whether nothing moves
   * @param {Kind} kind
   */
  update(snapshot, still, kind = "points") {
    const {buttons} = this;
    const points = kind === "points";
    const hasLandscape = points && Boolean(snapshot);
    this.element.hidden = !points && !snapshot;
    this.surfaceButton.hidden = !hasLandscape;
    this.surfaceButton.classList.toggle("waits", !still);
    for (const layer of ["real", "fake"]) buttons[layer].hidden = !points;
    for (const layer of ["land", "force"]) buttons[layer].hidden = !hasLandscape;
    buttons.under.hidden = points;
    if (snapshot) setText(this.labels.under, `${snapshot.unit === "energy" ? "Energy" : "Score"} under each`);
    const level = hasLandscape && snapshot.levels.find(({past}) => !past);
    buttons.level.hidden = !level;
    buttons.mesh.hidden = !hasLandscape || !snapshot.arrays.mesh;
    if (!level || this.levelName === level.name) return;
    this.levelName = level.name;
    replace(this.labels.level, symbol(level.symbol));
    buttons.level.title = level.name;
    buttons.level.setAttribute("aria-label", level.name);
  }
}
