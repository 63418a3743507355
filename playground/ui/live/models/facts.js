// What is known of a model: facts, what was measured beside what real data reach, its knobs.

import {h, replace, symbol} from "../dom.js";
import {bytes, level, plain, short, whole} from "../format.js";
import {title} from "../groups.js";
import {called} from "../hint.js";

const OLD = "sample/real";          // of models from before there were floors
const DAY = {day: "numeric", month: "long", year: "numeric"};

const told = (v) => (v == null ? "" : Number.isInteger(v) ? whole(v) : v < 1 ? level(v) : short(v));

/** [[what, value], ...], without those that nobody knows. */
export function facts(card, names) {
  const {data, dims, size, z_dim: z, prior, options, step, seed, trained, licence, versions, bytes: heavy} = card, {points, set, ...rest} = options;
  const rows = {
    "Data": names.data[data]?.title ?? data, "Licence": licence || "nobody said", "Options": Object.entries(rest).filter(([, value]) => value).map(([name, value]) => `${name} ${plain(value)}`).join(", "),
    "Makes": dims.length === 1 ? "points in the plane" : `${size} × ${size} pixels, ${dims[0] === 1 ? "grey" : "colour"}`,
    "Latents": `${z} numbers, ${prior}`, "Steps": whole(step), "Seed": String(seed), "Trained": trained && new Date(`${trained}T12:00`).toLocaleDateString("en-GB", DAY),
    "Made with": Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "), "File": bytes(heavy),
  };
  return h("dl", {class: "facts", "data-testid": "facts"}, ...Object.entries(rows).filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** Fill `box` with a table of what was measured. */
export function quality(box, {quality: found, measured}, measures) {
  const names = Object.keys(found).filter((name) => name !== OLD).sort((a, b) => order(a, measures) - order(b, measures));
  box.hidden = !names.length;
  const floors = names.some((name) => found[name].floor != null);
  const row = (name) => h("tr", {title: measures[name]?.help ?? ""}, h("th", {scope: "row"}, title({kind: name.split("/")[0], names: [name], measured: true}).text), h("td", {}, told(found[name].value)), floors && h("td", {}, told(found[name].floor)));
  replace(box,
    h("table", {"data-testid": "quality"}, h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Quality"), h("th", {scope: "col"}, h("span", {class: "dot fake"}), "G"), floors && h("th", {scope: "col"}, h("span", {class: "dot real"}), "real"))), h("tbody", {}, ...names.map(row))),
    measured && h("p", {class: "note"}, `Of ${whole(measured.n)} samples against what was held out${measured.extractor ? `, in the features of the classifier ${measured.extractor}` : ""}.${floors ? " Real: other real data, measured alike." : ""}`));
}

/** The Fréchet distance first; how far samples lie apart, which is no merit, last. */
const order = (name, measures) => ({"quality/fd": -1, "sample/std": Infinity}[name] ?? Object.keys(measures).indexOf(name));

/** Every knob, to be opened: its letter and name, its value, what it is. */
export function knobs(card, declared) {
  const rows = declared.filter(({name}) => name in card.knobs);
  return h("details", {class: "more knobs-of"}, h("summary", {}, h("span", {}, "Knobs"), h("span", {class: "note"}, String(rows.length))),
    h("table", {}, h("thead", {class: "sr"}, h("tr", {}, ...["Knob", "Value", "What it is"].map((name) => h("th", {scope: "col"}, name)))),
      h("tbody", {}, ...rows.map((knob) => h("tr", {}, h("th", {scope: "row"}, called(knob), knob.symbol && symbol(knob.symbol)), h("td", {}, plain(card.knobs[knob.name])), h("td", {class: "note"}, knob.help))))));
}
