// What stands above the picture: that a run is recorded, queued, interrupted, or has failed, in words and with what can be done.

import {h, replace} from "./dom.js";
import {roughly, whole} from "./format.js";

const WATCHING = "You are watching somebody’s run. Train one of your own to steer.";

export class Banner {
  /** `hears`: start(), resume(). */
  constructor(hears) {
    this.hears = hears;
    this.notice = "";        // said beside what a recorded run says
    this.element = h("div", {class: "banner", role: "status", hidden: true, "data-testid": "banner"});
  }

  /** `title` and `data` name the run. */
  draw(news, title, data) {
    const {note, position, step, resumable, kept, recorded} = news, kind = recorded ? "recorded" : news.status, watched = !recorded && !news.mine;
    const wait = news.wait == null ? "" : roughly(news.wait), said = (...parts) => h("span", {class: "said"}, ...parts, watched && ` ${WATCHING}`);
    const key = `${kind} ${watched} ${note} ${position} ${wait} ${resumable} ${kept} ${kind === "interrupted" || kind === "failed" ? step : ""} ${title} ${data} ${this.notice}`;
    if (this.key === key) return;
    this.key = key;
    const resume = resumable && !watched && h("button", {type: "button", class: "ghost", onclick: () => this.hears.resume()}, kept ? `Resume from step ${whole(kept)}` : "Begin again");
    const told = {
      recorded: () => [h("span", {class: "said"}, this.notice, h("b", {}, "Recorded run"), ` ${title} on ${data}`), h("button", {type: "button", class: "hero", onclick: () => this.hears.start()}, "Train it live")],
      queued: () => [said(h("b", {}, "In the queue."), position > 1 ? ` Place ${position}${wait && `, about ${wait}`}.` : ` It starts as soon as a trainer is free${wait && `, in about ${wait}`}.`)],
      interrupted: () => [said(h("b", {}, `Interrupted at step ${whole(step)}.`), ` ${note}`), resume],
      diverged: () => [said(h("b", {}, `Diverged at step ${whole(step)}.`), ` ${note || "A loss is no longer a number."} Lower a learning rate and start again.`)],
      failed: () => [said(h("b", {}, `Failed at step ${whole(step)}.`), ` ${note}`), resume],
    }[kind];
    if (told) return this.show(kind, told());
    const noted = news.status === "running" && note;
    return this.show(noted ? "noted" : "watched", noted || watched ? [said(noted)] : null);
  }

  show(kind, parts) {
    this.element.hidden = !parts;
    this.element.className = `banner ${kind}`;
    replace(this.element, ...(parts ?? []));
  }

  /** A sentence of the page's own, until the next news that has one. */
  say(kind, text) {
    this.key = null;
    this.show(kind, [h("span", {class: "said"}, text)]);
  }
}
