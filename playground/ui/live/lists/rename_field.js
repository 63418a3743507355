// Renaming in place: Enter or leaving the field keeps the name, Escape does not.

import {h} from "../core/dom.js";

const MAX_LENGTH = 80;

/**
 * `title`: the button that shows the name. `keep(name)`: a promise whether it was kept; `back()`: it was left as it
 * was.
 */
export function startRename(title, {name, label, placeholder, keep, back}) {
  const field = h("input", {
    type: "text",
    class: "renames",
    value: name,
    maxlength: MAX_LENGTH,
    placeholder,
    "aria-label": label,
    autocomplete: "off",
  });
  let isOver = false;
  let isBusy = false; // Enter asks, and the field that is left asks no second time
  const restoreTitle = (focus) => {
    isOver = true;
    field.replaceWith(title);
    if (focus) title.focus();
  };
  const commit = async (focus) => {
    if (isOver || isBusy) return;
    const newName = field.value.trim();
    isBusy = true;
    const isKept = newName === name || (await keep(newName));
    isBusy = false;
    if (isOver) return;
    if (isKept) restoreTitle(focus);
    else field.setAttribute("aria-invalid", "true");
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit(true);
    if (event.key !== "Escape") return;
    back();
    restoreTitle(true);
  });
  field.addEventListener("blur", () => commit(false));
  title.replaceWith(field);
  field.select();
}
