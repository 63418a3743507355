// The run's rate, training time and remaining time.

import {h, setText} from "../../core/dom.js";
import {duration, formatRate, whole} from "../../core/format.js";

export class RunClock {
  constructor() {
    this.rate = h("b", {"data-testid": "rate"});
    this.images = h("span", {class: "x", "data-testid": "images"});
    this.elapsed = h("span", {class: "x", "data-testid": "elapsed"});
    this.left = h("span", {"data-testid": "left"});
    this.element = h(
      "div",
      {class: "clock"},
      h("div", {}, this.rate, this.images),
      h("div", {}, this.elapsed, this.left),
    );
  }

  /** Draws an update; without a recent rate, the mean over all steps. */
  draw({status, rate: recentRate, images, elapsed, eta, recorded, step}) {
    const rate = recentRate || (elapsed && step / elapsed);
    const running = status === "running" && !recorded;
    setText(
      this.rate,
      running
        ? rate
          ? `${formatRate(rate)} steps/s`
          : "starting"
        : recorded
          ? "recorded"
          : status === "queued"
            ? "waiting"
            : status,
    );
    setText(this.images, running && images ? ` · ${whole(images)} samples/s` : "");
    const hasEstimate = running && eta != null;
    setText(this.elapsed, hasEstimate ? `${duration(elapsed)} · ` : "");
    setText(this.left, hasEstimate ? `${duration(eta)} left` : step ? `${duration(elapsed)} trained` : "");
  }
}
