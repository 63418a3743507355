// Beneath the settings: a link to them, and a race with their twin. Above them: what a link could not set.

import {h, replace} from "../../core/dom.js";
import {settingsAddress} from "./settings_address.js";
import {isDrawing} from "./typed_values.js";

const COPY = "Copy link to these settings";
const COPIED = "Link copied";
const BY_HAND = "Copy it from the address bar";
const NO_DRAWING = "Link copied, without the drawing";
const FEEDBACK_MS = 1800; // ms that the button says what it did
const SHOWN = 8; // parts that were left out, named one by one

/** What is said of a link that has set something: `wrong` was left out; null without a link. */
export function linkNotes(wrong) {
  if (!wrong) return [];
  const more = wrong.length > SHOWN ? ` · and ${wrong.length - SHOWN} more` : "";
  const left = `Left out: ${wrong.slice(0, SHOWN).join(" · ")}${more}.`;
  return [
    h("p", {class: "note"}, "Set by a link; nothing has started."),
    wrong.length > 0 && h("p", {class: "wrong"}, left),
  ];
}

export class SettingsLinks {
  /**
   * @param {Catalogue} catalogue
   * @param {() => Spec} spec what is set now
   * @param {() => void} [twin] a person wants to race it with the same, one knob changed
   */
  constructor(catalogue, spec, twin) {
    this.catalogue = catalogue;
    this.spec = spec;
    this.copyButton = h(
      "button",
      {type: "button", class: "link", "data-testid": "copy-settings", onclick: () => this.copy()},
      COPY,
    );
    const twinButton =
      twin &&
      h(
        "button",
        {
          type: "button",
          class: "link",
          "data-testid": "twin",
          title: "A race of these settings and the same with one knob changed",
          onclick: twin,
        },
        "Race a twin",
      );
    this.element = h("div", {class: "row spread links-of"}, this.copyButton, twinButton);
    this.note = h("div", {class: "from-link", role: "status", "data-testid": "from-link", hidden: true});
  }

  /** Copies the address of what is set; without a clipboard it stands in the address bar. */
  async copy() {
    const spec = this.spec();
    const {origin, pathname} = location;
    const address = settingsAddress(this.catalogue, spec);
    const copied = await (navigator.clipboard?.writeText(`${origin}${pathname}${address}`).then(
      () => true,
      () => false,
    ) ?? false);
    if (!copied) history.replaceState(null, "", address);
    const drawn = this.catalogue.data.find((d) => d.id === spec.data).options.some(isDrawing);
    this.copyButton.textContent = copied ? (drawn ? NO_DRAWING : COPIED) : BY_HAND;
    setTimeout(() => (this.copyButton.textContent = COPY), FEEDBACK_MS);
  }

  /**
   * Says that a link has set what is shown, and what of it was left out; null: nothing any more.
   * @param {string[] | null} wrong
   */
  show(wrong) {
    this.note.hidden = !wrong;
    replace(this.note, ...linkNotes(wrong));
  }
}
