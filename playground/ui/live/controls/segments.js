// A choice between a few options, all visible.

import {h, replace, uid} from "../core/dom.js";

/**
 * Fills `box` with radio buttons. With the same options as before they keep the focus.
 * @param {any} box a radiogroup, hidden without options
 * @param {any[][]} options [[key, title], ...]
 * @param {any} value the chosen key
 * @param {(key: any) => void} onChoose
 */
export function segments(box, options, value, onChoose) {
  const titles = JSON.stringify(options);
  if (box.dataset.titles !== titles) {
    const name = uid("seg");
    replace(
      box,
      ...options.map(([key, title]) =>
        h("label", {}, h("input", {type: "radio", name, value: key}), h("span", {}, title)),
      ),
    ).hidden = !options.length;
    box.dataset.titles = titles;
  }
  const radios = [...box.querySelectorAll("input")];
  radios.forEach((radio, i) => {
    radio.checked = options[i][0] === value;
  });
  box.onchange = ({target}) => onChoose(options[radios.indexOf(target)][0]);
}
