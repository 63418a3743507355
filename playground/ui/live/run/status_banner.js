// The banner above the picture: whether a run is recorded, queued, interrupted or failed, with what can be done.

import {compareAddress} from "../compare/view_address.js";
import {h, replace} from "../core/dom.js";
import {alarmTitle} from "./timeline/timeline_flags.js";
import {roughDuration, whole} from "../core/format.js";
import {link} from "../core/links.js";

const WATCHING = "You are watching somebody’s run.";

export class StatusBanner {
  /** @param {BannerHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.notice = ""; // said beside what a recorded run says
    this.forkedRun = {}; // {run, fresh}: what a fork that was made here could not take over
    this.trainingRun = null; // a run of one's own that was left to train when this one was queued
    this.dismissed = new Set(); // alarms that a person has waved away
    this.element = h("div", {class: "banner", role: "status", hidden: true, "data-testid": "banner"});
  }

  /**
   * @param {RunUpdate} update
   * @param {string} title of the variant
   * @param {string} data its title
   * @param {Alarm[]} alarms
   */
  draw(update, title, data, alarms = []) {
    const {run, note, position, step, resumable, kept: checkpoint, recorded, parent, set} = update;
    const kind = recorded ? "recorded" : update.status;
    const isWatched = !recorded && !update.mine;
    const waitText = update.wait == null ? "" : roughDuration(update.wait);
    const sentence = (...parts) => h("span", {class: "said"}, ...parts, isWatched && ` ${WATCHING}`);
    const lastAlarm = alarms.at(-1);
    const isCollapsed = lastAlarm?.kind === "collapse" && !this.dismissed.has(`${run} ${lastAlarm.step}`);
    const key =
      `${run} ${kind} ${isWatched} ${note} ${position} ${waitText} ${resumable} ${checkpoint} ` +
      `${["interrupted", "failed", "finished", "queued"].includes(kind) ? step : ""} ${recorded ? set : ""} ` +
      `${this.trainingRun} ${title} ${data} ${this.notice} ${alarms.length} ${lastAlarm?.step} ` +
      `${lastAlarm?.before} ${parent?.run} ` +
      `${this.forkedRun.run} ${this.dismissed.size}`;
    if (this.key === key) return;
    this.key = key;
    const resume =
      resumable &&
      !isWatched &&
      h(
        "button",
        {type: "button", class: "ghost", onclick: () => this.handlers.resume()},
        checkpoint ? `Resume from step ${whole(checkpoint)}` : "Begin again",
      );
    const showTraining =
      kind === "queued" &&
      !isWatched &&
      this.trainingRun &&
      this.trainingRun !== run &&
      h(
        "button",
        {type: "button", class: "link", onclick: () => this.handlers.open(this.trainingRun)},
        "Show the run that trains",
      );
    const like =
      isWatched &&
      h(
        "button",
        {type: "button", class: "ghost", onclick: () => this.handlers.like()},
        "Start your own from these settings",
      );
    const content = {
      recorded: () => [
        h("span", {class: "said"}, this.notice, h("b", {}, "Recorded run"), ` ${title} on ${data}`),
        h(
          "button",
          {type: "button", class: "hero", onclick: () => this.handlers.start()},
          set ? "Train it live" : "Train what is set",
        ),
      ],
      queued: () => [
        sentence(
          h("b", {}, "Waiting for a worker:"),
          ` place ${position}${waitText && `, about ${waitText}`}.`,
          step ? ` Others have their turn; it goes on from step ${whole(step)}.` : "",
        ),
        showTraining,
      ],
      interrupted: () => [sentence(h("b", {}, `Interrupted at step ${whole(step)}.`), ` ${note}`), resume],
      diverged: () => this.rescue(update, lastAlarm, sentence),
      finished: () =>
        lastAlarm?.kind === "lost"
          ? this.rescue(update, lastAlarm, sentence)
          : !isWatched &&
            !isCollapsed && [
              sentence(this.notice, h("b", {}, "Finished:"), ` ${whole(step)} steps. ${note}`),
              h(
                "button",
                {type: "button", class: "ghost", "data-testid": "train-on", onclick: () => this.handlers.extend()},
                "Train on",
              ),
            ],
      failed: () => [sentence(h("b", {}, `Failed at step ${whole(step)}.`), ` ${note}`), resume],
    }[kind]?.();
    const origin = parent && this.origin(run, parent);
    if (content) return this.show(kind, [...content, like, origin]);
    if (isCollapsed) return this.show("noted", [...this.collapse(run, lastAlarm, sentence, isWatched), like, origin]);
    const notes = `${this.notice}${["running", "finished"].includes(update.status) ? note : ""}`;
    return this.show(
      notes ? "noted" : "watched",
      notes || isWatched || origin ? [(notes || isWatched) && sentence(notes), like, origin] : null,
    );
  }

  /** A diverged run: what failed, by which term, when, and what is kept of it. */
  rescue({note, step, mine}, alarm, sentence) {
    const name = alarm ? alarmTitle(alarm) : "Diverged";
    const at = alarm?.step ?? step;
    const before = alarm?.before;
    const checkpoint =
      before == null
        ? " Lower a learning rate and start again."
        : !alarm.rescue
          ? ""
          : ` The checkpoint of step ${whole(before)} is kept.`;
    return [
      sentence(
        h("b", {}, `${name} at step ${whole(at)}.`),
        ` ${alarm?.says || note || "A loss is no longer a number."}${checkpoint}`,
      ),
      alarm?.rescue &&
        mine &&
        h(
          "button",
          {
            type: "button",
            class: "ghost fork",
            onclick: () => this.handlers.fork({step: before, rescue: alarm.rescue.knobs}),
          },
          `Fork from step ${whole(before)} with ${alarm.rescue.says}`,
        ),
    ];
  }

  collapse(run, alarm, sentence, isWatched) {
    return [
      sentence(h("b", {}, `${alarmTitle(alarm)} at step ${whole(alarm.step)}.`), ` ${alarm.says}`),
      alarm.before != null &&
        !isWatched &&
        h(
          "button",
          {type: "button", class: "ghost fork", onclick: () => this.handlers.fork({step: alarm.before, alarm})},
          "Fork just before",
        ),
      h(
        "button",
        {
          type: "button",
          class: "link",
          onclick: () => {
            this.dismissed.add(`${run} ${alarm.step}`);
            this.element.hidden = true;
          },
        },
        "Dismiss",
      ),
    ];
  }

  /** A child's origin: its parent, what could not be restored, and a link that compares both. */
  origin(run, parent) {
    const notRestored =
      this.forkedRun.run === run && this.forkedRun.fresh.length
        ? ` Not taken over: ${this.forkedRun.fresh.join("; ")}.`
        : "";
    return h(
      "p",
      {class: "note from", "data-testid": "origin"},
      "Forked at step ",
      whole(parent.step),
      " from ",
      h(
        "a",
        {
          href: `?run=${parent.run}`,
          onclick: (event) => {
            event.preventDefault();
            this.handlers.open(parent.run);
          },
        },
        "its parent",
      ),
      `.${notRestored} `,
      link(compareAddress(run, parent.run), this.handlers.go, {class: "link hand"}, "Beside its parent"),
    );
  }

  show(kind, parts) {
    this.element.hidden = !parts;
    this.element.className = `banner ${kind}`;
    replace(this.element, ...(parts ?? []));
  }

  /** Shows a message of the page, until the next update that has one. */
  showMessage(kind, text) {
    this.key = null;
    this.show(kind, [h("span", {class: "said"}, text)]);
  }
}
