// What stands above the picture: that a run is recorded, queued, interrupted, or has failed, in words and with what can be done.

import {h, replace} from "./dom.js";
import {titled} from "./flags.js";
import {roughly, whole} from "./format.js";

const WATCHING = "You are watching somebody’s run. Train one of your own to steer.";

export class Banner {
  /** `hears`: start(), resume(), fork(asked), open(run), and beside(run), what is to stand beside this one, null for nothing. */
  constructor(hears) {
    this.hears = hears;
    this.notice = "";        // said beside what a recorded run says
    this.fresh = {};         // {run, fresh}: what a fork that was made here could not take over
    this.paired = null;      // the run that stands beside this one
    this.heard = new Set();  // alarms that a person has waved away
    this.element = h("div", {class: "banner", role: "status", hidden: true, "data-testid": "banner"});
  }

  /** `title` and `data` name the run; `alarms` are all that went wrong. */
  draw(news, title, data, alarms = []) {
    const {run, note, position, step, resumable, kept, recorded, parent} = news, kind = recorded ? "recorded" : news.status, watched = !recorded && !news.mine;
    const wait = news.wait == null ? "" : roughly(news.wait), said = (...parts) => h("span", {class: "said"}, ...parts, watched && ` ${WATCHING}`), last = alarms.at(-1);
    const key = `${run} ${kind} ${watched} ${note} ${position} ${wait} ${resumable} ${kept} ${kind === "interrupted" || kind === "failed" ? step : ""} ${title} ${data} ${this.notice} ${alarms.length} ${last?.step} ${last?.before} ${parent?.run} ${this.fresh.run} ${this.paired} ${this.heard.size}`;
    if (this.key === key) return;
    this.key = key;
    const resume = resumable && !watched && h("button", {type: "button", class: "ghost", onclick: () => this.hears.resume()}, kept ? `Resume from step ${whole(kept)}` : "Begin again");
    const told = {
      recorded: () => [h("span", {class: "said"}, this.notice, h("b", {}, "Recorded run"), ` ${title} on ${data}`), h("button", {type: "button", class: "hero", onclick: () => this.hears.start()}, "Train it live")],
      queued: () => [said(h("b", {}, "In the queue."), position > 1 ? ` Place ${position}${wait && `, about ${wait}`}.` : ` It starts as soon as a trainer is free${wait && `, in about ${wait}`}.`)],
      interrupted: () => [said(h("b", {}, `Interrupted at step ${whole(step)}.`), ` ${note}`), resume],
      diverged: () => this.rescue(news, last, said),
      failed: () => [said(h("b", {}, `Failed at step ${whole(step)}.`), ` ${note}`), resume],
    }[kind];
    const origin = parent && this.origin(run, parent);
    if (told) return this.show(kind, [...told(), origin]);
    if (last?.kind === "collapse" && !this.heard.has(`${run} ${last.step}`)) return this.show("noted", [...this.collapse(run, last, said, watched), origin]);
    const noted = `${this.notice}${news.status === "running" ? note : ""}`;
    return this.show(noted ? "noted" : "watched", noted || watched || origin ? [(noted || watched) && said(noted), origin] : null);
  }

  /** It blew up: who, by which term, when, and what is left of it. */
  rescue({note, step, mine}, alarm, said) {
    const name = alarm ? titled(alarm) : "Diverged", at = alarm?.step ?? step, before = alarm?.before;
    const kept = before == null ? " Lower a learning rate and start again." : ` The checkpoint of step ${whole(before)} is kept.`;
    return [said(h("b", {}, `${name} at step ${whole(at)}.`), ` ${alarm?.says || note || "A loss is no longer a number."}${kept}`),
      before != null && mine && h("button", {type: "button", class: "ghost fork", onclick: () => this.hears.fork({step: before, rescue: true})}, "Fork with a quarter of the rates")];
  }

  collapse(run, alarm, said, watched) {
    return [said(h("b", {}, `${titled(alarm)} at step ${whole(alarm.step)}.`), ` ${alarm.says}`),
      alarm.before != null && !watched && h("button", {type: "button", class: "ghost fork", onclick: () => this.hears.fork({step: alarm.before, alarm})}, "Fork just before"),
      h("button", {type: "button", class: "link", onclick: () => { this.heard.add(`${run} ${alarm.step}`); this.element.hidden = true; }}, "Dismiss")];
  }

  /** Of a child: where it comes from, what it could not take with it, and its parent at its side. */
  origin(run, parent) {
    const lost = this.fresh.run === run && this.fresh.fresh.length ? ` Not taken over: ${this.fresh.fresh.join("; ")}.` : "", beside = this.paired === parent.run;
    return h("p", {class: "note from", "data-testid": "origin"}, "Forked at step ", whole(parent.step), " from ", h("a", {href: `?run=${parent.run}`, onclick: (event) => { event.preventDefault(); this.hears.open(parent.run); }}, "its parent"), `.${lost} `,
      h("button", {type: "button", class: "link hand", "aria-pressed": String(beside), onclick: () => this.hears.beside(beside ? null : parent.run)}, beside ? "Show it alone" : "Beside its parent"));
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
