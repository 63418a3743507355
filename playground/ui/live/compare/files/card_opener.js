// Opens a card that was saved here: dropped anywhere on the tab, or chosen. Its runs are shown, where they are still
// there; else the race that it was is set up. Nothing starts by itself.

import {h} from "../../core/dom.js";
import {ErrorLine} from "../../controls/error_line.js";
import {post} from "../../core/upload_request.js";
import {raceAddress} from "../../compare_setup/race_address.js";

const ADDRESS = "/play/upload/card";

export class CardOpener {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {(address: string, notes: string[]) => void} open `notes`: what was left out of the card
   */
  constructor(api, catalogue, open) {
    this.api = api;
    this.catalogue = catalogue;
    this.open = open;
    this.input = h("input", {
      type: "file",
      accept: "image/png",
      class: "sr",
      tabindex: "-1",
      "aria-hidden": "true",
      "data-testid": "card-file",
      onchange: () => {
        this.read(this.input.files[0]);
        this.input.value = "";
      },
    });
    this.error = new ErrorLine();
    this.element = h(
      "div",
      {class: "card-opener"},
      h(
        "p",
        {class: "note"},
        "A card that was saved from a comparison opens it again: drop it here, or ",
        h("button", {type: "button", class: "link", onclick: () => this.input.click()}, "choose one"),
        ".",
        this.input,
      ),
      this.error.element,
    );
  }

  /** Takes files that are dropped on an element. */
  listen(element) {
    element.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    element.addEventListener("drop", (event) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      this.read(file);
    });
  }

  async read(file) {
    if (!file) return;
    this.element.hidden = false;
    await this.error.attempt(async () => this.restore(await post(ADDRESS, file, "image/png", () => {})));
  }

  /** Opens what a card carries. */
  async restore({runs, view, race, left_out: notes}) {
    const facts = runs.length ? await this.api.lanes({runs}) : null;
    const parts = Object.entries(view).map(([name, text]) => `&${name}=${text}`);
    if (facts?.lanes.some((lane) => lane.runs.length))
      return this.open(`?tab=compare&runs=${runs.map((lane) => lane.join(".")).join(",")}${parts.join("")}`, notes);
    if (!race) return this.error.show("Its runs are not here, and its race cannot be set up: nothing is left of it.");
    const data = this.catalogue.data.find((d) => d.id === race.data);
    return this.open(raceAddress(this.catalogue, {...race, data, clock: {id: race.clock}}), notes);
  }
}
