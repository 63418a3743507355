// The Play tab: puts the parts together, follows one run, and does what a person asks. A run lives on the server; this is a view of it.

import {Advisor} from "./advisor.js";
import {Banner} from "./banner.js";
import {Beside} from "./beside.js";
import {ACTIVE, Deeds} from "./deeds.js";
import {h, say} from "./dom.js";
import {Follower} from "./follow.js";
import {whole} from "./format.js";
import {Forking} from "./fork.js";
import {History} from "./history.js";
import {keys} from "./keys.js";
import {Panel} from "./panel.js";
import {Picture} from "./picture.js";
import {Settings} from "./settings.js";
import {Slow} from "./slow.js";
import {Strip} from "./strip.js";
import {Surface} from "./surface.js";
import {Transport} from "./transport.js";
import {XRay} from "./xray.js";

const LAST = "gan-playground.run", SPOKEN = 10_000;

export class Play {
  /** `titled(text)`: what the run is called; `make(run, name, title)`: a model is wanted of it. */
  constructor(api, catalogue, titled, make) {
    Object.assign(this, {api, catalogue, titled, make, history: new History(), state: null, asked: null, mine: false});
    const deeds = this.deeds = new Deeds(this);
    this.settings = new Settings(api, catalogue, {started: () => deeds.start(), tuned: (name, value) => deeds.tune(name, value), estimate: (spec, turn) => deeds.estimate(spec, turn)});
    this.xray = new XRay(api);
    this.picture = new Picture((step) => { this.history.drop(step); this.look(); }, {overlooked: (step) => { this.history.overlook(step); this.look(); }, seen: (look) => { this.panel.see(look); this.xray.see(look); }, surface: (this.surface = new Surface(catalogue.plotly))});
    this.forking = new Forking(api, catalogue, (made) => this.forked(made));
    this.banner = new Banner({start: () => deeds.start(), resume: () => deeds.act("toggle"), fork: (asked) => deeds.fork(asked), beside: (run) => this.pair(run), open: (run) => this.open(run)});
    this.beside = new Beside(api, catalogue, this.picture, {gone: () => this.alone("The run that was to stand beside this one is not there. ")});
    this.strip = new Strip(api, (path) => this.picture.thread(path));
    this.panel = new Panel(new Advisor({tune: (knobs) => deeds.apply(knobs), fork: (knobs) => deeds.branch(knobs)}));
    this.slow = new Slow(api);
    this.transport = new Transport({act: (what) => deeds.act(what), scrub: (step) => this.scrub(step), slow: () => this.slow.open(this.state.run, this.variant, this.data.kind, this.transport.held), fork: (asked) => deeds.fork(asked), share: () => deeds.share(), make: () => this.make(this.state.run, this.state.name, `${this.variant.title} on ${this.data.title}`)});
    this.follower = new Follower(api, this.history, {begin: (news) => this.begin(news), news: (news) => this.news(news), lost: (lost) => this.lost(lost), gone: (run, why) => this.gone(run, why)});
    this.build();
  }

  build() {
    this.spoken = h("p", {class: "sr", role: "status", "aria-live": "polite", "data-testid": "summary"});
    this.page = h("div", {class: "page"}, this.settings.element,
      h("section", {class: "centre", "aria-label": "Picture"}, this.banner.element, this.beside.element, this.xray.element, this.strip.element), this.panel.element);
    this.element = h("div", {class: "stage"}, this.page, this.transport.element, this.spoken, this.forking.element, this.slow.element, this.surface.element);
    const {deeds} = this;
    keys({" ": () => deeds.act("toggle"), ".": () => deeds.act("step"), "[": () => this.transport.nudge(-1), "]": () => this.transport.nudge(1), f: () => deeds.fork({step: this.transport.held})}, () => !this.follower.asleep);
    setInterval(() => this.speak(), SPOKEN);
  }

  /** What brings back to what is shown. */
  get address() {
    return this.asked ? `?run=${this.asked}${this.beside.run ? `&beside=${this.beside.run}` : ""}` : "";
  }

  /** In view again: the run that is asked for, else the last one of this browser, else the recorded one. */
  show(asked) {
    const run = asked ?? localStorage.getItem(LAST) ?? this.catalogue.recorded;
    this.asked = asked;
    this.follower.wake();
    this.beside.wake();
    this.pairs(asked && new URLSearchParams(location.search).get("beside"));
    if (run && run === this.follower.run) return this.title();
    this.go(run);
    if (!run) this.banner.say("said", "Nothing runs yet. Start a new run, at the left.");
  }

  /** Out of view: nothing is asked meanwhile. */
  hide() {
    this.follower.sleep();
    this.beside.sleep();
  }

  /** The theme changed. */
  dress() {
    this.picture.draw();
    this.beside.dress();
    this.panel.dress();
    this.xray.dress();
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
    this.pairs(null);
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
    this.xray.begin(run);
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
    this.wished();
  }

  /** Set what is to be trained to what a model was; once the run that is shown has said what it is. */
  like({variant, data, size, options, knobs, seed, step}) {
    const {limits: {steps: most}, variants} = this.catalogue, [preset] = Object.keys(variants.find((v) => v.id === variant).presets[data]);
    this.wish = {variant, data, preset, size, options, knobs, seed, steps: Math.min(step, most ?? Infinity)};
    if (this.state || !this.follower.run) this.wished();
  }

  wished() {
    const {wish} = this;
    this.wish = null;
    if (!wish) return;
    this.settings.choose(wish.variant, wish.data, wish.preset, wish);
    this.settings.button.focus();
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
    this.panel.advisor.draw(news.advice, {tune: active, fork: !recorded && !this.transport.fork.disabled});
    say(this.settings.button, active ? "Start over with these" : "Start a new run");
    if (!this.isLost) this.banner.draw(news, this.variant.title, this.data.title, this.history.alarms);
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
    if (!lost && this.state) this.banner.draw(this.state, this.variant.title, this.data.title, this.history.alarms);
  }

  /** The newest stored frame at or before where the timeline stands. */
  look() {
    const {held} = this.transport;
    this.picture.show(...this.history.sight(this.data?.kind, held ?? Infinity));
    this.picture.rests(held != null || !["running", "queued"].includes(this.state?.status) && !this.follower.replay?.playing);
    if (this.state) this.transport.draw(this.state, this.history);
    this.beside.draw(this, held);
  }

  scrub(step) {
    const {replay} = this.follower;
    if (replay && step != null) replay.seek(step);
    else if (replay && step == null) replay.play();
    this.panel.hold(step);
    this.xray.hold(step);
    this.look();
  }

  start() {
    return this.deeds.start();
  }

  /** A child has begun: what could not be taken over is said with it. */
  forked({run, fresh}) {
    this.banner.fresh = {run, fresh};
    this.open(run);
  }

  /** Put `run` beside the one that is shown, null nothing. */
  pairs(run) {
    this.beside.pair(run);
    this.banner.paired = run;
    this.page.classList.toggle("pairs", Boolean(run));
  }

  /** The same by a person's hand: it stands in the address. */
  pair(run) {
    this.pairs(run);
    this.asked = this.state.run;
    history.pushState(null, "", this.address);
    this.news(this.state);
  }

  /** Nothing stands beside it after all: `why`. */
  alone(why) {
    this.banner.notice = why;
    this.pairs(null);
    history.replaceState(null, "", this.address);
    if (this.state) this.news(this.state);
  }

  /** A run that has just begun here, or that is gone to from here. */
  open(run) {
    this.banner.notice = "";
    this.asked = run;
    this.pairs(null);
    history.pushState(null, "", this.address);
    this.go(run);
    this.page.scrollTo({top: 0});
  }

  /** A line for those who listen, when there is something new to say. */
  speak() {
    if (!this.state || document.hidden || this.follower.asleep) return;
    const {status, step, budget, recorded} = this.state;
    say(this.spoken, recorded ? `Recorded run of ${this.variant.title} on ${this.data.title}.` : `${this.variant.title} on ${this.data.title}, ${status}, step ${whole(step)} of ${whole(budget)}. ${this.panel.inWords()}`);
  }
}
