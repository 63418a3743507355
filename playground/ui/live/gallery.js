// The tab Gallery: trained models, runs that ended with a picture, one model, what can be done with latents. Which of them, the address says.

import {Names} from "./cards.js";
import {h, replace} from "./dom.js";
import {Ended} from "./ended.js";
import {Latents} from "./models/latents.js";
import {Models} from "./models/list.js";
import {ModelPage} from "./models/page.js";
import {HOME, link} from "./models/way.js";

const LISTS = [["models", "Models", HOME], ["ended", "Runs that ended", `${HOME}&list=runs`]];

/** Which view an address asks for, and of what. */
function asked(address) {
  const model = address.get("model"), run = address.get("latents");
  if (model) return ["page", model];
  if (run) return ["latents", run];
  return [address.get("list") === "runs" ? "ended" : "models", null];
}

export class Gallery {
  /** `hears`: go(address); train(), begin a run; like(model), set Play to train one like it; titled(text), what is looked at; toasts. */
  constructor(api, catalogue, hears) {
    Object.assign(this, {api, hears, names: new Names(catalogue)});
    const {names} = this, head = (id) => this.head(id, hears.go), studio = () => this.studio();
    this.views = {};                    // each is built when it is first seen
    this.tops = new Map();
    this.of = null;
    this.makers = {
      models: () => new Models(api, names, catalogue, head("models"), hears),
      ended: () => new Ended(api, names, head("ended"), {open: (run) => hears.go(`?run=${run}`), train: hears.train}),
      page: () => new ModelPage(api, names, catalogue, studio, {...hears, dropped: (card) => this.drop(card)}),
      latents: () => new Latents(api, names, studio, hears),
    };
    this.element = h("div", {class: "gallery"});
  }

  head(chosen, go) {
    return h("div", {class: "heads"}, h("h2", {}, "Gallery"),
      h("nav", {class: "kinds", "aria-label": "In the Gallery"}, ...LISTS.map(([id, title, address]) => link(address, go, {"aria-current": id === chosen && "page"}, title))));
  }

  /** The one studio, read when it is first wanted. */
  studio() {
    this.made ??= import("./studio/studio.js").then(({Studio}) => new Studio(this.api));
    return this.made;
  }

  /** Throw a model away, and go to those that are left; it can be brought back for a while. */
  async drop(card) {
    const {api, hears, names, views} = this, {undo} = await api.drop_model({model: card.id}), listed = () => (views.models?.shelf.cards ? views.models.shelf : null);
    listed()?.drop(card.id);
    hears.go(HOME);
    hears.toasts.show(`Deleted ${names.title(card)}.`, undo, "Undo", async () => {
      const {model} = await api.bring_back({model: card.id});
      listed()?.put(model);
    });
  }

  show(_, address) {
    const [id, of] = asked(address), {views, of: from} = this, view = views[id] ??= this.makers[id](), other = view !== this.view || of !== from;
    if (this.view && other) this.leave();
    Object.assign(this, {view, of});
    if (view.element.parentElement !== this.element) replace(this.element, view.element);
    if (other) view.element.scrollTop = of ? 0 : this.tops.get(view) ?? 0;
    view.show(of, other ? from : null);
  }

  /** What is shown gives way to another view; where one had scrolled to in a list is found again. */
  leave() {
    this.tops.set(this.view, this.view.element.scrollTop);
    this.hide();
  }

  /** Out of view: nothing is asked meanwhile. */
  hide() {
    this.view?.hide();
  }

  dress() {
    for (const view of Object.values(this.views)) view.dress();
  }
}
