// Alarms on the timeline: a flag each, which says what was seen and offers a fork before it.

import {h, replace, setText, svg} from "../../core/dom.js";
import {whole} from "../../core/format.js";

const ALARM_TITLES = {
  diverged: "Diverged",
  exploded: "Exploded",
  jump: "Jump",
  collapse: "Collapse",
  lost: "Ended without success",
};

/** An alarm's title. */
export const alarmTitle = ({kind}) => ALARM_TITLES[kind] ?? "Alarm";

export class TimelineFlags {
  /** @param {TimelineHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.box = h("div", {class: "flags"});
    this.title = h("b");
    this.text = h("p");
    this.forkButton = h(
      "button",
      {type: "button", class: "link hand", onclick: () => this.closeAnd(() => handlers.fork(this.alarm))},
      "Fork just before",
    );
    this.showButton = h(
      "button",
      {type: "button", class: "link", onclick: () => this.closeAnd(() => handlers.showStep(this.alarm.step))},
      "Look at it",
    );
    this.sheet = h(
      "div",
      {class: "sheet flagged", hidden: true, role: "group", "aria-label": "Alarm"},
      this.title,
      this.text,
      h("div", {class: "row"}, this.forkButton, this.showButton),
    );
    this.element = h("div", {class: "flagging"}, this.box, this.sheet);
    document.addEventListener("pointerdown", ({target}) => {
      if (!this.element.contains(target)) this.close();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.sheet.hidden) return;
      this.close();
      this.flag?.focus();
    });
  }

  /**
   * @param {Alarm[]} alarms
   * @param {number} budget
   * @param {boolean} canFork
   */
  draw(alarms, budget, canFork) {
    const key = `${alarms.map((a) => `${a.kind} ${a.step} ${a.before}`)} ${budget} ${canFork}`;
    if (this.key === key) return;
    this.key = key;
    this.canFork = canFork;
    this.close();
    replace(
      this.box,
      ...alarms.map((alarm) => {
        const label = `${alarmTitle(alarm)} at step ${whole(alarm.step)}`;
        return h(
          "button",
          {
            type: "button",
            class: "flag",
            style: `left:${((alarm.step / budget) * 100).toFixed(2)}%`,
            "data-testid": "alarm-mark",
            "aria-label": label,
            "aria-expanded": "false",
            title: `${label}: ${alarm.says}`,
            onclick: ({currentTarget}) => this.open(alarm, currentTarget),
          },
          svg(
            "svg",
            {viewBox: "0 0 24 26", "aria-hidden": "true"},
            svg("path", {d: "M12 26V3"}),
            svg("path", {d: "M12 2l10 4.5L12 11z", class: "f"}),
          ),
        );
      }),
    );
  }

  open(alarm, flag) {
    const sameFlag = this.flag === flag && !this.sheet.hidden;
    this.close();
    if (sameFlag) return;
    this.alarm = alarm;
    this.flag = flag;
    setText(this.title, `${alarmTitle(alarm)} at step ${whole(alarm.step)}`);
    setText(this.text, alarm.says);
    this.forkButton.hidden = !this.canFork || alarm.before == null;
    this.sheet.hidden = false;
    flag.setAttribute("aria-expanded", "true");
    const wide = this.element.clientWidth;
    const half = this.sheet.offsetWidth / 2;
    const at = flag.offsetLeft;
    this.sheet.style.left = `${Math.max(0, Math.min(wide - 2 * half, at - half))}px`;
  }

  close() {
    this.sheet.hidden = true;
    this.flag?.setAttribute("aria-expanded", "false");
  }

  closeAnd(act) {
    this.close();
    act();
  }
}
