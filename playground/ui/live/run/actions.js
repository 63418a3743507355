// A person's actions on runs in the Play tab: start, control, tune, fork, share. A refusal is shown beside its field.

import {openFork} from "./fork_dialog.js";
import {ConnectionLost} from "../core/api.js";

export const ACTIVE = ["queued", "running", "paused"];
// ms from one tune to the next: the server takes ten a second, and a key that is held down says thirty
const TUNE_INTERVAL_MS = 120;

export class Actions {
  /** @param {TrainTab} tab */
  constructor(tab) {
    this.tab = tab;
  }

  /**
   * Runs an action and returns its result. A refusal is shown beside its field, if `isCurrent()` still; then null.
   * @param {() => Promise<any>} action
   * @param {() => boolean} isCurrent
   */
  async attempt(action, isCurrent = () => true) {
    const {poller, settings} = this.tab;
    try {
      return await action();
    } catch (error) {
      if (error instanceof ConnectionLost) poller.probe();
      else if (!error.field) throw error;
      else if (isCurrent()) settings.showRefusal(error)?.scrollIntoView({block: "nearest"});
      return null;
    }
  }

  /**
   * Starts a run with the present settings. It queues behind a run of one's own, or stops and replaces it (`replace`).
   */
  async start(replace = false) {
    const {api, settings, mine, state} = this.tab;
    if (this.starting || !settings.isValid()) return;
    this.starting = true;
    settings.startButton.busy(true);
    const live = mine && state && ACTIVE.includes(state.status) ? state.run : null;
    const created = await this.attempt(() =>
      api.start({spec: settings.requestedSpec(), replace: replace ? live : null}),
    );
    this.starting = false;
    settings.startButton.busy(false);
    if (!created) return;
    this.tab.banner.trainingRun = replace ? null : live;
    this.tab.open(created.run);
  }

  /** "toggle", "step" or "stop": of training, or of what is played back. */
  async act(what) {
    const {api, poller, playbackBar, mine, state} = this.tab;
    const {run, status, resumable} = state ?? {};
    const {recording} = poller;
    if (recording && what === "toggle") {
      if (recording.playing) recording.pause();
      else playbackBar.holdAt(null);
    }
    if (what === "toggle" && playbackBar.showsPast) return playbackBar.togglePlayback();
    if (!run || !mine) return;
    if (what === "step") playbackBar.holdAt(null);
    const todo =
      what !== "toggle"
        ? what
        : ["running", "queued"].includes(status)
          ? "pause"
          : status === "paused" || resumable
            ? "resume"
            : null;
    const allowed = {
      pause: true,
      resume: true,
      stop: ACTIVE.includes(status),
      step: ACTIVE.includes(status) || resumable,
    }[todo];
    if (["resume", "step"].includes(todo) && playbackBar.blocked) return;
    if (allowed && (await this.attempt(() => api.act({run, do: todo, n: 1})))) poller.pollNow(true);
  }

  /** A live knob acts on the run that is shown, if that is what the settings describe. */
  async tune(name, value) {
    const {api, poller, mine, state, spec, settings} = this.tab;
    const {run, status} = state ?? {};
    const {variant, data} = settings.spec;
    if (!run || !mine || spec.variant !== variant || spec.data !== data || !ACTIVE.includes(status)) return;
    this.pendingTune = {run, knobs: {...(this.pendingTune?.run === run && this.pendingTune.knobs), [name]: value}};
    if (this.sentTune) return;
    while (this.pendingTune) {
      // what is moved meanwhile goes out together
      this.sentTune = this.pendingTune;
      this.pendingTune = null;
      if (await this.attempt(() => api.tune(this.sentTune))) poller.pollNow(true);
      await new Promise((resolve) => {
        setTimeout(resolve, TUNE_INTERVAL_MS);
      });
    }
    this.sentTune = null;
  }

  /** Whether a tune is outdated: another value of its knob is being sent. */
  isOutdated({knob, to}) {
    const newer = [this.pendingTune, this.sentTune].find((tune) => tune && knob in tune.knobs);
    return Boolean(newer) && newer.knobs[knob] !== to;
  }

  /** Applies advised values of live knobs: {step}, from which on they act; null if refused. */
  async apply(knobs) {
    const {api, poller, state} = this.tab;
    const applied = await this.attempt(() => api.tune({run: state.run, knobs}));
    if (applied) poller.pollNow(true);
    return applied;
  }

  /** Forks the run with advised knobs, and opens the child. */
  async branch(knobs) {
    const {api, state, mine, catalogue} = this.tab;
    const created = await this.attempt(() => api.fork({run: state.run, knobs}));
    if (!created) return null;
    if (mine && state.status === "running" && catalogue.limits.running < 2)
      await this.attempt(() => api.act({run: state.run, do: "pause", n: 1})); // the child need not wait for it
    openFork(this.tab, created);
    return created;
  }

  async estimate(spec, turn) {
    const {api, settings} = this.tab;
    const estimate = await this.attempt(
      () => api.estimate({spec}),
      () => turn === settings.estimateTurn,
    );
    if (estimate) settings.showEstimate(estimate, turn);
  }

  /**
   * Forks the run at `step`, null for now. A dialog opens, unless `rescue` has the knobs to fork with at once.
   * @param {ForkRequest} request
   */
  async fork({step = null, rescue = null, ...rest}) {
    const {forkDialog, playbackBar, state, spec, variant, data, history: runHistory} = this.tab;
    if (!state || playbackBar.fork.disabled) return;
    await forkDialog.open({
      run: state,
      spec,
      variant,
      data,
      history: runHistory,
      step,
      ...rest,
      knobs: rescue ?? rest.knobs,
    });
    if (rescue && !forkDialog.submitButton.disabled) await forkDialog.submit();
  }

  async share() {
    const {address} = this.tab;
    const {origin, pathname} = location;
    return (
      navigator.clipboard?.writeText(`${origin}${pathname}${address || `?run=${this.tab.state.run}`}`).then(
        () => true,
        () => false,
      ) ?? false
    );
  }
}
