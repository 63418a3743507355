// Histograms of D's scores of real, held-out and fake samples, and whether D overfits.

import {h, replace, setText, svg, symbol} from "../core/dom.js";
import {short, tick} from "../core/format.js";
import {scaleTicks} from "../canvas/colourbar.js";
import {toUnit, fromUnit} from "../canvas/score_landscape.js";
import {Table} from "../controls/table.js";
import {dotted, places, textWidth} from "./label_placement.js";

const HEIGHT = 196;
const LEFT = 6;
const TOP = 14;
const BOTTOM = 20;
const SERIF_SCALE = 1.15;
const MEMORY_RATIO = 1.5;
// px; of the letters of mathematics; held-out over real that means a memory, as a factor or as a share of the axis
const MEMORY_SHARE = 0.2;
const MIN_SAMPLES = 20;
const STROKE = 12;
// samples below which no shape is drawn and nothing concluded; px of the stroke of one, and of how many a stroke may be
const MAX_STROKES = 6;
const KINDS = ["real", "held", "fake"];
const KIND_TITLES = {real: "real", held: "held-out", fake: "fake"};

/** Whether D overfits: it scores training data differently from held-out data. */
export function memorises({scale, range: [low, high], mean: {real, held}}, rising) {
  const [seen, unseen] = rising ? [real, held] : [held, real];
  return scale === "log" ? unseen > MEMORY_RATIO * seen : unseen - seen > MEMORY_SHARE * (high - low);
}

export class ScoreHistogram {
  constructor() {
    this.what = h("span", {class: "what"});
    this.note = h("span", {class: "note keys"});
    this.picture = svg("svg", {class: "histogram", height: HEIGHT, role: "img", "data-testid": "histogram"});
    this.box = h("div", {class: "plane"}, this.picture);
    this.says = h("p", {class: "note", "data-testid": "memory"});
    this.table = new Table("energies of samples", () => this.numbers());
    this.element = h(
      "figure",
      {
        class: "chart empty",
        "data-which": "histogram",
        "data-word": "histogram",
        role: "group",
        "aria-label": "Chart: energies of samples",
      },
      h("figcaption", {class: "cap"}, this.what, this.table.toggle, this.note),
      this.box,
      this.says,
      this.table.element,
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = Math.floor(width);
        this.draw();
      },
    ).observe(this.box);
  }

  begin() {
    this.snapshot = null;
    this.labelPlaces = {};
    this.element.classList.add("empty");
  }

  get empty() {
    return !this.snapshot;
  }

  showSnapshot(snapshot) {
    this.snapshot = snapshot;
    this.element.classList.remove("empty");
    this.draw();
  }

  /** How many samples of each kind lie from a score on; where none does, it is left out. */
  numbers() {
    const {hist, unit} = this.snapshot ?? {};
    if (!hist) return null;
    const rows = hist.real
      .map((_, i) => [short(fromUnit(hist, i / hist.bins)), ...KINDS.map((kind) => hist[kind][i])])
      .filter((row) => row.slice(1).some(Boolean));
    return {
      head: [`${unit === "energy" ? "energy" : "score"} from`, ...KINDS.map((kind) => KIND_TITLES[kind])],
      rows: rows.map((row) => row.map(String)),
    };
  }

  draw() {
    if (!this.snapshot || !this.width) return;
    const {hist, unit, rising, levels} = this.snapshot;
    const {bins, mean} = hist;
    const width = this.width - 2 * LEFT;
    const low = HEIGHT - BOTTOM;
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, hist[kind].reduce((a, b) => a + b, 0)]));
    const few = KINDS.filter((kind) => counts[kind] < MIN_SAMPLES);
    const many = KINDS.filter((kind) => counts[kind] >= MIN_SAMPLES);
    const shares = Object.fromEntries(KINDS.map((kind) => [kind, hist[kind].map((n) => n / (counts[kind] || 1))]));
    const most = Math.max(...many.flatMap((kind) => shares[kind]), 1e-9);
    const X = (i) => LEFT + (i / bins) * width;
    const Y = (v) => low - (v / most) * (low - TOP);
    const at = (value) => LEFT + Math.min(1, Math.max(0, toUnit(hist, value))) * width;
    const steps = (values) =>
      `M${X(0)} ${low}${values.map((v, i) => `V${Y(v).toFixed(1)}H${X(i + 1).toFixed(1)}`).join("")}V${low}`;
    const {values: all, spacing} = scaleTicks(hist);
    const tickValues = [];
    for (const value of all) if (!tickValues.length || at(value) - at(tickValues.at(-1)) > 34) tickValues.push(value);
    const currentLevels = levels.filter(({past, value}) => !past && toUnit(hist, value) > 0 && toUnit(hist, value) < 1);
    this.picture.setAttribute("width", this.width);
    const bars = many.flatMap((kind) =>
      shares[kind].flatMap((v, i) =>
        v
          ? dotted(
              [
                [X(i + 0.5), Y(v)],
                [X(i + 0.5), low],
              ],
              () => 0.5,
            )
          : [],
      ),
    );
    const meanPins = ["real", "fake"].flatMap((kind) =>
      dotted(
        [
          [at(mean[kind]), 0],
          [at(mean[kind]), low],
        ],
        () => 1,
      ),
    );
    const placesBeside = (x) =>
      [4, 12, 22].flatMap((away) =>
        [12, 30, 48].flatMap((y) => [
          [x + away, TOP + y],
          [x - away, TOP + y, "end"],
        ]),
      );
    const named = places(
      currentLevels.map(({value, symbol: letter}) => ({
        key: letter,
        wide: textWidth(letter) * SERIF_SCALE,
        at: placesBeside(at(value)),
      })),
      [...bars, ...meanPins],
      {left: 0, top: 0, right: this.width, bottom: low},
      this.labelPlaces,
    );
    const rug = (kind) =>
      hist[kind]
        .flatMap((n, i) => (n ? [`M${X(i + 0.5).toFixed(1)} ${low}v${-STROKE * Math.min(n, MAX_STROKES)}`] : []))
        .join("");
    replace(
      this.picture,
      ...many.map((kind) => svg("path", {class: kind, d: `${steps(shares[kind])}${kind === "real" ? "Z" : ""}`})),
      ...few.map((kind) => svg("path", {class: `${kind} rug`, d: rug(kind)})),
      svg("line", {class: "ground", x1: LEFT, x2: LEFT + width, y1: low, y2: low}),
      ...tickValues.flatMap((value) => [
        svg("line", {class: "tick", x1: at(value), x2: at(value), y1: low, y2: low + 4}),
        svg(
          "text",
          {
            x: at(value),
            y: HEIGHT - 3,
            "text-anchor": at(value) > width - 12 ? "end" : at(value) < 20 ? "start" : "middle",
          },
          spacing ? tick(value, spacing) : short(value, 1),
        ),
      ]),
      ...currentLevels.flatMap(({value, symbol: letter}) => [
        svg("line", {class: "level", x1: at(value), x2: at(value), y1: TOP, y2: low}),
        named[letter] && svg("text", {class: "sy", ...named[letter]}, letter),
      ]),
      ...["real", "fake"].flatMap((kind) => [
        svg("line", {class: `pin ${kind}`, x1: at(mean[kind]), x2: at(mean[kind]), y1: 10, y2: low}),
        svg("circle", {class: `pin ${kind}`, cx: at(mean[kind]), cy: 6, r: 3.8}),
      ]),
    );
    replace(this.what, unit === "energy" ? "Energies" : ["Scores, ", symbol(rising ? "L" : "D")]);
    replace(
      this.note,
      ...["real", "fake"].map((kind) => h("span", {}, h("span", {class: `dot ${kind}`}), short(mean[kind], 2))),
    );
    const overfits = memorises(hist, rising);
    const n = few.map((kind) => `${counts[kind]} ${KIND_TITLES[kind]}`).join(", ");
    setText(
      this.says,
      n
        ? `${n}, a stroke each: too few for a shape, and to tell whether D overfits.`
        : overfits
          ? `Held-out data score ${short(mean.held, 2)}, what D was trained on ${short(mean.real, 2)}: D overfits.`
          : "Dotted: held-out data. It lies on real, so D does not overfit.",
    );
    this.table.draw();
    const means = KINDS.map((kind) => `${KIND_TITLES[kind]} ${short(mean[kind])} in the mean`).join(", ");
    const lines = currentLevels.map(({name, value}) => `${name} ${short(value)}`).join(", ");
    this.picture.setAttribute("aria-label", `${unit}: ${means}${lines && `; ${lines}`}.`);
  }
}
