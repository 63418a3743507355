// A person's image sets in the data picker: a button for each, and one to add another.

import {ImageUpload} from "./image_upload.js";
import {ConnectionLost} from "../../core/api.js";
import {h, icon, replace} from "../../core/dom.js";
import {whole} from "../../core/format.js";
import {OwnImageSet} from "./own_image_set.js";

const PLUS = "M12 5v14M5 12h14";

export const isOwnImages = (data) => data.needs === "pictures";

export class OwnImages {
  /**
   * @param {Api} api
   * @param {{chosen: () => void, updated: () => void, train: () => void}} handlers chosen: a set was picked; updated:
   *   the list or a name changed
   */
  constructor(api, handlers) {
    this.api = api;
    this.handlers = handlers;
    this.sets = [];
    this.picked = "";
    this.misfit = {};
    this.uploadDialog = new ImageUpload(api, (set) => {
      this.addOrReplace(set);
      this.setDialog.open(set);
    });
    this.setDialog = new OwnImageSet(api, {
      used: (set) => {
        this.pick(set.id);
        handlers.train();
      },
      changed: (set) => this.addOrReplace(set),
      deleted: (id) => this.remove(id),
    });
    this.element = h("div", {class: "own-sets", role: "group", "aria-label": "Your own images"});
    this.more = h(
      "button",
      {type: "button", class: "link hand again", hidden: true, onclick: () => this.setDialog.open(this.set)},
      "Look, rename or delete",
    );
    this.dialogs = [this.uploadDialog.element, this.setDialog.element];
    this.draw();
    this.load();
  }

  /** The chosen set, null if it is not one's own. */
  get set() {
    return this.sets.find(({id}) => id === this.picked) ?? null;
  }

  async load() {
    try {
      this.sets = (await this.api.sets()).sets;
      this.draw();
      this.handlers.updated();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error; // it is asked again when it is looked at
    }
  }

  addOrReplace(set) {
    const index = this.sets.findIndex(({id}) => id === set.id);
    this.sets = index < 0 ? [set, ...this.sets] : this.sets.with(index, set);
    this.draw();
    this.handlers.updated();
  }

  remove(deletedId) {
    this.sets = this.sets.filter(({id}) => id !== deletedId);
    this.draw();
    this.handlers.updated();
  }

  pick(id) {
    this.picked = id;
    this.handlers.chosen();
  }

  /** `attributes` of buttons that say that these do not fit the variant, {} where they do. */
  setMisfit(attributes) {
    this.misfit = attributes;
    this.draw();
  }

  draw() {
    const ifFits = (act) => () => !("aria-disabled" in this.misfit) && act();
    const shown = this.sets.map(({id, name, n, licence, thumb}) =>
      h(
        "button",
        {
          type: "button",
          "data-set": id,
          "aria-label": name,
          "aria-pressed": String(id === this.picked),
          title: [`${name}: ${whole(n)} pictures`, licence].filter(Boolean).join("; "),
          ...this.misfit,
          onclick: ifFits(() => this.pick(id)),
        },
        h("img", {src: thumb, alt: ""}),
      ),
    );
    replace(
      this.element,
      ...shown,
      h(
        "button",
        {type: "button", class: "bare", ...this.misfit, onclick: ifFits(() => this.uploadDialog.open())},
        icon(PLUS),
        h("span", {}, this.sets.length ? "Add images" : "Add your own images"),
      ),
    );
    this.more.hidden = !this.set;
  }
}
