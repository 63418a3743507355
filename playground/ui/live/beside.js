// Another run at the side of the one that is shown, mostly its parent: both pictures at one step, what differs between them, and both runs' readings.

import {h, replace, say, symbol} from "./dom.js";
import {Follower} from "./follow.js";
import {plain, whole} from "./format.js";
import {called} from "./hint.js";
import {History} from "./history.js";
import {Picture} from "./picture.js";
import {Readings} from "./readings.js";
import {segments} from "./segments.js";

/** One of the two: its title, what it has that the other has not, its picture and its readings. */
class Side {
  constructor(id, picture) {
    this.picture = picture;
    this.title = h("h2");
    this.named = h("span", {class: "note"});
    this.differs = h("p", {class: "differs", "data-testid": `differs-${id}`});
    this.readings = new Readings();
    this.head = h("div", {class: "side-head"}, h("div", {class: "cap"}, this.title, this.named), this.differs);
    this.element = h("div", {class: `side ${id}`}, this.head, picture.element, this.readings.element);
  }

  /** `told`: [[what, value], ...]; `sort`: what run this is to the other; `since`: the step until which it was the other. */
  draw({variant, spec, history, state, data}, told, sort, since, measures, step) {
    say(this.title, state.name || `${variant.title} on ${data.title}`);
    say(this.named, sort);
    const key = `${since} ${told.map(([what, value]) => `${what.name} ${value}`)}`;
    if (this.key !== key) {
      this.key = key;
      replace(this.differs, ...(told.length ? told.map(([{label}, value]) => h("span", {}, label(), " ", h("b", {}, value))) : [since ? `one and the same until step ${whole(since)}` : "the same settings"]));
    }
    this.readings.draw(variant, spec, history, measures, step);
  }
}

const OWN = {points: "drawing", set: "images"};         // options that are a person's own, in a word

/** What a run was set to at `step`: {name: {name, label(), value, main: whether it is one of the few that matter most}}. */
function settings({variant, spec, history, data}, step) {
  const row = (name, label, value, main = true) => [name, {name, label, value, main}], declared = Object.fromEntries(variant.knobs[data.kind].map((k) => [k.name, k]));
  const knobs = Object.entries(spec.knobs).filter(([name]) => declared[name]).map(([name, value]) => row(name, () => (declared[name].symbol ? symbol(declared[name].symbol) : called(declared[name])), history.knob(name, value, step).at(-1)[1], declared[name].basic));
  const options = Object.entries(spec.options ?? {}).map(([name, value]) => row(`option ${name}`, () => (OWN[name] ?? `${name} of the data`), value));
  return Object.fromEntries([row("variant", () => "variant", variant.title), row("data", () => "data", data.title), row("seed", () => "seed", spec.seed), ...knobs, ...options]);
}

/** Those of `mine` that `theirs` has otherwise, and the main ones that it has not at all: [[row, value as text], ...]. */
export function differences(mine, theirs) {
  return Object.values(mine).filter(({name, value, main}) => (theirs[name] ? theirs[name].value !== value : main)).map((row) => [row, ["option points", "option set"].includes(row.name) ? "its own" : plain(row.value)]);
}

export class Beside {
  /** `picture`: of the run that is shown. `hears`: gone(run), there is no such run. */
  constructor(api, catalogue, picture, hears) {
    Object.assign(this, {catalogue, run: null, other: null});
    this.mine = new Side("mine", picture);
    this.theirs = new Side("theirs", new Picture((step) => { this.history.drop(step); this.again(); }, {overlooked: (step) => { this.history.overlook(step); this.again(); }}));
    this.history = new History();
    this.follower = new Follower(api, this.history, {begin: (news) => this.begin(news), news: (news) => this.news(news), lost: () => {}, gone: (run) => hears.gone(run)});
    this.switch = h("div", {class: "seg flip", role: "radiogroup", "aria-label": "Which of the two"});
    this.element = h("div", {class: "sides"}, this.switch, this.mine.element, this.theirs.element);
    this.pair(null);
  }

  /** Put `run` at the side, null nothing. */
  pair(run) {
    if (this.run === run && this.element.isConnected) return;
    Object.assign(this, {run, other: null});
    this.follower.follow(run);
    this.element.classList.toggle("two", Boolean(run));
    this.flip("mine");
    this.theirs.element.hidden = this.mine.head.hidden = this.mine.readings.element.hidden = this.switch.hidden = !run;
  }

  /** On a phone one of the two is seen. */
  flip(id) {
    this.element.classList.toggle("flipped", id === "theirs");
    segments(this.switch, [["mine", "This run"], ["theirs", this.sort ?? "The other"]], id, (to) => this.flip(to));
  }

  sleep() { this.follower.sleep(); }
  wake() { this.follower.wake(); }
  dress() { this.theirs.picture.draw(); }

  begin(news) {
    const {spec, run, epoch} = news, {variants, data} = this.catalogue;
    if (this.other?.state.run === run) return this.theirs.picture.again(epoch);
    const set = data.find((d) => d.id === spec.data), variant = variants.find((v) => v.id === spec.variant);
    this.other = {variant, data: set, spec: {...spec, modes: set.modes}, history: this.history, state: news};
    this.theirs.picture.begin(run, epoch, set, spec.size, news.real);
    return this.theirs.picture;
  }

  news(news) {
    this.other.state = news;
    this.again();
  }

  again() {
    if (this.last) this.draw(...this.last);
  }

  /** `shown`: {variant, data, spec, history, state} of the run that is shown; `held`: where the timeline stands, null for the newest. */
  draw(shown, held) {
    this.last = [shown, held];
    const {other} = this;
    if (!this.run || !other || !shown.state) return;
    const step = held ?? shown.state.step, {measures} = this.catalogue, parent = shown.state.parent?.run === this.run, since = parent && step <= shown.state.parent.step ? shown.state.parent.step : 0;
    const [mine, theirs] = [settings(shown, step), settings(other, step)];
    this.sort = parent ? "Its parent" : "The other";
    this.mine.draw(shown, differences(mine, theirs), "this run", since, measures, held ?? Infinity);
    this.theirs.draw(other, differences(theirs, mine), `${this.sort.toLowerCase()}${other.state.step < step ? `, which is at step ${whole(other.state.step)}` : ""}`, since, measures, step);
    this.theirs.picture.show(...this.history.sight(other.data.kind, step));
    this.flip(this.element.classList.contains("flipped") ? "theirs" : "mine");
  }
}
