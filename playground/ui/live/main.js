// The Play page: puts the parts together, follows one run, and does what a person asks. A run lives on the server; this is a view of it.

import {connect, Lost} from "./api.js";
import {h, icon, replace} from "./dom.js";
import {whole} from "./format.js";
import {Follower} from "./follow.js";
import {History} from "./history.js";
import {Panel} from "./panel.js";
import {Picture} from "./picture.js";
import {Settings} from "./settings.js";
import {Strip} from "./strip.js";
import {Transport} from "./transport.js";

const SHEETS = ["tokens.css", "page.css", "settings.css", "view.css", "bar.css", "phone.css", "vendor/uPlot.min.css"];
const LAST = "gan-playground.run", THEME = "gan-playground.theme";
const ACTIVE = ["queued", "running", "paused"];

const sheet = (href) => new Promise((done) => document.head.append(h("link", {rel: "stylesheet", href, onload: done, onerror: done})));
const script = (src) => new Promise((done, failed) => document.head.append(h("script", {src, onload: done, onerror: failed})));

export async function mount(element, server) {
  const here = (name) => new URL(name, import.meta.url).href, api = connect(server);
  const [catalogue] = await Promise.all([api.catalogue(), ...SHEETS.map((s) => sheet(here(s))), script(here("vendor/uPlot.iife.min.js"))]);
  const root = element.querySelector(".play") ?? element;
  new Play(root, api, catalogue).open();
}

class Play {
  constructor(root, api, catalogue) {
    Object.assign(this, {root, api, catalogue, history: new History(), state: null});
    this.settings = new Settings(catalogue, {started: () => this.start(), tuned: (...tune) => this.tune(...tune), estimated: (spec) => this.estimate(spec)});
    this.picture = new Picture(root);
    this.panel = new Panel(root);
    this.strip = new Strip(api, root);
    this.transport = new Transport({act: (what) => this.act(what), scrub: (step) => this.look(step), share: () => this.share()});
    this.follower = new Follower(api, this.history, {begin: (news) => this.begin(news), news: (news) => this.follow(news), lost: (lost) => this.lost(lost), gone: () => this.gone()});
    this.build();
  }

  build() {
    const {cores, device, workers} = this.catalogue.machine;
    this.banner = h("div", {class: "banner", role: "status", hidden: true});
    this.spoken = h("p", {class: "sr", "aria-live": "polite", "data-testid": "summary"});
    this.picture.element.prepend(this.banner);
    this.picture.element.append(this.strip.element);
    const mark = h("span", {class: "glyph", "aria-hidden": "true"});
    replace(this.root,
      h("header", {class: "head"}, h("h1", {class: "word"}, mark, "GAN Playground"),
        h("nav", {class: "tabs", role: "tablist", "aria-label": "Main"}, h("button", {role: "tab", "aria-selected": "true", type: "button"}, "Play")),
        h("span", {class: "note"}, `this machine: ${cores} ${cores === 1 ? "core" : "cores"}, ${device === "cpu" ? "no GPU" : device.toUpperCase()} · ${workers === 1 ? "one run" : `${workers} runs`} at a time`),
        h("button", {type: "button", class: "icon theme", "aria-label": "Light or dark", title: "Light or dark", onclick: () => this.theme()}, icon("M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "f:M12 4a8 8 0 0 1 0 16z"))),
      h("main", {class: "page"}, this.settings.element, this.picture.element, this.panel.element),
      this.transport.element, this.spoken);
    this.root.removeAttribute("aria-busy");
    this.dress(localStorage.getItem(THEME) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("popstate", () => this.open());
    setInterval(() => this.speak(), 10_000);
  }

  /** The run in the address, else the last one of this browser, else the recorded one. */
  async open() {
    const asked = new URLSearchParams(location.search).get("run"), remembered = localStorage.getItem(LAST);
    this.follower.follow(asked ?? remembered ?? this.catalogue.recorded);
  }

  /** The run is not there (any more). */
  gone() {
    const asked = new URLSearchParams(location.search).get("run");
    localStorage.removeItem(LAST);
    if (asked) history.replaceState(null, "", location.pathname);
    if (this.follower.run !== this.catalogue.recorded && this.catalogue.recorded) this.follower.follow(this.catalogue.recorded);
    if (asked) this.say("There is no run of that address here.");
  }

  /** The first news of a run: what it is. */
  begin(news) {
    const {spec, recorded} = news;
    this.spec = {...spec, knobs: {...spec.knobs}};
    this.variant = this.catalogue.variants.find((v) => v.id === spec.variant);
    this.data = this.catalogue.data.find((d) => d.id === spec.data);
    if (!recorded) {
      const {variant, data, preset, size, knobs, seed, steps} = spec;
      this.settings.choose(variant, data, preset, {variant, data, preset, size, knobs: {...knobs}, seed, steps});
      localStorage.setItem(LAST, news.run);
    }
    this.picture.begin(news.run, this.data, spec.size, news.real);
    this.panel.begin(this.variant, this.spec, this.history);
    this.transport.begin(news.run, Boolean(recorded));
    this.root.classList.toggle("recorded", Boolean(recorded));
  }

  follow(news) {
    this.state = news;
    for (const mark of news.marks) {
      this.spec.knobs[mark.knob] = mark.to;
      if (!news.recorded) this.settings.tunedTo(mark);
    }
    if (this.transport.held == null) this.look(null);
    this.panel.later();
    this.transport.draw(news, this.history, this.variant, this.data.kind);
    this.told(news);
    const resting = !news.recorded && !["queued", "running"].includes(news.status) && news.step > 0;
    this.strip.for(resting ? news.run : null, news.step);
    replace(this.settings.button, ACTIVE.includes(news.status) && !news.recorded ? "Start over with these" : "Start a new run");
  }

  /** What stands above the picture. */
  told(news) {
    const go = (text) => h("button", {type: "button", class: "ghost", onclick: () => this.act("toggle")}, text);
    const lines = {
      recorded: () => [h("span", {class: "label"}, "Recorded run"), ` ${this.variant.title} on ${this.data.title}. `, h("button", {type: "button", class: "hero", onclick: () => this.start()}, "Train it live")],
      queued: () => [`In the queue, place ${news.position || 1}.`],
      interrupted: () => [`Interrupted at step ${whole(news.step)}. ${news.note} `, go(`Resume from the last checkpoint`)],
      diverged: () => [news.note || "A loss became NaN.", " Lower a learning rate and start again."],
      failed: () => [news.note, " ", news.resumable ? go("Resume") : ""],
    };
    const key = news.recorded ? "recorded" : news.status, text = `${key}${news.note}${news.position}${key === "interrupted" ? news.step : ""}`;
    if (this.toldKey === text || this.isLost) return;
    this.toldKey = text;
    const line = lines[key]?.();
    this.banner.hidden = !line;
    this.banner.className = `banner ${key}`;
    if (line) replace(this.banner, ...line);
  }

  say(text) {
    this.toldKey = null;
    this.banner.hidden = false;
    this.banner.className = "banner said";
    replace(this.banner, text);
  }

  lost(lost) {
    if (this.isLost === lost) return;
    this.isLost = lost;
    this.root.classList.toggle("lost", lost);
    if (lost) this.say("Connection lost, retrying. Training goes on without this page.");
    else if (this.state) { this.toldKey = null; this.told(this.state); }
  }

  /** Show the newest stored frame at or before `step`; null is live. */
  look(step) {
    const frames = this.history.frames, at = step == null ? frames.length - 1 : Math.max(0, frames.findLastIndex((f) => f <= step));
    if (frames.length) this.picture.show(frames[at]);
    this.panel.later(step);
    if (this.state) this.transport.draw(this.state, this.history, this.variant, this.data.kind);
  }

  async attempt(action) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof Lost) this.lost(true);
      else this.settings.wrong(error);
      return null;
    }
  }

  async start() {
    if (this.starting) return;
    this.starting = this.settings.button.disabled = true;
    const replaced = this.state && !this.state.recorded && ACTIVE.includes(this.state.status) ? this.state.run : null;
    const made = await this.attempt(() => this.api.start({spec: this.settings.wanted(), replace: replaced}));
    this.starting = this.settings.button.disabled = false;
    if (!made) return this.settings.error.scrollIntoView({block: "nearest"});
    history.pushState(null, "", `?run=${made.run}`);
    this.follower.follow(made.run);
    if (innerWidth <= 700) scrollTo({top: 0});
  }

  async act(what) {
    const {run, status, resumable, recorded} = this.state ?? {};
    if (!run || recorded) return;
    const todo = what !== "toggle" ? what : ["running", "queued"].includes(status) ? "pause" : status === "paused" || resumable ? "resume" : null;
    if (!todo || (todo === "stop" && !ACTIVE.includes(status)) || (todo === "step" && !ACTIVE.includes(status) && !resumable)) return;
    if (await this.attempt(() => this.api.act({run, do: todo, n: 1}))) this.follower.soon();
  }

  /** A live knob: acts on the run that is shown, if that is what the settings describe. */
  async tune(name, value) {
    const {run, status, recorded} = this.state ?? {}, same = this.spec?.variant === this.settings.spec.variant && this.spec?.data === this.settings.spec.data;
    if (!run || recorded || !same || !ACTIVE.includes(status)) return;
    if (await this.attempt(() => this.api.tune({run, knobs: {[name]: value}}))) this.follower.soon();
  }

  async estimate(spec) {
    try {
      this.settings.show(await this.api.estimate({spec}));
    } catch (error) {
      if (!(error instanceof Lost)) this.settings.wrong(error);
    }
  }

  async share() {
    return navigator.clipboard.writeText(`${location.origin}${location.pathname}?run=${this.state.run}`).then(() => true, () => false);
  }

  key(event) {
    const free = !event.target.closest("input, select, textarea, button, summary, a") && !event.ctrlKey && !event.metaKey && !event.altKey;
    const todo = {" ": () => this.act("toggle"), ".": () => this.act("step"), "[": () => this.transport.nudge(-1, this.history.frames), "]": () => this.transport.nudge(1, this.history.frames)}[event.key];
    if (!free || !todo) return;
    event.preventDefault();
    todo();
  }

  theme() {
    const next = document.body.classList.contains("dark") ? "light" : "dark";
    localStorage.setItem(THEME, next);
    this.dress(next);
  }

  dress(theme) {
    document.body.classList.toggle("dark", theme === "dark");
    this.picture.draw();
    this.panel.later();
  }

  speak() {
    if (!this.state || document.hidden) return;
    const {status, step, budget, recorded} = this.state;
    replace(this.spoken, `${this.variant.title} on ${this.data.title}, ${recorded ? "recorded" : status}, step ${whole(step)} of ${whole(budget)}. ${this.panel.inWords()}`);
  }
}
