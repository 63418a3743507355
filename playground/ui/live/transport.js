// The bar at the bottom: play, pause, step, stop, the run's timeline, its pace, and what can be taken away.

import {h, icon, replace, symbol} from "./dom.js";
import {duration, plain, whole} from "./format.js";

const PLAY = "f:M8 5v14l11-7z", PAUSE = "f:M7 5h3.2v14H7zM13.8 5H17v14h-3.2z";
const STEP = ["f:M6 5l9 7-9 7z", "M18 5v14"], STOP = "f:M6.5 6.5h11v11h-11z";
const DOWN = ["M12 4v11m-5-5 5 5 5-5", "M5 20h14"];
const EXPORTS = [["samples.png", "Samples, PNG"], ["metrics.csv", "Metrics, CSV"], ["charts.html", "Charts, HTML"], ["weights.safetensors", "Weights, safetensors"]];

export class Transport {
  /** `act(what)`: "toggle", "step" or "stop"; `scrub(step)`: show that frame, null for the newest. */
  constructor({act, scrub, share}) {
    Object.assign(this, {act, scrub});
    this.play = h("button", {type: "button", class: "icon play", onclick: () => act("toggle")});
    this.next = h("button", {type: "button", class: "icon", "aria-label": "One step", title: "One step ( . )", onclick: () => act("step")}, icon(...STEP));
    this.stop = h("button", {type: "button", class: "icon", "aria-label": "Stop", title: "Stop", onclick: () => act("stop")}, icon(STOP));
    this.range = h("input", {type: "range", class: "time", min: 0, max: 1, step: 1, value: 0, "aria-label": "Timeline", oninput: () => this.scrubbed(Number(this.range.value))});
    this.marks = h("div", {class: "marks", "aria-hidden": "true"});
    this.ends = h("div", {class: "ends"}, h("span", {}, "0"), h("span", {class: "at", "data-testid": "step"}), h("span"));
    this.live = h("button", {type: "button", class: "pill", "aria-pressed": "true", onclick: () => this.scrubbed(null)}, "Live");
    this.rate = h("b", {"data-testid": "rate"});
    this.left = h("span", {"data-testid": "left"});
    this.menu = h("details", {class: "menu-up"}, h("summary", {class: "ghost", "aria-label": "Export"}, h("span", {}, "Export"), icon(DOWN[0], DOWN[1])), h("div", {class: "sheet"}));
    this.share = h("button", {type: "button", class: "ghost share", onclick: async () => {
      replace(this.share, await share() ? "Link copied" : "Copy failed");
      setTimeout(() => replace(this.share, "Share"), 1600);
    }}, "Share");
    this.element = h("div", {class: "bar", role: "group", "aria-label": "Transport"},
      h("div", {class: "btns"}, this.play, this.next, this.stop),
      h("div", {class: "line"}, this.marks, this.range, this.ends),
      h("div", {class: "meta"}, this.live, h("span", {class: "clock"}, this.rate, h("br"), this.left), this.menu, this.share));
    document.addEventListener("click", (event) => { if (!this.menu.contains(event.target)) this.menu.open = false; });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.menu.open = false; });
  }

  scrubbed(step) {
    this.held = step;
    this.live.setAttribute("aria-pressed", String(step == null));
    this.scrub(step);
  }

  /** Back or on by one stored frame. */
  nudge(by, frames) {
    if (!frames.length) return;
    const now = this.held ?? frames.at(-1), at = frames.findLastIndex((f) => f <= now);
    const to = Math.max(0, at + by);
    this.scrubbed(to >= frames.length ? null : frames[to]);
  }

  begin(run, recorded) {
    this.run = run;
    this.held = null;
    this.live.setAttribute("aria-pressed", "true");
    this.share.hidden = recorded;
    replace(this.menu.lastChild, ...EXPORTS.filter(([file]) => !recorded || file !== "weights.safetensors").map(([file, title]) => h("a", {href: `/play/runs/${run}/${file}`, download: true}, title)));
  }

  draw(state, history, variant, kind) {
    const {status, step, budget} = state, running = status === "running" || status === "queued", active = running || status === "paused";
    const label = running ? "Pause" : active ? "Go on" : state.resumable ? "Resume" : "Play";
    if (this.label !== label) {
      this.label = label;
      replace(this.play, icon(running ? PAUSE : PLAY));
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
    }
    this.play.disabled = !active && !state.resumable;
    this.next.disabled = !active && !state.resumable;
    this.stop.disabled = !active;
    this.live.classList.toggle("still", status !== "running" && !state.recorded);
    const word = state.recorded ? "Recorded" : status === "running" ? "Live" : "Newest";
    if (this.live.textContent !== word) replace(this.live, word);
    this.range.max = budget;
    const at = this.held ?? step;
    this.range.value = at;
    this.range.style.setProperty("--done", `${step / budget * 100}%`);
    this.range.setAttribute("aria-valuetext", `step ${whole(at)} of ${whole(budget)}`);
    replace(this.ends.children[1], whole(at)).style.left = `${Math.min(96, Math.max(4, at / budget * 100))}%`;
    replace(this.ends.children[2], whole(budget));
    this.ends.children[0].style.visibility = at / budget < 0.06 ? "hidden" : "";
    this.ends.children[2].style.visibility = at / budget > 0.9 ? "hidden" : "";
    if (this.drawnMarks !== `${this.run}${history.marks.length}${budget}`) this.drawMarks(history, variant, kind, budget);
    replace(this.rate, status === "running" ? `${plain(state.rate < 10 ? Number(state.rate.toFixed(1)) : Math.round(state.rate))} steps/s` : state.recorded ? "recorded" : status,
      status === "running" ? h("span", {class: "x"}, ` · ${whole(state.images)} img/s`) : "");
    replace(this.left, status === "running" && state.eta != null ? `${duration(state.elapsed)}, ${duration(state.eta)} left` : `${duration(state.elapsed)} trained`);
  }

  drawMarks(history, variant, kind, budget) {
    this.drawnMarks = `${this.run}${history.marks.length}${budget}`;
    replace(this.marks, ...history.marks.map((mark, i) => {
      const knob = variant.knobs[kind].find((k) => k.name === mark.knob), last = i === history.marks.length - 1, far = mark.step / budget;
      return h("span", {class: `tune${far < 0.15 ? " right" : ""}`, style: `left:${far * 100}%`, "data-testid": "tune-mark"},
        last ? h("span", {class: "tuned"}, knob?.symbol ? symbol(knob.symbol) : mark.knob.replaceAll("_", " "), ` ${plain(mark.from)} → ${plain(mark.to)}`) : null);
    }));
  }
}
