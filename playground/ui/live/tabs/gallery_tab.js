// The Gallery tab: models, ended runs, one model, latents. The address chooses the view.

import {Names} from "../lists/run_summaries.js";
import {h, replace} from "../core/dom.js";
import {EndedRuns} from "../lists/ended_runs.js";
import {RunLatents} from "../models/run_latents.js";
import {ModelList} from "../models/model_list.js";
import {ModelPage} from "../models/model_page.js";
import {HOME, link} from "../core/links.js";

const LISTS = [
  ["models", "Models", HOME],
  ["ended", "Runs that ended", `${HOME}&list=runs`],
];

/** The view of an address, and the id that it shows. */
function requestedView(address) {
  const model = address.get("model");
  const run = address.get("latents");
  if (model) return ["page", model];
  if (run) return ["latents", run];
  return [address.get("list") === "runs" ? "ended" : "models", null];
}

export class GalleryTab {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {GalleryHandlers} handlers
   */
  constructor(api, catalogue, handlers) {
    this.api = api;
    this.handlers = handlers;
    this.names = new Names(catalogue);
    const {names} = this;
    const head = (id) => this.head(id, handlers.go);
    const studio = () => this.studio();
    this.views = {}; // each is built when it is first seen
    this.scrollTops = new Map();
    this.studioPromise = null; // a promise of the studio
    this.shownId = null;
    this.builders = {
      models: () => new ModelList(api, names, catalogue, head("models"), handlers),
      ended: () =>
        new EndedRuns(api, names, head("ended"), {open: (run) => handlers.go(`?run=${run}`), train: handlers.train}),
      page: () => new ModelPage(api, names, catalogue, studio, {...handlers, deleted: (card) => this.drop(card)}),
      latents: () => new RunLatents(api, names, studio, handlers),
    };
    this.element = h("div", {class: "gallery"});
  }

  head(chosen, go) {
    return h(
      "div",
      {class: "heads"},
      h("h2", {}, "Gallery"),
      h(
        "nav",
        {class: "kinds", "aria-label": "In the Gallery"},
        ...LISTS.map(([id, title, address]) => link(address, go, {"aria-current": id === chosen && "page"}, title)),
      ),
    );
  }

  /** The latents page, loaded when it is first needed. */
  studio() {
    this.studioPromise ??= import("../latents/latents_page.js").then(({LatentsPage}) => new LatentsPage(this.api));
    return this.studioPromise;
  }

  /** Deletes a model, shows the list, and offers undo. */
  async drop(card) {
    const {api, handlers, names, views} = this;
    const {undo} = await api.drop_model({model: card.id});
    const modelList = () => (views.models?.polledList.cards ? views.models.polledList : null);
    modelList()?.drop(card.id);
    handlers.go(HOME);
    handlers.toasts.show(`Deleted ${names.title(card)}.`, undo, "Undo", async () => {
      const {model} = await api.bring_back({model: card.id});
      modelList()?.put(model);
    });
  }

  show(_, address) {
    const [id, itemId] = requestedView(address);
    const {views, shownId: previousId} = this;
    const view = (views[id] ??= this.builders[id]());
    const isOther = view !== this.view || itemId !== previousId;
    if (this.view && isOther) this.leaveView();
    this.view = view;
    this.shownId = itemId;
    if (view.element.parentElement !== this.element) replace(this.element, view.element);
    if (isOther) view.element.scrollTop = itemId ? 0 : (this.scrollTops.get(view) ?? 0);
    view.show(itemId, isOther ? previousId : null);
  }

  /** Hides the present view and remembers its scroll position. */
  leaveView() {
    this.scrollTops.set(this.view, this.view.element.scrollTop);
    this.hide();
  }

  /** Stops polling while out of view. */
  hide() {
    this.view?.hide();
  }

  restyle() {
    for (const view of Object.values(this.views)) view.restyle();
  }
}
