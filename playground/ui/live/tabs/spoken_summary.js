// A live region for screen readers: what the run is doing.

import {h, setText} from "../core/dom.js";
import {whole} from "../core/format.js";

const EVERY = 10_000; // ms between two of them at least

/**
 * An element that is read aloud when there is news about the run.
 * @param {TrainTab} tab
 */
export function spokenSummary(tab) {
  const element = h("p", {class: "sr", role: "status", "aria-live": "polite", "data-testid": "summary"});
  setInterval(() => {
    if (tab.state && !document.hidden && !tab.poller.asleep) setText(element, summary(tab));
  }, EVERY);
  return element;
}

function summary({state: {status, step, budget, recorded}, variant, data, panel}) {
  const title = `${variant.title} on ${data.title}`;
  if (recorded) return `Recorded run of ${title}.`;
  return `${title}, ${status}, step ${whole(step)} of ${whole(budget)}. ${panel.inWords()}`;
}
