// What a comparison can be saved as: films, a card that carries its settings, numbers, a page of its own.

import {h, icon, replace} from "../../core/dom.js";
import {writeAddress} from "../view_address.js";

/** [file, title, type]. */
const FILES = [
  ["film.mp4", "Film", "MP4"],
  ["film.gif", "Film", "GIF"],
  ["card.png", "Card with settings", "PNG"],
  ["metrics.csv", "Numbers", "CSV"],
  ["page.html", "Page", "HTML"],
];

export class ComparisonExports {
  constructor() {
    this.sheet = h("div", {class: "sheet"});
    this.opener = h(
      "summary",
      {class: "ghost", "aria-label": "Export the comparison"},
      h("span", {}, "Export"),
      icon("M12 4v11m0 0 4-4m-4 4-4-4M5 19h14"),
    );
    this.element = h("details", {class: "menu-up", ontoggle: () => this.draw()}, this.opener, this.sheet);
    document.addEventListener("pointerdown", ({target}) => {
      if (!this.element.contains(/** @type {Node} */ (target))) this.element.open = false;
    });
    this.element.addEventListener("keydown", ({key}) => {
      if (key !== "Escape" || !this.element.open) return;
      this.element.open = false;
      this.opener.focus();
    });
  }

  /** @param {any} model the comparison */
  begin(model) {
    this.model = model;
    this.element.open = false;
  }

  /** The files, while the menu is open: they are of the view as it stands. */
  draw() {
    const {model} = this;
    if (!this.element.open || !model) return;
    const {runs, view} = model;
    const lanes = model.lanes.map((lane) => lane.ready.map(({id}) => id)).filter((lane) => lane.length);
    if (!runs.every(({state}) => state.mine || state.published)) {
      const why = "Only the owner of these runs can save them, until they are published.";
      replace(this.sheet, h("p", {class: "note"}, why));
      return;
    }
    const parts = new URLSearchParams(writeAddress({race: null, lanes}, view).split("?")[1]);
    for (const name of ["tab", "runs", "v"]) parts.delete(name);
    const query = {"card.png": String(parts), "film.mp4": `by=${view.align}`, "film.gif": `by=${view.align}`};
    const base = `/play/comparison/${lanes.map((lane) => lane.join(".")).join(",")}`;
    replace(
      this.sheet,
      ...FILES.map(([file, title, type]) =>
        h(
          "a",
          {
            href: `${base}/${file}${query[file] ? `?${query[file]}` : ""}`,
            download: true,
            "aria-label": `${title}, ${type}`,
            "data-export": file,
          },
          h("span", {}, title),
          h("span", {class: "note"}, type),
        ),
      ),
    );
  }
}
