// What a person does with runs from the Play tab: start one, steer the one that is shown, fork it, tell of it. What is refused is said beside its field.

import {Lost} from "./api.js";
import {quartered} from "./fork.js";

export const ACTIVE = ["queued", "running", "paused"];

export class Deeds {
  /** `play`: the tab, for whatever it shows when something is done. */
  constructor(play) {
    this.play = play;
  }

  /** Do it; what is refused stands beside its field, if it is `heard` still. null when it was. */
  async attempt(action, heard = () => true) {
    const {follower, settings} = this.play;
    try {
      return await action();
    } catch (error) {
      if (error instanceof Lost) follower.probe();
      else if (!error.field) throw error;
      else if (heard()) settings.refused(error)?.scrollIntoView({block: "nearest"});
      return null;
    }
  }

  async start() {
    const {api, settings, mine, state} = this.play;
    if (this.starting || !settings.sound()) return;
    this.starting = settings.button.disabled = true;
    const replaced = mine && state && ACTIVE.includes(state.status) ? state.run : null;
    const made = await this.attempt(() => api.start({spec: settings.wanted(), replace: replaced}));
    this.starting = settings.button.disabled = false;
    if (made) this.play.open(made.run);
  }

  /** "toggle", "step" or "stop": of training, or of what is played back. */
  async act(what) {
    const {api, follower, transport, mine, state} = this.play, {run, status, resumable} = state ?? {}, {replay} = follower;
    if (replay && what === "toggle") {
      if (replay.playing) replay.pause();
      else transport.hold(null);
    }
    if (what === "toggle" && transport.past) return transport.replay();
    if (!run || !mine) return;
    if (what === "step") transport.hold(null);
    const todo = what !== "toggle" ? what : ["running", "queued"].includes(status) ? "pause" : status === "paused" || resumable ? "resume" : null;
    const able = {pause: true, resume: true, stop: ACTIVE.includes(status), step: ACTIVE.includes(status) || resumable}[todo];
    if (able && await this.attempt(() => api.act({run, do: todo, n: 1}))) follower.soon(true);
  }

  /** A live knob acts on the run that is shown, if that is what the settings describe. */
  async tune(name, value) {
    const {api, follower, mine, state, spec, settings} = this.play, {run, status} = state ?? {}, {variant, data} = settings.spec;
    if (!run || !mine || spec.variant !== variant || spec.data !== data || !ACTIVE.includes(status)) return;
    if (await this.attempt(() => api.tune({run, knobs: {[name]: value}}))) follower.soon(true);
  }

  /** Several live knobs at once, as was advised: {step}, from which on they act; null when refused. */
  async apply(knobs) {
    const {api, follower, state} = this.play, done = await this.attempt(() => api.tune({run: state.run, knobs}));
    if (done) follower.soon(true);
    return done;
  }

  /** A child with other knobs from now on, as was advised, and to it. */
  async branch(knobs) {
    const {api, state, mine, catalogue} = this.play, made = await this.attempt(() => api.fork({run: state.run, knobs}));
    if (!made) return null;
    if (mine && state.status === "running" && catalogue.limits.running < 2) await this.attempt(() => api.act({run: state.run, do: "pause", n: 1}));      // the child need not wait for it
    this.play.forked(made);
    return made;
  }

  async estimate(spec, turn) {
    const {api, settings} = this.play, found = await this.attempt(() => api.estimate({spec}), () => turn === settings.turn);
    if (found) settings.estimated(found, turn);
  }

  /**
   * Begin another run where this one stood at `step`, null for now. A person is asked, unless `rescue`: then at a quarter of the rates, at once.
   * `alarm`: what went wrong after it; `knobs`, `as`: what is to be changed, values and a variant's id.
   */
  async fork({step = null, rescue = false, ...rest}) {
    const {forking, transport, state, spec, variant, data, history} = this.play;
    if (!state || transport.fork.disabled) return;
    const had = Object.fromEntries(Object.entries(spec.knobs).map(([name, value]) => [name, history.knob(name, value, step ?? Infinity).at(-1)[1]]));
    await forking.open({run: state, spec, variant, data, history, step, ...rest, knobs: rescue ? quartered(had) : rest.knobs});
    if (rescue && !forking.go.disabled) await forking.submit();
  }

  async share() {
    const {address} = this.play, {origin, pathname} = location;
    return navigator.clipboard?.writeText(`${origin}${pathname}${address || `?run=${this.play.state.run}`}`).then(() => true, () => false) ?? false;
  }
}
