// Asks the server what is new about one run, never twice at once, and less often when nobody looks or the server is busy.

const FAR = location.hostname.endsWith(".hf.space");
const EVERY = {points: 500, images: 1000}, REST = 5000, BUSY = 12_000, RETRY = 2000;
const LOOP = 18_000, TICK = 120;     // ms that a recorded run takes, and between two of its pictures

export class Follower {
  /** `begin(news)`: the first of a run; `news(news)`: every one, after the history has it; `lost(bool)`; `gone()`: there is no such run. */
  constructor(api, history, hears) {
    Object.assign(this, {api, history, hears, run: null});
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(); });
  }

  follow(run) {
    clearTimeout(this.timer);
    this.playing = clearInterval(this.playing);
    this.run = run;
    this.epoch = 0;
    this.first = true;
    this.history.clear();
    if (run) this.ask();
  }

  soon() {
    clearTimeout(this.timer);
    if (this.asking) this.again = true;
    else if (this.run && !this.playing) this.ask();
  }

  async ask() {
    const run = this.run, {cursor, marks, frames} = this.history;
    this.asking = run;
    let wait = RETRY;
    try {
      const news = await this.api.poll({run, cursor: this.first ? -1 : cursor, epoch: this.epoch, marks: this.first ? 0 : marks.length, frame: this.first ? -1 : frames.at(-1) ?? -1});
      if (run !== this.run) return;
      this.hears.lost(false);
      wait = this.take(news);
    } catch (error) {
      if (run !== this.run) return;
      if (error.field === "run") return this.hears.gone();
      this.hears.lost(true);
      if (error.busy) wait = BUSY;
    } finally {
      if (this.asking === run) this.asking = null;
    }
    clearTimeout(this.timer);
    if (this.again) {
      this.again = false;
      return this.ask();
    }
    if (wait && !this.playing) this.timer = setTimeout(() => { if (!document.hidden) this.ask(); }, wait);
  }

  take(news) {
    if (news.spec) this.kind = news.real ? "points" : "images";
    if (this.first || news.epoch !== this.epoch) {
      this.history.clear(news.budget / 400);
      this.epoch = news.epoch;
    }
    if (this.first) this.hears.begin(news);
    this.first = false;
    if (news.recorded && !matchMedia("(prefers-reduced-motion: reduce)").matches) return this.perform(news);
    this.history.take(news);
    this.hears.news(news);
    if (news.status === "running" && !news.frames.length && this.history.frames.length < 2) return 100;     // the first picture, at once
    return ["running", "queued"].includes(news.status) ? (FAR ? 3000 : EVERY[this.kind]) : REST;
  }

  /** Play a recorded run over and over, from one answer. */
  perform(news) {
    const steps = news.rows.step, rows = Math.max(1, Math.ceil(steps.length / (LOOP / TICK)));
    let at = 0, rest = 0;
    const part = (from, to) => Object.fromEntries(Object.entries(news.rows).map(([name, v]) => [name, name === "step" ? v.slice(from, to) : v.map((w) => w.slice(from, to))]));
    const tick = () => {
      if (document.hidden) return;
      if (at >= steps.length) {
        if (++rest < 3000 / TICK) return;
        at = rest = 0;
      }
      if (at === 0) this.history.clear(news.budget / 400);
      const from = at ? steps[at - 1] : -1;
      at = Math.min(at + rows, steps.length);
      const step = steps[at - 1], between = (s) => s > from && s <= step;
      const shown = {...news, step, rows: part(Math.max(0, at - rows), at), marks: news.marks.filter((m) => between(m.step)),
        measures: news.measures.filter((m) => between(m.step)), frames: news.frames.filter(between), elapsed: news.elapsed * at / steps.length};
      this.history.take(shown);
      this.hears.news(shown);
    };
    this.playing = setInterval(tick, TICK);
    tick();
    return 0;
  }
}
