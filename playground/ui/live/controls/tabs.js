// Tabs as the ARIA pattern has them: one stop of the Tab key; arrows, Home and End go from one to the next.

import {h} from "../core/dom.js";

const id = (name, part) => `play-${part}-${name}`;

export class Tabs {
  /** `names`: {id: title}; `chosen(id)`: a person took one; `label`: what they are together. */
  constructor(names, chosen, label = "Main") {
    this.ids = Object.keys(names);
    this.tabs = this.ids.map((name) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: id(name, "tab"),
          "aria-controls": id(name, "panel"),
          onclick: () => chosen(name),
        },
        names[name],
      ),
    );
    this.panels = Object.fromEntries(
      this.ids.map((name) => [
        name,
        h("div", {
          class: "tab-panel",
          role: "tabpanel",
          id: id(name, "panel"),
          "aria-labelledby": id(name, "tab"),
          tabindex: "-1",
          hidden: true,
        }),
      ]),
    );
    this.element = h(
      "div",
      {class: "tabs", role: "tablist", "aria-label": label, onkeydown: (event) => this.key(event)},
      ...this.tabs,
    );
  }

  select(chosen) {
    this.ids.forEach((name, i) => {
      this.panels[name].hidden = name !== chosen;
      this.tabs[i].setAttribute("aria-selected", String(name === chosen));
      this.tabs[i].tabIndex = name === chosen ? 0 : -1;
    });
  }

  key(event) {
    const index = this.tabs.indexOf(event.target);
    const last = this.tabs.length - 1;
    const to = {ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index ? index - 1 : last, Home: 0, End: last}[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    this.tabs[to].focus();
    this.tabs[to].click();
  }
}
