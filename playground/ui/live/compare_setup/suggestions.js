// Suggested races: each is one button, which fills the editor, with a sentence on what to look for.

import {h} from "../core/dom.js";
import {lanePen} from "../compare/lane_style.js";

export class Suggestions {
  /**
   * @param {any[]} races of the catalogue
   * @param {(race: any) => void} chosen
   */
  constructor(races, chosen) {
    this.buttons = races.map((race) =>
      h(
        "button",
        {
          type: "button",
          class: "suggestion",
          "aria-pressed": "false",
          "data-race": race.id,
          onclick: () => chosen(race),
        },
        h(
          "span",
          {class: "cap"},
          h("b", {}, race.title),
          h("span", {class: "signs"}, ...race.lanes.map((_, i) => lanePen(i, 10))),
        ),
        h("span", {class: "note"}, race.look),
      ),
    );
    this.more = h(
      "button",
      {type: "button", class: "link more-of", onclick: () => this.element.classList.add("all")},
      "All suggestions",
    );
    this.element = h(
      "div",
      {class: "suggestions"},
      h("ul", {"aria-label": "Suggested races"}, ...this.buttons.map((button) => h("li", {}, button))),
      this.more,
    );
  }

  /** Shows which one the editor has, "" for none. */
  select(id) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.race === id));
  }
}
