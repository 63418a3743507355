// A person's own images in the data picker: a button for each set, and one to add another.

import {AddImages} from "./addimages.js";
import {Lost} from "./api.js";
import {h, icon, replace} from "./dom.js";
import {whole} from "./format.js";
import {OwnSet} from "./ownset.js";

const PLUS = "M12 5v14M5 12h14";

export const brought = (data) => data.needs === "pictures";

export class OwnImages {
  /** `hears`: taken(), a person chose the set `picked`; told(), it has another name, or the list is there. */
  constructor(api, hears) {
    Object.assign(this, {api, hears, sets: [], picked: ""});
    this.add = new AddImages(api, (set) => { this.have(set); this.about.open(set); });
    this.about = new OwnSet(api, {used: (set) => this.pick(set.id), changed: (set) => this.have(set), dropped: (id) => this.lose(id)});
    this.element = h("div", {class: "own-sets", role: "group", "aria-label": "Your own images"});
    this.more = h("button", {type: "button", class: "link hand again", hidden: true, onclick: () => this.about.open(this.set)}, "Look, rename or drop");
    this.dialogs = [this.add.element, this.about.element];
    this.draw();
    this.load();
  }

  /** The set that is chosen, if it is one's own. */
  get set() { return this.sets.find(({id}) => id === this.picked) ?? null; }

  async load() {
    try {
      this.sets = (await this.api.sets()).sets;
      this.draw();
      this.hears.told();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;        // it is asked again when it is looked at
    }
  }

  have(set) {
    const at = this.sets.findIndex(({id}) => id === set.id);
    this.sets = at < 0 ? [set, ...this.sets] : this.sets.with(at, set);
    this.draw();
    this.hears.told();
  }

  lose(gone) {
    this.sets = this.sets.filter(({id}) => id !== gone);
    this.draw();
    this.hears.told();
  }

  pick(id) {
    this.picked = id;
    this.hears.taken();
  }

  draw() {
    const shown = this.sets.map(({id, name, n, licence, thumb}) => h("button", {type: "button", "data-set": id, "aria-label": name, "aria-pressed": String(id === this.picked), title: [`${name}: ${whole(n)} pictures`, licence].filter(Boolean).join("; "), onclick: () => this.pick(id)}, h("img", {src: thumb, alt: ""})));
    replace(this.element, ...shown, h("button", {type: "button", class: "bare", onclick: () => this.add.open()}, icon(PLUS), h("span", {}, this.sets.length ? "Add images" : "Add your own images")));
    this.more.hidden = !this.set;
  }
}
