// A field for a seed, and a button that draws another.

import {h, icon} from "./dom.js";

const PIP = "a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6";
const DICE = [
  "M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z",
  `f:M8.8 7.5${PIP}M15.2 7.5${PIP}M8.8 13.9${PIP}M15.2 13.9${PIP}`,
];
const MAX_SEED = 1e6;

/** A button that draws another seed into `field`. */
export function diceButton(label, field, changed) {
  return h(
    "button",
    {
      type: "button",
      class: "icon boxed",
      "aria-label": label,
      title: label,
      onclick: () => {
        field.value = Math.floor(Math.random() * MAX_SEED);
        changed();
      },
    },
    icon(...DICE),
  );
}

/** A field for the seed of `label`, and the die beside it: {field, row}; `changed()` when either is used. */
export function seedField(label, seed, changed) {
  const field = h("input", {
    type: "text",
    inputmode: "numeric",
    class: "num",
    value: seed,
    "aria-label": `Seed of ${label}`,
    autocomplete: "off",
    onchange: changed,
  });
  return {field, row: h("span", {class: "row seed-of"}, field, diceButton(`Another seed of ${label}`, field, changed))};
}
