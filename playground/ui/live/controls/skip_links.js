// Skip links for keyboard users, and where they lead.

import {h} from "../core/dom.js";

const TITLES = {main: "Skip to training", launch: "Skip to start", knob: "Skip to knobs"};

/**
 * Places in the tab Play: "main" trains what is shown (the banner's button, else "play", else the start of a new run),
 * "launch" starts a new run, "knob" is the first.
 * @param {import("../tabs/train_tab.js").TrainTab} play
 * @param {string} target "main", "launch" or "knob"
 */
export function goTo(play, target) {
  const {
    banner,
    playbackBar,
    settings: {startButton, knobPanel},
  } = play;
  const isUsable = (button) => button?.checkVisibility() && !button.disabled;
  const element = {
    main: () => [banner.element.querySelector("button"), playbackBar.play].find(isUsable) ?? startButton.button,
    launch: () => startButton.button,
    knob: () => knobPanel.basic.querySelector("input, select"),
  }[target]();
  element.focus();
}

/** The links; `play()` is the tab Play, `content()` what another tab shows. */
export function skipLinks(play, content) {
  const link = (text, onclick) => h("button", {type: "button", onclick}, text);
  const playLinks = Object.entries(TITLES).map(([target, title]) => link(title, () => goTo(play(), target)));
  const contentLink = link("Skip to content", () => content().focus());
  const element = h("nav", {class: "skips", "aria-label": "Skip"}, ...playLinks, contentLink);
  return {
    element,
    /** For the tab that is shown. */ showFor: (tab) => {
      for (const skip of playLinks) skip.hidden = tab !== "play";
      contentLink.hidden = tab === "play";
    },
  };
}
