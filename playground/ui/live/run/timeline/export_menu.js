// The export menu: link, files, model.

import {h, icon, replace, setText} from "../../core/dom.js";

const EXPORTS = [
  ["samples.png", "Samples", "PNG"],
  ["metrics.csv", "Metrics", "CSV"],
  ["settings.json", "Settings and tunes", "JSON"],
  ["charts.html", "Charts", "HTML"],
  ["weights.safetensors", "Weights", "safetensors"],
];
const WEIGHTS = "weights.safetensors";
const SAMPLES = "samples.png";
const WHEN_RESTING = "when it rests";
const FEEDBACK_MS = 1800; // ms that a button says what it did

/** Copies the run's link; the button says whether that worked. */
export async function copyLink(button, text, share) {
  setText(button, (await share()) ? "Link copied" : "Copy it from the address bar");
  setTimeout(() => setText(button, text), FEEDBACK_MS);
}

export class ExportMenu {
  /**
   * @param {object} handlers
   * @param {() => Promise<boolean>} handlers.share copies the link; whether that worked
   * @param {() => void} handlers.slow plays one step in slow motion
   * @param {() => void} handlers.saveModel saves the run as a model
   * @param {() => void} handlers.compare looks for runs to compare it with
   */
  constructor(handlers) {
    this.handlers = handlers;
    this.sheet = h("div", {class: "sheet"});
    this.opener = h(
      "summary",
      {class: "ghost", "aria-label": "Export"},
      h("span", {}, "Export"),
      icon("M12 4v11m0 0 4-4m-4 4-4-4M5 19h14"),
    );
    this.element = h("details", {class: "menu-up"}, this.opener, this.sheet);
    document.addEventListener("pointerdown", (event) => {
      if (!this.element.contains(event.target)) this.element.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.open) return;
      this.element.open = false;
      this.opener.focus();
    });
  }

  /**
   * Lists the exports. Those that a training run cannot give yet are shown disabled.
   * @param {{run: string, recorded: boolean, kind: string, resting: boolean, canExport: boolean}} bar
   * @param {boolean} isOwn whether the run is this person's
   */
  draw({run, recorded, kind, resting, canExport}, isOwn) {
    const files = EXPORTS.filter(
      ([file]) => canExport && (!recorded || (file !== WEIGHTS && (file !== SAMPLES || kind === "points"))),
    );
    this.element.classList.toggle("bare", !files.length);
    const linkItem = h(
      "button",
      {type: "button", class: "copy", onclick: () => copyLink(linkItem, "Copy link", this.handlers.share)},
      "Copy link",
    );
    const slowItem =
      !recorded &&
      h(
        "button",
        {type: "button", class: "copy", onclick: () => this.closeAnd(this.handlers.slow)},
        "One step in slow motion",
      );
    const compareItem = h(
      "button",
      {type: "button", "data-testid": "compare-with", onclick: () => this.closeAnd(this.handlers.compare)},
      "Compare with…",
    );
    const saveItem =
      isOwn &&
      h(
        "button",
        {type: "button", class: "make", disabled: !resting, onclick: () => this.closeAnd(this.handlers.saveModel)},
        h("span", {}, "A model in the Gallery"),
        h("span", {class: "note"}, resting ? "" : WHEN_RESTING),
      );
    replace(
      this.sheet,
      linkItem,
      slowItem,
      compareItem,
      saveItem,
      ...files.map((file) =>
        this.file(file, run, !resting && (file[0] === WEIGHTS || (file[0] === SAMPLES && kind === "images"))),
      ),
    );
  }

  /** @param {string[]} file its name, title and type */
  file([name, title, type], run, isLater) {
    const attributes = {
      href: isLater ? null : `/play/runs/${run}/${name}`,
      download: !isLater,
      role: "link",
      "aria-disabled": isLater && "true",
    };
    return h(
      "a",
      {...attributes, "aria-label": `${title}, ${type}`, "data-export": name},
      h("span", {}, title),
      h("span", {class: "note"}, isLater ? WHEN_RESTING : type),
    );
  }

  /** Closes the menu and runs the chosen action. */
  closeAnd(action) {
    this.element.open = false;
    action();
  }
}
