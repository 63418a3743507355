// From one latent to another: what G makes of the points between. Only of a run that is not training.

import {h, replace, uid} from "./dom.js";
import {number, short} from "./format.js";

const N = 9;

export class Strip {
  constructor(api, root) {
    Object.assign(this, {api, root});
    const dice = (field) => h("button", {type: "button", class: "link", onclick: () => { field.value = Math.floor(Math.random() * 1e6); this.ask(); }}, "another");
    this.a = h("input", {type: "text", inputmode: "numeric", class: "num", value: "1", "aria-label": "Seed of the first latent", onchange: () => this.ask()});
    this.b = h("input", {type: "text", inputmode: "numeric", class: "num", value: "2", "aria-label": "Seed of the last latent", onchange: () => this.ask()});
    const id = uid("way");
    this.mode = h("select", {id, onchange: () => this.ask()}, h("option", {value: "auto"}, "as the prior asks"), h("option", {value: "slerp"}, "slerp"), h("option", {value: "lerp"}, "lerp"));
    this.picture = h("div", {class: "way"});
    this.note = h("p", {class: "note", role: "status"});
    this.element = h("section", {class: "strip", hidden: true, "aria-label": "Between two latents"},
      h("div", {class: "cap"}, h("h2", {}, "Between two latents"),
        h("span", {class: "ways"}, h("span", {}, "from ", this.a, dice(this.a)), h("span", {}, "to ", this.b, dice(this.b)), h("label", {class: "sr", for: id}, "Way"), this.mode)),
      this.picture, this.note);
  }

  /** `run` null hides it. A run that trained on is asked again. */
  for(run, step) {
    const key = run && `${run} ${step}`;
    if (this.key === key) return;
    this.key = key;
    this.run = run;
    this.element.hidden = !run;
    if (run) this.ask();
  }

  async ask() {
    const run = this.run, a = number(this.a.value) ?? this.a.value, b = number(this.b.value) ?? this.b.value;
    try {
      const made = await this.api.strip({run, a, b, mode: this.mode.value, n: N});
      if (run !== this.run) return;
      this.draw(made);
    } catch (error) {
      if (error.field === "run") this.element.hidden = true;
      else replace(this.note, error.message);
    }
  }

  draw(made) {
    const norms = made.norms.map((v) => short(v)).join("  ");
    replace(this.note, `${made.mode}; |z| along the way: ${norms}`);
    if (made.image) replace(this.picture, h("img", {src: made.image, alt: `${made.n} samples between the two latents`}));
    else replace(this.picture, this.path(made.points));
  }

  /** On points: where G puts the line between two latents. */
  path(points) {
    const NS = "http://www.w3.org/2000/svg", svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "-3 -3 6 6");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `The ${points.length} samples between the two latents in the plane`);
    const add = (tag, attributes) => {
      const made = document.createElementNS(NS, tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      svg.append(made);
    };
    add("rect", {x: -3, y: -3, width: 6, height: 6, class: "ground"});
    add("polyline", {points: points.map(([x, y]) => `${x},${-y}`).join(" "), class: "thread"});
    for (const [x, y] of points) add("circle", {cx: x, cy: -y, r: 0.09, class: "bead"});
    return svg;
  }
}
