// Asks the server for what is new of all lanes' runs, in one message: never two at once, runs that have ended more
// rarely, and nothing while the page is hidden.

const REMOTE = location.hostname.endsWith(".hf.space");
const INTERVAL_MS = REMOTE ? 3000 : 1000;
const IDLE_MS = 5000;
const BUSY_MS = 12_000;
const RETRY_MS = 2000;
const SOON_MS = 100;
const HURRY_MS = 2500;
const FIRST_AT_ONCE = 8; // runs that are asked for whole in one message
const MOST_AT_ONCE = 40; // and that are asked what is new

export class LanesPoller {
  /**
   * @param {Api} api
   * @param {{changed: (runs: any[], begun: Set<any>) => void, lost: (why: "away" | "busy" | false) => void}} handlers
   *   what changed and, of that, which runs began or began anew
   */
  constructor(api, handlers) {
    this.api = api;
    this.handlers = handlers;
    this.runs = [];
    this.asked = new Map(); // run -> when it was asked for last
    this.asleep = false;
    this.turn = 0;
    this.failures = 0;
    this.hurryUntil = -Infinity;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.pollNow();
    });
  }

  /** @param {any[]} runs as `LaneRun` */
  follow(runs) {
    this.turn += 1;
    this.runs = runs;
    this.asked.clear();
    this.failures = 0;
    this.pending = false;
    this.pollNow();
  }

  sleep() {
    this.asleep = true;
    clearTimeout(this.timer);
  }

  wake() {
    this.asleep = false;
    this.pollNow();
  }

  /** @param {boolean} hurry whether all are asked for, and soon again, because a command was just sent */
  pollNow(hurry = false) {
    clearTimeout(this.timer);
    if (hurry) {
      this.hurryUntil = performance.now() + HURRY_MS;
    }
    if (this.pending) this.again = true;
    else if (!this.asleep && this.runs.length) this.poll();
  }

  /** The runs to ask for now. */
  due() {
    const now = performance.now();
    const there = this.runs.filter((run) => !run.gone);
    const fresh = there.filter((run) => run.feed.first);
    if (fresh.length) return fresh.slice(0, FIRST_AT_ONCE);
    const isDue = (run) => run.running || now < this.hurryUntil || now - (this.asked.get(run) ?? -Infinity) >= IDLE_MS;
    return there.filter(isDue).slice(0, MOST_AT_ONCE);
  }

  async poll() {
    const {turn} = this;
    const runs = this.due();
    let delay = INTERVAL_MS;
    if (runs.length) {
      this.pending = true;
      try {
        const {updates} = await this.api.updates({runs: runs.map((run) => run.feed.question())});
        if (turn !== this.turn) return;
        this.failures = 0;
        this.handlers.lost(false);
        this.take(runs, updates);
      } catch (error) {
        if (turn !== this.turn) return;
        this.handlers.lost(error.busy ? "busy" : "away");
        this.failures += 1;
        delay = error.busy ? BUSY_MS : Math.min(BUSY_MS, RETRY_MS * 1.5 ** (this.failures - 1));
      } finally {
        if (turn === this.turn) this.pending = false;
      }
      if (!this.failures) delay = this.delay();
    }
    if (this.again) delay = 0;
    this.again = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!document.hidden && !this.asleep) this.poll();
    }, delay);
  }

  /** ms until the next question, after one that was answered. */
  delay() {
    const {runs} = this;
    if (runs.some((run) => !run.gone && run.feed.first)) return 0;
    if (performance.now() < this.hurryUntil && !REMOTE) return SOON_MS;
    if (runs.some((run) => run.state?.status === "running" && run.history.frames.length < 2)) return SOON_MS * 3;
    return runs.some((run) => run.running) ? INTERVAL_MS : IDLE_MS;
  }

  take(runs, updates) {
    const begun = new Set();
    const now = performance.now();
    updates.forEach((update, i) => {
      const run = runs[i];
      this.asked.set(run, now);
      if (update.gone) run.gone = true;
      else if (run.take(update)) begun.add(run);
    });
    this.handlers.changed(runs, begun);
  }
}
