// The Play tab: puts the parts together and shows one run, which lives on the server.

import {ACTIVE, Actions} from "../run/actions.js";
import {h} from "../core/dom.js";
import {spokenSummary} from "./spoken_summary.js";
import {RunHistory} from "../core/run_history.js";
import {outlineScalar} from "../run/timeline/timeline.js";
import {ShownSettings} from "./shown_settings.js";
import {buildParts, layOut, listenToKeys} from "./train_parts.js";

const LAST_RUN_KEY = "gan-playground.run";

export class TrainTab {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {any} handlers setTitle(text), go(address), saveModel(run, name, title), extend(run, extended)
   */
  constructor(api, catalogue, {setTitle, go, saveModel, extend}) {
    this.api = api;
    this.catalogue = catalogue;
    this.setTitle = setTitle;
    this.saveModel = saveModel;
    this.extend = extend;
    this.go = go;
    this.history = new RunHistory();
    this.state = null;
    this.requestedRun = null;
    this.mine = false;
    this.actions = new Actions(this);
    const parts = buildParts(this, api, catalogue);
    this.settings = parts.settings;
    this.xray = parts.xray;
    this.surface = parts.surface;
    this.picture = parts.picture;
    this.forkDialog = parts.forkDialog;
    this.banner = parts.banner;
    this.shownSettings = new ShownSettings(this);
    this.strip = parts.strip;
    this.panel = parts.panel;
    this.playbackBar = parts.playbackBar;
    this.poller = parts.poller;
    this.page = layOut(parts);
    const dialogs = [this.forkDialog, parts.slow, this.surface].map(({element}) => element);
    this.element = h("div", {class: "stage"}, this.page, this.playbackBar.element, spokenSummary(this), ...dialogs);
    listenToKeys(this);
  }

  /** The address of what is shown. */
  get address() {
    return this.requestedRun ? `?run=${this.requestedRun}` : "";
  }

  /** Shows the requested run, else this browser's last one, else the recorded one. */
  show(requestedRun, address) {
    const run = requestedRun ?? localStorage.getItem(LAST_RUN_KEY) ?? this.catalogue.recorded;
    this.requestedRun = requestedRun;
    this.poller.wake();
    this.shownSettings.read(address);
    if (!run || run !== this.poller.run) this.follow(run);
    if (this.state || !run) this.shownSettings.applyPending();
    this.updateTitle();
    if (!run) this.banner.showMessage("said", "Nothing runs yet. Start a new run, at the left.");
  }

  /** Stops polling while out of view. */
  hide() {
    this.poller.sleep();
  }

  /** The theme changed. */
  restyle() {
    this.picture.draw();
    this.panel.restyle();
    this.xray.restyle();
    this.surface.restyle();
  }

  follow(run) {
    this.state = null;
    this.poller.follow(run);
  }

  /** There is no such run (any more), or it cannot be shown. */
  gone(run, why = "") {
    const {requestedRun} = this;
    const {recorded} = this.catalogue;
    if (localStorage.getItem(LAST_RUN_KEY) === run) localStorage.removeItem(LAST_RUN_KEY);
    this.requestedRun = null;
    if (requestedRun) history.replaceState(null, "", location.pathname);
    this.banner.notice = why || (requestedRun ? "There is no run of that address here. " : "");
    this.follow(run === recorded ? null : recorded);
    if (this.banner.notice && (!recorded || run === recorded)) this.banner.showMessage("said", this.banner.notice);
  }

  /** The first update of a run, or of its new beginning. */
  begin(update) {
    const {spec, recorded, run, epoch, mine} = update;
    const variant = this.catalogue.variants.find((v) => v.id === spec.variant);
    const data = this.catalogue.data.find((d) => d.id === spec.data);
    this.marksApplied = 0;
    this.mine = !recorded && mine;
    this.xray.begin(run);
    // it went back to a checkpoint: the same run, the same page
    if (this.state?.run === run) return this.picture.restart(epoch);
    this.spec = {...spec, modes: data.modes};
    this.variant = variant;
    this.data = data;
    if (!recorded) {
      this.settings.shownRun = null;
      this.shownSettings.restore(spec.knobs);
      if (this.mine) localStorage.setItem(LAST_RUN_KEY, run);
    }
    const declared = variant.knobs[data.kind];
    this.picture.begin(run, epoch, variant, data, spec, update.real);
    this.panel.begin(variant, data, this.spec, this.history, this.catalogue);
    this.playbackBar.begin(run, Boolean(recorded), declared, outlineScalar(variant.scalars), data.kind);
    this.element.classList.toggle("recorded", Boolean(recorded));
    this.settings.setWatching(!recorded && !this.mine);
    this.shownSettings.applyPending();
  }

  /** Sets the settings of a model. */
  like(card) {
    this.shownSettings.like(card);
  }

  updateTitle() {
    if (this.state) this.setTitle(this.runTitle);
  }

  /** The title of the run. */
  get runTitle() {
    return this.state.name || `${this.variant.title} on ${this.data.title}`;
  }

  /** Updates what can be started and resumed. */
  updateStart() {
    const {state, mine, settings} = this;
    const isActive = mine && ACTIVE.includes(state?.status);
    settings.startButton.update(isActive ? state.status : "", settings.apart && mine);
    this.playbackBar.setApart(settings.apart && mine);
    if (state) this.showFrame();
    if (state && !this.isLost) this.updateBanner();
  }

  /** Handles every update, once the history has it. */
  update(update) {
    const previous = this.state;
    const budgetGrew = previous?.run === update.run && previous.budget !== update.budget && !this.settings.apart;
    this.state = update;
    if (budgetGrew) this.settings.budget.value = update.budget; // it trains on: what is set stays what is shown
    const {status, recorded, run, step} = update;
    const isActive = this.mine && ACTIVE.includes(status);
    if (!recorded)
      for (const mark of this.history.marks.slice(this.marksApplied))
        if (!this.actions.isOutdated(mark)) this.settings.applyTune(mark);
    this.marksApplied = this.history.marks.length;
    this.settings.setShownRun(
      recorded ? null : {...this.spec, steps: update.budget, knobs: this.shownSettings.knobs(), live: isActive},
    );
    this.updateStart();
    this.panel.scheduleDraw();
    this.panel.advisor.draw(update.advice, {tune: isActive, fork: !recorded && !this.playbackBar.fork.disabled});
    this.picture.setRunName(this.runTitle);
    this.updateTitle();
    this.picture.setPlaceholder(
      status === "queued"
        ? "Waiting for a worker"
        : status === "running"
          ? "Building the networks"
          : "No picture was made",
    );
    this.strip.showRun(!recorded && !["queued", "running"].includes(status) && step > 0 ? run : null, step);
  }

  updateBanner() {
    const {settings, spec, state, variant, data, history} = this;
    const set = settings.spec.variant === spec.variant && settings.spec.data === spec.data;
    this.banner.draw({...state, set}, variant.title, data.title, history.alarms);
  }

  lost(lost) {
    if ((this.isLost ?? false) === lost) return;
    this.isLost = lost;
    this.element.classList.toggle("lost", Boolean(lost));
    const trains =
      ["queued", "running"].includes(this.state?.status) && !this.state.recorded
        ? " Training goes on without this page."
        : "";
    if (lost)
      this.banner.showMessage(
        "away",
        `${lost === "busy" ? "The server is busy, asking again soon" : "Connection lost, retrying"}.${trains}`,
      );
    else this.banner.key = null;
    if (!lost && this.state) this.updateBanner();
  }

  /** Shows the newest stored frame at or before the timeline's step. */
  showFrame() {
    const {heldStep: held} = this.playbackBar;
    this.picture.show(...this.history.frameAndSnapshot(this.data?.kind, held ?? Infinity));
    this.picture.setStill(
      held != null || (!["running", "queued"].includes(this.state?.status) && !this.poller.recording?.playing),
    );
    if (this.state) this.playbackBar.draw(this.state, this.history);
  }

  scrub(step) {
    const {recording} = this.poller;
    if (recording && step != null) recording.seek(step);
    else if (recording && step == null) recording.play();
    this.panel.holdAt(step);
    this.xray.holdAt(step);
    this.showFrame();
  }

  start() {
    return this.actions.start();
  }

  /** Opens a run that was just started, or is linked here. */
  open(run) {
    this.banner.notice = "";
    this.requestedRun = run;
    history.pushState(null, "", this.address);
    this.follow(run);
    this.page.scrollTo({top: 0});
  }
}
