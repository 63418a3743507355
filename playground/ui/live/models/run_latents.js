// The latents of a run that is not training: a line about the run, and the latents page.

import {ConnectionLost} from "../core/api.js";
import {h, replace, setText} from "../core/dom.js";
import {whole} from "../core/format.js";
import {HOME, link} from "../core/links.js";

const TRAINING = ["queued", "running"];

export class RunLatents {
  /**
   * @param {Api} api
   * @param {Names} names
   * @param {() => Promise<any>} studio loads the latents page
   * @param {GalleryHandlers} handlers
   */
  constructor(api, names, studio, handlers) {
    this.api = api;
    this.names = names;
    this.studio = studio;
    this.handlers = handlers;
    this.title = h("h2", {tabindex: "-1"});
    this.what = h("p", {class: "note", role: "status"});
    this.back = h("p", {class: "note ways"});
    this.studioSlot = h("div");
    this.element = h(
      "section",
      {class: "shelf model-page", "aria-label": "Latents of a run"},
      this.back,
      h("div", {class: "over"}, this.title, this.what),
      this.studioSlot,
    );
  }

  async show(run) {
    if (this.run !== run) setText(this.title, "");
    this.run = run;
    replace(
      this.back,
      link(`?run=${run}`, this.handlers.go, {}, "Back to the run"),
      link(HOME, this.handlers.go, {}, "Gallery"),
    );
    setText(this.what, "Reading the run");
    const answer = await this.api.poll({run}).catch((error) => error);
    if (this.run !== run) return;
    if (answer instanceof Error || answer.error) return this.showFailure(answer);
    const {spec, name, status, step} = answer;
    const title = name || this.names.what(spec);
    setText(this.title, title);
    this.handlers.setTitle(`Latents of ${title}`);
    if (document.activeElement === document.body) this.title.focus();
    if (TRAINING.includes(status))
      return setText(this.what, "It trains: pause or stop it, and its latents can be looked at here.");
    setText(this.what, `${name ? `${this.names.what(spec)}, at` : "At"} step ${whole(step)}`);
    const studio = await this.studio();
    if (this.run !== run) return;
    this.studioSlot.append(studio.element);
    this.openStudio = studio;
    const {names} = this;
    const about = {kind: names.kind(spec), classes: names.classes(spec), coder: names.can(spec, "coder")};
    studio.open({run}, {title, mine: false, encoder: names.can(spec, "encoder"), ...about});
  }

  showFailure(answer) {
    setText(this.title, "No latents here");
    setText(
      this.what,
      answer instanceof ConnectionLost
        ? `${answer.busy ? "The server is busy" : "The connection is lost"}: open this again in a moment.`
        : `${answer.error?.message ?? answer.message}.`,
    );
  }

  hide() {
    this.run = null;
    this.openStudio?.close();
    this.openStudio = null;
  }

  restyle() {
    this.openStudio?.restyle();
  }
}
