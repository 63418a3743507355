// What went wrong, where on the timeline it did: a flag for each alarm, that says what was seen and offers to begin again before it.

import {h, replace, say, svg} from "./dom.js";
import {whole} from "./format.js";

const WORDS = {diverged: "Diverged", exploded: "Exploded", jump: "Jump", collapse: "Collapse"};

/** What an alarm is called. */
export const titled = ({kind}) => WORDS[kind] ?? "Alarm";

export class Flags {
  /** `hears`: look(step), show it; fork(alarm), begin again before it. */
  constructor(hears) {
    this.hears = hears;
    this.box = h("div", {class: "flags"});
    this.title = h("b");
    this.says = h("p");
    this.from = h("button", {type: "button", class: "link hand", onclick: () => this.done(() => hears.fork(this.alarm))}, "Fork just before");
    this.seen = h("button", {type: "button", class: "link", onclick: () => this.done(() => hears.look(this.alarm.step))}, "Look at it");
    this.sheet = h("div", {class: "sheet flagged", hidden: true, role: "group", "aria-label": "Alarm"}, this.title, this.says, h("div", {class: "row"}, this.from, this.seen));
    this.element = h("div", {class: "flagging"}, this.box, this.sheet);
    document.addEventListener("pointerdown", ({target}) => { if (!this.element.contains(target)) this.close(); });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.sheet.hidden) return;
      this.close();
      this.flag?.focus();
    });
  }

  /** `forks`: whether who looks may fork it. */
  draw(alarms, budget, forks) {
    const key = `${alarms.map((a) => `${a.kind} ${a.step} ${a.before}`)} ${budget} ${forks}`;
    if (this.key === key) return;
    this.key = key;
    this.forks = forks;
    this.close();
    replace(this.box, ...alarms.map((alarm) => {
      const label = `${titled(alarm)} at step ${whole(alarm.step)}`;
      return h("button", {type: "button", class: "flag", style: `left:${(alarm.step / budget * 100).toFixed(2)}%`, "data-testid": "alarm-mark", "aria-label": label, "aria-expanded": "false", title: `${label}: ${alarm.says}`, onclick: ({currentTarget}) => this.open(alarm, currentTarget)},
        svg("svg", {viewBox: "0 0 24 26", "aria-hidden": "true"}, svg("path", {d: "M12 26V3"}), svg("path", {d: "M12 2l10 4.5L12 11z", class: "f"})));
    }));
  }

  open(alarm, flag) {
    const again = this.flag === flag && !this.sheet.hidden;
    this.close();
    if (again) return;
    Object.assign(this, {alarm, flag});
    say(this.title, `${titled(alarm)} at step ${whole(alarm.step)}`);
    say(this.says, alarm.says);
    this.from.hidden = !this.forks || alarm.before == null;
    this.sheet.hidden = false;
    flag.setAttribute("aria-expanded", "true");
    const wide = this.element.clientWidth, half = this.sheet.offsetWidth / 2, at = flag.offsetLeft;
    this.sheet.style.left = `${Math.max(0, Math.min(wide - 2 * half, at - half))}px`;
  }

  close() {
    this.sheet.hidden = true;
    this.flag?.setAttribute("aria-expanded", "false");
  }

  done(act) {
    this.close();
    act();
  }
}
