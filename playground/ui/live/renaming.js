// A name that becomes a field where it stands: Enter and leaving it keep what is written, Escape does not.

import {h} from "./dom.js";

const MOST = 80;

/** `title`: the button that shows the name. `keep(name)`: a promise whether it was kept; `back()`: it was left as it was. */
export function renaming(title, {name, label, placeholder, keep, back}) {
  const field = h("input", {type: "text", class: "renames", value: name, maxlength: MOST, placeholder, "aria-label": label, autocomplete: "off"});
  let over = false;
  const end = (focus) => {
    over = true;
    field.replaceWith(title);
    if (focus) title.focus();
  };
  const done = async (focus) => {
    if (over) return;
    const wanted = field.value.trim();
    if (wanted === name || await keep(wanted)) return void (over || end(focus));
    field.setAttribute("aria-invalid", "true");
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") done(true);
    if (event.key !== "Escape") return;
    back();
    end(true);
  });
  field.addEventListener("blur", () => done(false));
  title.replaceWith(field);
  field.select();
}
