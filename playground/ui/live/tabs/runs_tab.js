// The Runs tab: a person's own runs, to find, rename, resume, pin, publish or delete.

import {SEARCH_HINT, Names, loadRuns, filterCards, SORTS, STATUSES} from "../lists/run_summaries.js";
import {h, replace} from "../core/dom.js";
import {bytes} from "../core/format.js";
import {compareAddress} from "../compare/view_address.js";
import {RunChoice} from "../lists/run_choice.js";
import {ListView, select} from "../lists/list_view.js";
import {RunRow} from "../lists/run_row.js";

const ID = /^[0-9a-f]{32}$/;

export class RunsTab {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {any} toasts
   * @param {any} handlers open(run), train(), saveModel(run, name, title), extend(run, extended), go(address)
   */
  constructor(api, catalogue, toasts, handlers) {
    this.api = api;
    this.toasts = toasts;
    this.handlers = handlers;
    this.names = new Names(catalogue);
    this.recorded = catalogue.recorded;
    this.choice = new RunChoice({
      compare: (runs) => handlers.go(compareAddress(...runs)),
      changed: () => this.showChosen(),
      titleOf: (run) => this.titleOf(run),
    });
    this.disk = h("p", {class: "note disk", "data-testid": "disk"});
    const variants = {"": "any variant", ...this.names.variants};
    this.listing = new ListView(this.names, {
      load: loadRuns(api, "mine"),
      filterCards,
      nouns: ["run", "runs"],
      sorts: SORTS,
      searchHint: SEARCH_HINT,
      title: "Runs",
      about: this.disk,
      className: "runs",
      filters: {status: select("Status", STATUSES), variant: select("Variant", variants)},
      createItem: (card) =>
        new RunRow(card, this.names, {
          open: handlers.open,
          saveModel: handlers.saveModel,
          extend: (run) => handlers.extend(run, () => this.polledList.poll()),
          call: (name, message) => this.call(name, message),
          choose: (run, chosen) => this.choice.set(run, chosen),
          deleted: (run, title) => this.delete(run, title),
        }),
      empty: [
        h("p", {}, "Nothing of yours has run here yet."),
        h("button", {type: "button", class: "hero", onclick: () => handlers.train()}, "Train the first one"),
      ],
    });
    this.element = this.listing.element;
    this.element.append(this.choice.element);
    this.polledList = this.listing.polledList;
    const {draw} = this.listing;
    this.listing.draw = () => {
      draw.call(this.listing);
      this.choice.keep((run) => run === this.guest || this.polledList.cards.some((card) => card.id === run));
      this.showDiskUse();
    };
  }

  /** `compare` in the address: a run, anybody's, that is to be compared with others. */
  show(_run, address) {
    const run = address.get("compare");
    if (run && ID.test(run)) {
      this.guest = run;
      this.choice.clear();
      this.choice.set(run, true);
    }
    this.listing.show();
  }

  titleOf(run) {
    const card = this.polledList.cards?.find(({id}) => id === run);
    return card ? this.names.title(card) : run === this.recorded ? "the recorded run" : "the run that was shown";
  }

  /** Marks the rows of chosen runs. */
  showChosen() {
    for (const [id, row] of this.listing.items) row.setChosen(this.choice.has(id), !this.choice.isFull);
  }

  hide() {
    this.listing.hide();
  }

  /** Shows disk use and the quota. */
  showDiskUse() {
    const {disk} = this.polledList;
    if (!disk) return;
    const {used, most, free} = disk;
    const text = `${bytes(used)}${most == null ? "" : ` of ${bytes(most)}`} used · ${bytes(free)} free on the disk`;
    if (this.diskText === text) return;
    this.diskText = text;
    replace(
      this.disk,
      most != null &&
        h("span", {
          class: "meter",
          style: `--part: ${Math.min(100, (used / most) * 100).toFixed(1)}%`,
          "aria-hidden": "true",
        }),
      text,
    );
    this.disk.classList.toggle("tight", most != null && used > 0.9 * most);
  }

  /** Calls the server; the row shows a refusal. */
  async call(name, message) {
    const {run} = await this.api[name](message);
    if (run) this.polledList.put(run);
    else this.polledList.poll();
  }

  async delete(run, title) {
    const {undo} = await this.api.delete({run});
    const neighbour = this.focusAfter(run);
    this.polledList.drop(run);
    neighbour?.focus();
    this.toasts.show(`Deleted ${title}.`, undo, "Undo", async () =>
      this.polledList.put((await this.api.restore({run})).run),
    );
  }

  /** The element to focus after a row is removed. */
  focusAfter(run) {
    const row = this.listing.items.get(run)?.element;
    const sibling = row?.nextElementSibling ?? row?.previousElementSibling;
    return sibling?.querySelector("[data-does=delete]") ?? this.listing.search;
  }
}
