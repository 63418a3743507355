// The Play tab: puts the parts together, follows one run, and does what a person asks. A run lives on the server; this is a view of it.

import {Lost} from "./api.js";
import {Banner} from "./banner.js";
import {h, replace, say} from "./dom.js";
import {Follower} from "./follow.js";
import {whole} from "./format.js";
import {Forking, quartered} from "./fork.js";
import {History} from "./history.js";
import {keys} from "./keys.js";
import {Panel} from "./panel.js";
import {Picture} from "./picture.js";
import {Settings} from "./settings.js";
import {Strip} from "./strip.js";
import {Transport} from "./transport.js";

const LAST = "gan-playground.run", ACTIVE = ["queued", "running", "paused"], SPOKEN = 10_000;

export class Play {
  /** `titled(text)`: what the run is called. */
  constructor(api, catalogue, titled) {
    Object.assign(this, {api, catalogue, titled, history: new History(), state: null, asked: null, mine: false});
    this.settings = new Settings(catalogue, {started: () => this.start(), tuned: (name, value) => this.tune(name, value), estimate: (spec, turn) => this.estimate(spec, turn)});
    this.picture = new Picture((step) => { this.history.drop(step); this.look(); });
    this.forking = new Forking(api, catalogue, (made) => this.forked(made));
    this.banner = new Banner({start: () => this.start(), resume: () => this.act("toggle"), fork: (asked) => this.fork(asked)});
    this.strip = new Strip(api, (path) => this.picture.thread(path));
    this.panel = new Panel();
    this.transport = new Transport({act: (what) => this.act(what), scrub: (step) => this.scrub(step), fork: (asked) => this.fork(asked), share: () => this.share()});
    this.follower = new Follower(api, this.history, {begin: (news) => this.begin(news), news: (news) => this.news(news), lost: (lost) => this.lost(lost), gone: (run, why) => this.gone(run, why)});
    this.build();
  }

  build() {
    this.spoken = h("p", {class: "sr", role: "status", "aria-live": "polite", "data-testid": "summary"});
    this.page = h("div", {class: "page"}, this.settings.element,
      h("section", {class: "centre", "aria-label": "Picture"}, this.banner.element, this.picture.element, this.strip.element), this.panel.element);
    this.element = h("div", {class: "stage"}, this.page, this.transport.element, this.spoken, this.forking.element);
    keys({" ": () => this.act("toggle"), ".": () => this.act("step"), "[": () => this.transport.nudge(-1), "]": () => this.transport.nudge(1), f: () => this.fork({step: this.transport.held})}, () => !this.follower.asleep);
    setInterval(() => this.speak(), SPOKEN);
  }

  /** What brings back to what is shown. */
  get address() {
    return this.asked ? `?run=${this.asked}` : "";
  }

  /** In view again: the run that is asked for, else the last one of this browser, else the recorded one. */
  show(asked) {
    const run = asked ?? localStorage.getItem(LAST) ?? this.catalogue.recorded;
    this.asked = asked;
    this.follower.wake();
    if (run && run === this.follower.run) return this.title();
    this.go(run);
    if (!run) this.banner.say("said", "Nothing runs yet. Start a new run, at the left.");
  }

  /** Out of view: nothing is asked meanwhile. */
  hide() {
    this.follower.sleep();
  }

  /** The theme changed. */
  dress() {
    this.picture.draw();
    this.panel.dress();
  }

  go(run) {
    this.state = null;
    this.follower.follow(run);
  }

  /** The run is not there (any more), or not to be shown: `why`. */
  gone(run, why = "") {
    const {asked} = this, {recorded} = this.catalogue;
    if (localStorage.getItem(LAST) === run) localStorage.removeItem(LAST);
    this.asked = null;
    if (asked) history.replaceState(null, "", location.pathname);
    this.banner.notice = why || (asked ? "There is no run of that address here. " : "");
    this.go(run === recorded ? null : recorded);
    if (this.banner.notice && (!recorded || run === recorded)) this.banner.say("said", this.banner.notice);
  }

  /** The first news of a run, or of its new beginning: what it is. */
  begin(news) {
    const {spec, recorded, run, epoch, mine} = news, variant = this.catalogue.variants.find((v) => v.id === spec.variant), data = this.catalogue.data.find((d) => d.id === spec.data);
    this.told = 0;
    this.mine = !recorded && mine;
    if (this.state?.run === run) return this.picture.again(epoch);            // it went back to a checkpoint: the same run, the same page
    Object.assign(this, {spec: {...spec, modes: data.modes}, variant, data});
    if (!recorded) {
      const {variant: v, data: d, preset, size, options, knobs, seed, steps} = spec;
      this.settings.choose(v, d, preset, {variant: v, data: d, preset, size, options, knobs, seed, steps});
      if (this.mine) localStorage.setItem(LAST, run);
    }
    const declared = variant.knobs[data.kind];
    this.picture.begin(run, epoch, data, spec.size, news.real);
    this.panel.begin(variant, data.kind, this.spec, this.history, this.catalogue.measures);
    const outline = Object.keys(variant.scalars).find((name) => name.startsWith("balance/")) ?? Object.keys(variant.scalars).find((name) => name.endsWith("/fake"));
    this.transport.begin(run, Boolean(recorded), declared, outline, data.kind);
    this.element.classList.toggle("recorded", Boolean(recorded));
    this.settings.watches(!recorded && !this.mine);
  }

  title() {
    if (this.state) this.titled(this.state.name || `${this.variant.title} on ${this.data.title}`);
  }

  /** Every news, once the history has it. */
  news(news) {
    this.state = news;
    const {status, recorded, run, step} = news, active = this.mine && ACTIVE.includes(status);
    if (!recorded) for (const mark of this.history.marks.slice(this.told)) this.settings.tunedTo(mark);
    this.told = this.history.marks.length;
    const knobs = Object.fromEntries(Object.keys(this.spec.knobs).map((name) => [name, this.history.knob(name, this.spec.knobs[name]).at(-1)[1]]));
    this.settings.beside(recorded ? null : {variant: this.spec.variant, data: this.spec.data, options: this.spec.options, knobs, live: active});
    this.look();
    this.panel.later();
    say(this.settings.button, active ? "Start over with these" : "Start a new run");
    if (!this.isLost) this.banner.draw(news, this.variant.title, this.data.title);
    this.picture.calls(news.name ?? "");
    this.title();
    this.picture.waits(status === "queued" ? "waiting for a free trainer" : status === "running" ? "building the networks" : "no picture was made");
    this.strip.for(!recorded && !["queued", "running"].includes(status) && step > 0 ? run : null, step);
  }

  lost(lost) {
    if ((this.isLost ?? false) === lost) return;
    this.isLost = lost;
    this.element.classList.toggle("lost", Boolean(lost));
    if (lost) this.banner.say("away", `${lost === "busy" ? "The server is busy, asking again soon" : "Connection lost, retrying"}. Training goes on without this page.`);
    else this.banner.key = null;
    if (!lost && this.state) this.banner.draw(this.state, this.variant.title, this.data.title);
  }

  /** The newest stored frame at or before where the timeline stands. */
  look() {
    const {held} = this.transport;
    this.picture.show(this.history.frame(held ?? Infinity));
    if (this.state) this.transport.draw(this.state, this.history);
  }

  scrub(step) {
    const {replay} = this.follower;
    if (replay && step != null) replay.seek(step);
    else if (replay && step == null) replay.play();
    this.panel.hold(step);
    this.look();
  }

  /** Do it; what is refused stands beside its field, if it is `heard` still. null when it was. */
  async attempt(action, heard = () => true) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof Lost) this.follower.probe();
      else if (!error.field) throw error;
      else if (heard()) this.settings.refused(error)?.scrollIntoView({block: "nearest"});
      return null;
    }
  }

  async start() {
    if (this.starting || !this.settings.sound()) return;
    this.starting = this.settings.button.disabled = true;
    const replaced = this.mine && this.state && ACTIVE.includes(this.state.status) ? this.state.run : null;
    const made = await this.attempt(() => this.api.start({spec: this.settings.wanted(), replace: replaced}));
    this.starting = this.settings.button.disabled = false;
    if (made) this.open(made.run);
  }

  async act(what) {
    const {run, status, resumable} = this.state ?? {}, {replay} = this.follower;
    if (replay && what === "toggle") {
      if (replay.playing) replay.pause();
      else this.transport.hold(null);
    }
    if (what === "toggle" && this.transport.past) return this.transport.replay();
    if (!run || !this.mine) return;
    if (what === "step") this.transport.hold(null);
    const todo = what !== "toggle" ? what : ["running", "queued"].includes(status) ? "pause" : status === "paused" || resumable ? "resume" : null;
    const able = {pause: true, resume: true, stop: ACTIVE.includes(status), step: ACTIVE.includes(status) || resumable}[todo];
    if (able && await this.attempt(() => this.api.act({run, do: todo, n: 1}))) this.follower.soon(true);
  }

  /**
   * Begin another run where this one stood at `step`, null for now. A person is asked, unless `rescue`: then at a quarter of the rates, at once.
   * `alarm`: what went wrong after it; `knobs`, `as`: what is to be changed, values and a variant's id.
   */
  async fork({step = null, rescue = false, ...rest}) {
    const {state, spec, variant, data, history} = this;
    if (!state || this.transport.fork.disabled) return;
    const had = Object.fromEntries(Object.entries(spec.knobs).map(([name, value]) => [name, history.knob(name, value, step ?? Infinity).at(-1)[1]]));
    const knobs = rescue ? quartered(had) : rest.knobs;
    await this.forking.open({run: state, spec, variant, data, history, step, ...rest, knobs});
    if (rescue && !this.forking.go.disabled) await this.forking.submit();
  }

  /** A child has begun: what could not be taken over is said with it. */
  forked({run, fresh}) {
    this.banner.fresh = {run, fresh};
    this.open(run);
  }

  /** A run that has just begun here. */
  open(run) {
    this.banner.notice = "";
    this.asked = run;
    history.pushState(null, "", this.address);
    this.go(run);
    this.page.scrollTo({top: 0});
  }

  /** A live knob acts on the run that is shown, if that is what the settings describe. */
  async tune(name, value) {
    const {run, status} = this.state ?? {}, {variant, data} = this.settings.spec;
    if (!run || !this.mine || this.spec.variant !== variant || this.spec.data !== data || !ACTIVE.includes(status)) return;
    if (await this.attempt(() => this.api.tune({run, knobs: {[name]: value}}))) this.follower.soon(true);
  }

  async estimate(spec, turn) {
    const found = await this.attempt(() => this.api.estimate({spec}), () => turn === this.settings.turn);
    if (found) this.settings.estimated(found, turn);
  }

  async share() {
    return navigator.clipboard?.writeText(`${location.origin}${location.pathname}?run=${this.state.run}`).then(() => true, () => false) ?? false;
  }

  /** A line for those who listen, when there is something new to say. */
  speak() {
    if (!this.state || document.hidden || this.follower.asleep) return;
    const {status, step, budget, recorded} = this.state;
    say(this.spoken, recorded ? `Recorded run of ${this.variant.title} on ${this.data.title}.` : `${this.variant.title} on ${this.data.title}, ${status}, step ${whole(step)} of ${whole(budget)}. ${this.panel.inWords()}`);
  }
}
