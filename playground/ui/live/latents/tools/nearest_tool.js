// The training samples nearest to a sample: whether it is a copy.

import {h, replace} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {NumberField} from "../fields.js";
import {drawGround} from "../views/pad_background.js";
import {LatestOnly} from "../latest_only.js";
import {Slot} from "../slot.js";
import {drawSampleTile} from "../views/sample_tile.js";
import {Tool} from "../tool.js";

const SPACES = {pixels: "As they are", code: "As D sees them"};
const SIDE = 128;
const PLANE = 420;
const WORDS = [
  [0.35, "far nearer than held-out samples are"],
  [0.75, "nearer than held-out samples usually are"],
  [1.35, "about as near as a held-out sample is to its own nearest"],
  [2, "farther than held-out samples usually are"],
  [Infinity, "far from all that G learned from"],
];

/** A distance ratio in words. A point may lie beside another by chance, a picture hardly. */
export const inWords = (ratio, points) =>
  WORDS.find(([most]) => ratio < most)[1] +
  (ratio >= WORDS[0][0] ? "" : points ? ", as a point may be by chance" : ": it looks like a copy");

export class NearestTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "near",
      "The training samples that one of G’s is most like. How near is near? A held-out sample, which G never saw, " +
        "has its own nearest: that distance is 1.",
    );
    const ask = () => this.ask();
    this.place = new Slot(workbench, "sample", 1, ask);
    this.k = new NumberField("How many", {low: 1, high: 8, step: 1, value: 4}, ask);
    this.slots = [this.place];
    this.fields = {place: this.place, k: this.k};
    this.controls.append(this.place.element, this.k.element);
    this.rows = Object.entries(SPACES).map(([space, title]) => {
      const list = h("div", {class: "likes"});
      const says = h("p", {class: "note"});
      const canvas = h("canvas", {role: "img"});
      return {
        space,
        title,
        list,
        says,
        canvas,
        element: h(
          "section",
          {class: "likeness", "aria-label": title},
          h("h2", {}, title),
          says,
          workbench.points ? canvas : list,
        ),
      };
    });
    this.stage.append(h("div", {class: workbench.points ? "pair" : ""}, ...this.rows.map(({element}) => element)));
    this.latest = new LatestOnly(
      (message) => this.fetchNeighbours(message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    const place = this.place.place;
    const k = this.k.value;
    this.showNote("Looking through all that it learned from");
    this.latest.request({place, k});
  }

  /** The neighbours, and the sample itself. */
  async fetchNeighbours({place, k}) {
    const neighbours = await this.workbench.askLong("nearest", {place, k});
    return {...neighbours, own: await this.workbench.sampleOf(place)};
  }

  showAnswer(answer) {
    this.answer = answer;
    for (const {space, says, list, title} of this.rows) {
      const {ratio, distances} = answer[space];
      replace(says, h("b", {}, short(ratio, 2)), `, ${inWords(ratio, this.workbench.points)}`);
      if (this.workbench.points) continue;
      const sampleFigure = (from, i, words, label) => {
        const canvas = h("canvas", {role: "img", "aria-label": label, title: label});
        drawSampleTile(canvas, from, i, SIDE);
        return h("figure", {}, canvas, h("figcaption", {class: "note"}, words));
      };
      replace(
        list,
        sampleFigure(answer.own, 0, "G’s", "The sample"),
        ...distances.map((distance, i) =>
          sampleFigure(answer[space], i, short(distance), `${title}, ${i + 1}: distance ${short(distance)}`),
        ),
      );
      list.firstChild.classList.add("whose");
    }
    this.showNote(
      this.workbench.points
        ? this.rows
            .map(
              ({space, title}) =>
                `${title}: at ${answer[space].distances.map((distance) => short(distance)).join(", ")}`,
            )
            .join("; ")
        : "Beneath each its distance.",
    );
    this.draw();
  }

  draw() {
    const {answer, workbench} = this;
    if (!answer || !workbench.points) return;
    for (const {space, canvas, title} of this.rows) {
      const {points, distances} = answer[space];
      const at = answer.own.points[0];
      drawGround(canvas, Math.min(PLANE, canvas.parentNode.clientWidth), {
        real: workbench.real,
        links: points.map((point) => [at, point]),
        marks: [...points.map((point) => ({at: point, kind: "real"})), {at, kind: "fake", name: "G’s"}],
      });
      canvas.setAttribute(
        "aria-label",
        `${title}: nearest at distances ${distances.map((distance) => short(distance)).join(", ")}`,
      );
    }
  }
}
