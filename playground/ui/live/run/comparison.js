// Compares the run that is shown with another one, mostly its parent: both pictures at one step, their differences,
// their readings.

import {h, replace, setText} from "../core/dom.js";
import {Poller} from "./poller.js";
import {plain, whole} from "../core/format.js";
import {knobLabel} from "../controls/hint.js";
import {RunHistory} from "../core/run_history.js";
import {SampleView} from "../canvas/sample_view.js";
import {Readings} from "../charts/readings.js";
import {segments} from "../controls/segments.js";

/** One of the two runs: title, differences, picture, readings. */
class Side {
  constructor(id, picture) {
    this.picture = picture;
    this.title = h("h2");
    this.relation = h("span", {class: "note"});
    this.differs = h("p", {class: "differs", "data-testid": `differs-${id}`});
    this.readings = new Readings();
    this.head = h("div", {class: "side-head"}, h("div", {class: "cap"}, this.title, this.relation), this.differs);
    this.element = h("div", {class: `side ${id}`}, this.head, picture.element, this.readings.element);
  }

  /**
   * Draws one run. `rows`: [[setting, value], ...]; `relation`: what this run is to the other; `commonUntil`: the last
   * step that both share.
   */
  draw({variant, spec, history, state, data}, rows, relation, commonUntil, measures, step) {
    setText(this.title, state.name || `${variant.title} on ${data.title}`);
    setText(this.relation, relation);
    const key = `${commonUntil} ${rows.map(([what, value]) => `${what.name} ${value}`)}`;
    if (this.key !== key) {
      this.key = key;
      replace(
        this.differs,
        ...(rows.length
          ? rows.map(([{label}, value]) => h("span", {}, label(), " ", h("b", {}, value)))
          : [commonUntil ? `one and the same until step ${whole(commonUntil)}` : "the same settings"]),
      );
    }
    this.readings.draw(variant, spec, history, measures, step);
  }
}

const OWN = {points: "drawing", set: "images"}; // options that are a person's own, in a word

/** A run's settings at `step`: {name: {name, label(), value, main: whether it matters most}}. */
function settings({variant, spec, history, data}, step) {
  const row = (name, label, value, main = true) => [name, {name, label, value, main}];
  const declared = Object.fromEntries(variant.knobs[data.kind].map((k) => [k.name, k]));
  const knobs = Object.entries(spec.knobs)
    .filter(([name]) => declared[name])
    .map(([name, value]) =>
      row(name, () => knobLabel(declared[name]), history.knobValues(name, value, step).at(-1)[1], declared[name].basic),
    );
  const options = Object.entries(spec.options ?? {}).map(([name, value]) =>
    row(`option ${name}`, () => OWN[name] ?? `${name} of the data`, value),
  );
  return Object.fromEntries([
    row("variant", () => "variant", variant.title),
    row("data", () => "data", data.title),
    row("seed", () => "seed", spec.seed),
    ...knobs,
    ...options,
  ]);
}

/** Settings of `mine` that differ in `theirs`, and main ones that it does not have: [[row, value as text], ...]. */
export function differences(mine, theirs) {
  return Object.values(mine)
    .filter(({name, value, main}) => (theirs[name] ? theirs[name].value !== value : main))
    .map((row) => [row, ["option points", "option set"].includes(row.name) ? "its own" : plain(row.value)]);
}

export class Comparison {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {SampleView} picture of the run that is shown
   * @param {{gone: (run: string) => void, close: () => void}} handlers
   */
  constructor(api, catalogue, picture, handlers) {
    this.catalogue = catalogue;
    this.run = null;
    this.other = null;
    this.mine = new Side("mine", picture);
    this.theirs = new Side(
      "theirs",
      new SampleView(
        (step) => {
          this.history.dropFrame(step);
          this.redraw();
        },
        {
          snapshotGone: (step) => {
            this.history.dropSnapshot(step);
            this.redraw();
          },
        },
      ),
    );
    this.history = new RunHistory();
    this.poller = new Poller(api, this.history, {
      begin: (update) => this.begin(update),
      update: (update) => this.update(update),
      lost: () => {},
      gone: (run) => handlers.gone(run),
    });
    this.runSwitch = h("div", {class: "seg flip", role: "radiogroup", "aria-label": "Show run"});
    this.header = h(
      "div",
      {class: "cap over-two"},
      h("p", {}, "Comparing two runs"),
      h("button", {type: "button", class: "ghost", onclick: () => handlers.close()}, "Close comparison"),
    );
    this.element = h("div", {class: "sides"}, this.header, this.runSwitch, this.mine.element, this.theirs.element);
    this.compareWith(null);
  }

  /** Compares with `run`; null ends the comparison. */
  compareWith(run) {
    if (this.run === run && this.element.isConnected) return;
    this.run = run;
    this.other = null;
    this.poller.follow(run);
    this.element.classList.toggle("two", Boolean(run));
    this.showSide("mine");
    this.theirs.element.hidden =
      this.mine.head.hidden =
      this.mine.readings.element.hidden =
      this.runSwitch.hidden =
      this.header.hidden =
        !run;
  }

  /** On a phone one of the two is shown. */
  showSide(id) {
    this.element.classList.toggle("flipped", id === "theirs");
    segments(
      this.runSwitch,
      [
        ["mine", "This run"],
        ["theirs", this.relation ?? "The other"],
      ],
      id,
      (id) => this.showSide(id),
    );
  }

  sleep() {
    this.poller.sleep();
  }
  wake() {
    this.poller.wake();
  }
  restyle() {
    this.theirs.picture.draw();
  }

  begin(update) {
    const {spec, run, epoch} = update;
    const {variants, data} = this.catalogue;
    if (this.other?.state.run === run) return this.theirs.picture.restart(epoch);
    const set = data.find((d) => d.id === spec.data);
    const variant = variants.find((v) => v.id === spec.variant);
    this.other = {variant, data: set, spec: {...spec, modes: set.modes}, history: this.history, state: update};
    this.theirs.picture.begin(run, epoch, variant, set, spec, update.real);
    return this.theirs.picture;
  }

  update(update) {
    this.other.state = update;
    this.redraw();
  }

  redraw() {
    if (this.last) this.draw(this.last[0], this.last[1]);
  }

  /**
   * Draws both runs at one step.
   * @param {any} shown the run that is shown
   * @param {number | null} heldStep the step of the timeline, null for the newest
   */
  draw(shown, heldStep) {
    this.last = [shown, heldStep];
    const {other} = this;
    if (!this.run || !other || !shown.state) return;
    const step = heldStep ?? shown.state.step;
    const {measures} = this.catalogue;
    const parent = shown.state.parent?.run === this.run;
    const commonUntil = parent && step <= shown.state.parent.step ? shown.state.parent.step : 0;
    const [mine, theirs] = [settings(shown, step), settings(other, step)];
    this.relation = parent ? "Its parent" : "The other";
    this.mine.draw(shown, differences(mine, theirs), "this run", commonUntil, measures, heldStep ?? Infinity);
    this.theirs.draw(
      other,
      differences(theirs, mine),
      `${this.relation.toLowerCase()}${other.state.step < step ? `, which is at step ${whole(other.state.step)}` : ""}`,
      commonUntil,
      measures,
      step,
    );
    this.theirs.picture.show(...this.history.frameAndSnapshot(other.data.kind, step));
    this.showSide(this.element.classList.contains("flipped") ? "theirs" : "mine");
  }
}
