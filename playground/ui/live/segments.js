// A choice among few, all in view.

import {h, replace, uid} from "./dom.js";

/** Fill `box` (a radiogroup) with `options`, [[key, title], ...]; hidden without any. `chosen(key)` when a person takes one. The same options keep the focus. */
export function segments(box, options, value, chosen) {
  const titles = JSON.stringify(options);
  if (box.dataset.titles !== titles) {
    const name = uid("seg");
    replace(box, ...options.map(([key, title]) => h("label", {}, h("input", {type: "radio", name, value: key}), h("span", {}, title)))).hidden = !options.length;
    box.dataset.titles = titles;
  }
  const radios = [...box.querySelectorAll("input")];
  radios.forEach((radio, i) => { radio.checked = options[i][0] === value; });
  box.onchange = ({target}) => chosen(options[radios.indexOf(target)][0]);
}
