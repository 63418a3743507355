// The latents of a run that rests: a line that says whose they are, and the studio.

import {Lost} from "../api.js";
import {h, replace, say} from "../dom.js";
import {whole} from "../format.js";
import {HOME, link} from "./way.js";

const TRAINS = ["queued", "running"];

export class Latents {
  /** `studio()`: a promise of the one studio. `hears`: go(address), titled(text). */
  constructor(api, names, studio, hears) {
    Object.assign(this, {api, names, studio, hears});
    this.title = h("h2", {tabindex: "-1"});
    this.what = h("p", {class: "note", role: "status"});
    this.back = h("p", {class: "note ways"});
    this.place = h("div");
    this.element = h("section", {class: "shelf model-page", "aria-label": "Latents of a run"}, this.back, h("div", {class: "over"}, this.title, this.what), this.place);
  }

  async show(run) {
    if (this.run !== run) say(this.title, "");
    this.run = run;
    replace(this.back, link(`?run=${run}`, this.hears.go, {}, "Back to the run"), link(HOME, this.hears.go, {}, "Gallery"));
    say(this.what, "Reading the run");
    const found = await this.api.poll({run}).catch((error) => error);
    if (this.run !== run) return;
    if (found instanceof Error || found.error) return this.wrong(found);
    const {spec, name, status, step} = found, title = name || this.names.what(spec);
    say(this.title, title);
    this.hears.titled(`Latents of ${title}`);
    if (document.activeElement === document.body) this.title.focus();
    if (TRAINS.includes(status)) return say(this.what, "It trains: pause or stop it, and its latents can be looked at here.");
    say(this.what, `${name ? `${this.names.what(spec)}, at` : "At"} step ${whole(step)}`);
    const studio = await this.studio();
    if (this.run !== run) return;
    this.place.append(studio.element);
    this.opened = studio;
    studio.open({run}, {title, kind: this.names.kind(spec), mine: false});
  }

  wrong(found) {
    say(this.title, "No latents here");
    say(this.what, found instanceof Lost ? `${found.busy ? "The server is busy" : "The connection is lost"}: open this again in a moment.` : `${found.error?.message ?? found.message}.`);
  }

  hide() {
    this.run = null;
    this.opened?.close();
    this.opened = null;
  }

  dress() {
    this.opened?.dress();
  }
}
