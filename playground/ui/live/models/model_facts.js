// A model's facts, quality and knobs.

import {h, replace} from "../core/dom.js";
import {bytes, twoDigits, plain, short, whole, meanAndDeviation} from "../core/format.js";
import {title} from "../charts/metric_groups.js";
import {knobLabel} from "../controls/hint.js";

const LEGACY = "sample/real"; // of models from before there were floors
/** @type {Intl.DateTimeFormatOptions} */
const DAY = {day: "numeric", month: "long", year: "numeric"};

const format = (v) => (v == null ? "" : Number.isInteger(v) ? whole(v) : v < 1 ? twoDigits(v) : short(v));

/** The facts as a list, without unknown ones. */
export function modelFacts(card, names) {
  const {data, dims, size, z_dim: z, prior, options, step, seed, trained, licence, versions, bytes: fileSize} = card;
  const {points: _points, set: _set, ...rest} = options;
  const rows = {
    Data: names.data[data]?.title ?? data,
    Licence: licence || "nobody said",
    Options: Object.entries(rest)
      .filter(([, value]) => value)
      .map(([name, value]) => `${name} ${plain(value)}`)
      .join(", "),
    Makes: dims.length === 1 ? "points in the plane" : `${size} × ${size} pixels, ${dims[0] === 1 ? "grey" : "colour"}`,
    Latents: `${z} numbers, ${prior}`,
    Steps: whole(step),
    Seed: String(seed),
    Trained: trained && new Date(`${trained}T12:00`).toLocaleDateString("en-GB", DAY),
    "Made with": Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    File: bytes(fileSize),
  };
  return h(
    "dl",
    {class: "facts", "data-testid": "facts"},
    ...Object.entries(rows)
      .filter(([, value]) => value)
      .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

/** A sentence about how it was measured. */
function source({n, extractor}, floors) {
  const through = extractor ? `, in the features of the classifier ${extractor}` : "";
  const real = floors ? " Real: the best possible, other real data measured alike (mean ± deviation over draws)." : "";
  return `Of ${whole(n)} samples against what was held out${through}.${real}`;
}

/** Fills `box` with a table of the measures. */
export function drawQuality(box, {quality: found, measured}, measures) {
  const names = Object.keys(found)
    .filter((name) => name !== LEGACY)
    .sort((a, b) => order(a, measures) - order(b, measures));
  box.hidden = !names.length;
  const floors = names.some((name) => found[name].floor != null);
  const row = (name) =>
    h(
      "tr",
      {title: measures[name]?.help ?? ""},
      h("th", {scope: "row"}, title({kind: name.split("/")[0], names: [name], measured: true}).text),
      h("td", {}, format(found[name].value)),
      floors &&
        h(
          "td",
          {},
          found[name].floor == null ? "" : meanAndDeviation(found[name].floor, found[name].deviation, format),
        ),
    );
  replace(
    box,
    h(
      "table",
      {"data-testid": "quality"},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", {scope: "col"}, "Quality"),
          h("th", {scope: "col"}, h("span", {class: "dot fake"}), "G"),
          floors && h("th", {scope: "col"}, h("span", {class: "dot real"}), "real"),
        ),
      ),
      h("tbody", {}, ...names.map(row)),
    ),
    measured && h("p", {class: "note"}, source(measured, floors)),
  );
}

/** Sorts the Fréchet distance first, and the spread, which is no quality, last. */
const order = (name, measures) =>
  ({"quality/fd": -1, "sample/std": Infinity})[name] ?? Object.keys(measures).indexOf(name);

/** The knobs with symbol, name, value and explanation, folded. */
export function knobTable(card, declared) {
  const rows = declared.filter(({name}) => name in card.knobs);
  return h(
    "details",
    {class: "more knobs-of"},
    h("summary", {}, h("span", {}, "Knobs"), h("span", {class: "note"}, String(rows.length))),
    h(
      "table",
      {},
      h(
        "thead",
        {class: "sr"},
        h("tr", {}, ...["Knob", "Value", "What it is"].map((name) => h("th", {scope: "col"}, name))),
      ),
      h(
        "tbody",
        {},
        ...rows.map((knob) =>
          h(
            "tr",
            {},
            h("th", {scope: "row"}, ...knobLabel(knob)),
            h("td", {}, plain(card.knobs[knob.name])),
            h("td", {class: "note"}, knob.help),
          ),
        ),
      ),
    ),
  );
}
