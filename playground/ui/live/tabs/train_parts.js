// Builds the parts of the Play tab and connects them.

import {AdvicePanel} from "../charts/advice_panel.js";
import {StatusBanner} from "../run/status_banner.js";
import {h} from "../core/dom.js";
import {Poller} from "../run/poller.js";
import {ForkDialog, openFork} from "../run/fork_dialog.js";
import {listenForKeys} from "../controls/keys.js";
import {MetricsPanel} from "../charts/metrics_panel.js";
import {SampleView} from "../canvas/sample_view.js";
import {SettingsPanel} from "../setup/settings_panel.js";
import {goTo} from "../controls/skip_links.js";
import {StepPlayer} from "../inspector/step_player.js";
import {InterpolationStrip} from "../latents/views/interpolation_strip.js";
import {Surface3D} from "../canvas/surface_3d.js";
import {PlaybackBar} from "../run/timeline/playback_bar.js";
import {chooseAddress, twinAddress, variantsAddress} from "../compare_setup/ways_in.js";
import {CriticInspector} from "../inspector/critic_inspector.js";

/**
 * Builds the parts of `tab`; their callbacks use the tab's fields later.
 * @param {TrainTab} tab
 * @param {Api} api
 * @param {Catalogue} catalogue
 */
export function buildParts(tab, api, catalogue) {
  const {actions} = tab;
  const surface = new Surface3D(catalogue.plotly);
  const slow = new StepPlayer(api);
  const picture = buildPicture(tab, surface);
  return {
    surface,
    slow,
    picture,
    settings: buildSettings(tab, api, catalogue),
    xray: new CriticInspector(api),
    banner: buildBanner(tab),
    playbackBar: buildTransport(tab, slow),
    forkDialog: new ForkDialog(api, catalogue, (made) => openFork(tab, made)),
    strip: new InterpolationStrip(api, (path) => picture.setPath(path)),
    panel: new MetricsPanel(
      new AdvicePanel({tune: (knobs) => actions.apply(knobs), fork: (knobs) => actions.branch(knobs)}),
    ),
    poller: new Poller(api, tab.history, {
      begin: (update) => tab.begin(update),
      update: (update) => tab.update(update),
      lost: (lost) => tab.lost(lost),
      gone: (run, why) => tab.gone(run, why),
    }),
  };
}

/**
 * @param {TrainTab} tab
 * @param {Api} api
 * @param {Catalogue} catalogue
 */
function buildSettings(tab, api, catalogue) {
  const {actions} = tab;
  return new SettingsPanel(api, catalogue, {
    started: (replace) => actions.start(replace),
    apart: () => tab.updateStart(),
    back: () => tab.shownSettings.restore(),
    tuned: (name, value) => actions.tune(name, value),
    estimate: (spec, turn) => actions.estimate(spec, turn),
    race: (variants, spec) => tab.go(variantsAddress(catalogue, variants, spec)),
    twin: (spec) => tab.go(twinAddress(catalogue, spec)),
  });
}

/**
 * @param {TrainTab} tab
 * @param {Surface3D} surface
 */
function buildPicture(tab, surface) {
  const {history} = tab;
  return new SampleView(
    (step) => {
      history.dropFrame(step);
      tab.showFrame();
    },
    {
      snapshotGone: (step) => {
        history.dropSnapshot(step);
        tab.showFrame();
      },
      onSnapshot: (snapshot) => {
        tab.panel.showSnapshot(snapshot);
        tab.xray.showSnapshot(snapshot);
      },
      surface,
    },
  );
}

/**
 * @param {TrainTab} tab
 */
function buildBanner(tab) {
  const {actions} = tab;
  return new StatusBanner({
    start: () => actions.start(),
    like: () => {
      tab.shownSettings.restore();
      actions.start();
    },
    extend: () => tab.extend(tab.state, () => tab.poller.pollNow(true)),
    resume: () => {
      tab.shownSettings.restore();
      actions.act("toggle");
    },
    fork: (request) => actions.fork(request),
    go: (address) => tab.go(address),
    open: (run) => tab.open(run),
  });
}

/**
 * @param {TrainTab} tab
 * @param {StepPlayer} slow
 */
function buildTransport(tab, slow) {
  const {actions} = tab;
  return new PlaybackBar({
    act: (what) => actions.act(what),
    scrub: (step) => tab.scrub(step),
    slow: () => slow.open(tab.state.run, tab.variant, tab.data.kind, tab.playbackBar.heldStep),
    fork: (request) => actions.fork(request),
    share: () => actions.share(),
    compare: () => tab.go(chooseAddress(tab.state.run)),
    saveModel: () => tab.saveModel(tab.state.run, tab.state.name, `${tab.variant.title} on ${tab.data.title}`),
  });
}

/** Settings at the left, the picture in the middle, readings at the right. */
export function layOut({banner, settings, picture, xray, strip, panel}) {
  const centre = h("section", {class: "centre", "aria-label": "Picture"}, picture.element, xray.element, strip.element);
  return h("div", {class: "page"}, banner.element, settings.element, centre, panel.element);
}

/**
 * Keys act while the tab is in view.
 * @param {TrainTab} tab
 */
export function listenToKeys(tab) {
  const {actions, playbackBar, poller} = tab;
  listenForKeys(
    {
      " ": () => actions.act("toggle"),
      ".": () => actions.act("step"),
      "[": () => playbackBar.nudge(-1),
      "]": () => playbackBar.nudge(1),
      f: () => actions.fork({step: playbackBar.heldStep}),
      s: () => goTo(tab, "launch"),
      k: () => goTo(tab, "knob"),
    },
    () => !poller.asleep,
  );
}
