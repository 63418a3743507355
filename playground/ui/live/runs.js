// The tab Runs: everything of one's own that trained or trains, to find, name, go on with, keep or delete.

import {FINDS, Names, reads, sift, SORTS, STATUSES} from "./cards.js";
import {h, replace} from "./dom.js";
import {bytes} from "./format.js";
import {Listing, select} from "./listing.js";
import {Row} from "./row.js";

export class Runs {
  /** `hears`: open(run), look at it in Play; train(), begin one; make(run, name, title), a model of it. */
  constructor(api, catalogue, toasts, hears) {
    Object.assign(this, {api, toasts, hears, names: new Names(catalogue)});
    this.disk = h("p", {class: "note disk", "data-testid": "disk"});
    const variants = {"": "any variant", ...this.names.variants};
    this.listing = new Listing(this.names, {
      reads: reads(api, "mine"), sift, nouns: ["run", "runs"], sorts: SORTS, finds: FINDS, title: "Runs", about: this.disk, className: "runs",
      filters: {status: select("Status", STATUSES), variant: select("Variant", variants)},
      makes: (card) => new Row(card, this.names, {open: hears.open, make: hears.make, does: (name, message) => this.does(name, message), deleted: (run, title) => this.delete(run, title)}),
      empty: [h("p", {}, "Nothing of yours has run here yet."), h("button", {type: "button", class: "hero", onclick: () => hears.train()}, "Train the first one")],
    });
    this.element = this.listing.element;
    this.shelf = this.listing.shelf;
    const {draw} = this.listing;
    this.listing.draw = () => { draw.call(this.listing); this.weigh(); };
  }

  show() {
    this.listing.show();
  }

  hide() {
    this.listing.hide();
  }

  /** What is used of the disk, of what is allowed. */
  weigh() {
    const {disk} = this.shelf;
    if (!disk) return;
    const {used, most, free} = disk, text = `${bytes(used)}${most == null ? "" : ` of ${bytes(most)}`} used · ${bytes(free)} free on the disk`;
    if (this.weighed === text) return;
    this.weighed = text;
    replace(this.disk, most != null && h("span", {class: "meter", style: `--part: ${Math.min(100, used / most * 100).toFixed(1)}%`, "aria-hidden": "true"}), text);
    this.disk.classList.toggle("tight", most != null && used > 0.9 * most);
  }

  /** Ask the server for it; what it refuses is the row's to say. */
  async does(name, message) {
    const {run} = await this.api[name](message);
    if (run) this.shelf.put(run);
    else this.shelf.ask();
  }

  async delete(run, title) {
    const {undo} = await this.api.delete({run}), after = this.after(run);
    this.shelf.drop(run);
    after?.focus();
    this.toasts.show(`Deleted ${title}.`, undo, "Undo", async () => this.shelf.put((await this.api.restore({run})).run));
  }

  /** Where the focus goes when a row does. */
  after(run) {
    const row = this.listing.items.get(run)?.element, near = row?.nextElementSibling ?? row?.previousElementSibling;
    return near?.querySelector("[data-does=delete]") ?? this.listing.search;
  }
}
