// Texts about the large picture: heading, content, landscape.

import {rangeInWords} from "./colourbar.js";
import {h, replace, setText} from "../core/dom.js";
import {short} from "../core/format.js";
import {shareBelow, toUnit} from "./score_landscape.js";
import {VIEW} from "./plane_canvas.js";

const MAX_ROWS = 16; // of a frame where each row is a class

/** How many points of a frame lie outside the view. */
function outsideView(frame) {
  let n = 0;
  for (let i = 0; i < frame.length; i += 2) if (!(Math.abs(frame[i]) <= VIEW && Math.abs(frame[i + 1]) <= VIEW)) n++;
  return n ? `, ${2 * n === frame.length ? "all" : n} of them outside the view` : "";
}

export const describePoints = (realMissing, frame) =>
  `${realMissing ? "the held-out points could not be fetched" : "1,000 held-out points"}, 512 of ` +
  `G's${frame ? outsideView(frame) : ""}`;

/**
 * `sheetSnapshot`: the snapshot of D whose scores are shown as bars under the samples, null without them; `names` of
 * what each row `are`s, the first of all, [] where rows mean nothing.
 */
export function describeSheet(size, sheetSnapshot, {names, are}) {
  const bars =
    sheetSnapshot &&
    (sheetSnapshot.unit === "energy" ? "energy, short and dark is low" : "score, short and dark is real");
  const rows = names.length ? `; a row for each ${are}: ${names.slice(0, MAX_ROWS).join(", ")}` : "";
  return `${size} × ${size}, shown enlarged${rows}${bars ? `; bar: ${bars}` : ""}`;
}

/** The samples' scores as shares of the histogram's axis, dark where D takes them for real. */
export const scoreBars = ({under, rising, hist}) =>
  under.map((value) => Math.min(1, Math.max(0, rising ? toUnit(hist, value) : 1 - toUnit(hist, value))));

/**
 * The landscape beneath the points of `frame`, in words.
 * @param {Landscape | null} landscape
 * @param {Float32Array} frame
 * @returns {string}
 */
export function landscapeInWords(landscape, frame) {
  if (!landscape) return "";
  const below = shareBelow(landscape, frame);
  const share = below
    ? `; ${Math.round(100 * below.share)}% of the fakes lie under ${short(below.level.value)}, the ${below.level.name}`
    : "";
  return `. ${landscape.snapshot.unit} from ${rangeInWords(landscape.snapshot)}${share}`;
}

export class SampleHeading {
  constructor() {
    this.run = h("span", {class: "named", "data-testid": "run-name"});
    this.title = h("span", {class: "what"});
    this.element = h("h2", {}, this.run, " ", this.title);
    this.explanation = h("p");
  }

  /** Sets the run's name. */
  name(text) {
    setText(this.run, text);
  }

  /**
   * Writes the heading of points or a sheet. `snapshot`: the landscape beneath the points, null without one;
   * `rows`: as for `describeSheet`.
   */
  draw(points, snapshot, {names, are}) {
    const sheet = !names.length ? "samples" : are === "code" ? "codes" : "rows";
    const kind = !points ? sheet : !snapshot ? "points" : snapshot.unit === "energy" ? "energies" : "scores";
    if (this.kind === kind) return;
    this.kind = kind;
    const D = h("i", {}, "D");
    const G = h("i", {}, "G");
    const z = h("i", {}, "z");
    const [title, explanation] = {
      samples: ["Samples", ["The same 64 ", z, " at every step, so that you can watch one picture change."]],
      rows: ["Samples by class", ["The same ", z, " at every step, asked to be of another class in each row."]],
      codes: ["Samples by code", ["The same ", z, " at every step, with another code in each row."]],
      points: ["Samples in the plane", ["Filled is real, hollow is what ", G, " makes of noise. Watch them meet."]],
      energies: [
        "Energy landscape",
        ["Blue valleys are where ", D, " thinks data lives. ", G, " moves its samples to lower energy."],
      ],
      scores: [
        "The critic's landscape",
        ["Blue is where ", D, " says real. ", G, " moves its samples there, along the arrows."],
      ],
    }[kind];
    setText(this.title, title);
    replace(this.explanation, ...explanation);
  }
}
