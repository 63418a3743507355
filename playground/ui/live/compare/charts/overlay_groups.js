// Which numbers of several lanes may share a chart: those that mean the same in them. Measures do on the same data;
// shares and ratios where they are declared alike; what has the unit of a loss only where the objective is one.

import {formulaLines} from "../../controls/formula.js";
import {kindTitle, MEASURE_ORDER, soleTitle} from "../../charts/metric_groups.js";

/** Units that do not hang on the objective: a number in them means what its declaration says. */
const FREE = ["share", "probability", "ratio", "factor", "cosine", "directions", "criterion"];
/** The first in the order of charts that are no measures. */
const ORDER = ["balance", "prob", "acc", "hinge", "clip", "slope"];
const LAST = ["loss", "energy", "score", "grad", "lr"];
export const RATE = "steps/s";
const RATE_SCALAR = {unit: RATE, help: "steps a second of training"};
const LEGACY = "sample/real"; // of runs from before there were floors

/** The objective of a run: its formulas as its knobs make them. */
const objectiveOf = ({variant, spec}) => formulaLines(variant, spec.knobs).join("\n");
/** What a run's samples are measured against. */
const setOf = ({spec}) => `${spec.data} ${spec.size} ${JSON.stringify(spec.options ?? {})}`;

/** What a scalar of a run means: runs in which it is the same may share a chart. */
function meaning(run, name, scalar, measured) {
  if (measured) return setOf(run);
  const declared = `${scalar.unit} | ${scalar.symbol ?? ""} | ${scalar.help}`;
  return FREE.includes(scalar.unit) ? declared : `${scalar.unit} | ${objectiveOf(run)}`;
}

function rank({name, measured}) {
  if (name === RATE) return 40;
  const [kind] = name.split("/");
  if (measured) return MEASURE_ORDER.findIndex((start) => name.startsWith(start));
  const last = LAST.indexOf(kind);
  if (last >= 0) return 50 + last;
  const place = ORDER.indexOf(kind);
  return place >= 0 ? 20 + place : 30;
}

/**
 * The charts of lanes, and what none may have.
 * @param {any[]} lanes
 * @param {Record<string, Scalar>} measures
 * @returns {{charts: any[], apart: string[]}} charts: {key, name, title, scalar, measured, lanes: numbers of lanes};
 *   apart: what is left out, in words
 */
export function overlayGroups(lanes, measures) {
  const groups = new Map();
  const declared = new Map(); // name -> lanes that have it
  const add = (lane, run, name, scalar, measured) => {
    const key = `${name} | ${meaning(run, name, scalar, measured)}`;
    if (!groups.has(key)) groups.set(key, {key, name, scalar, measured, lanes: []});
    groups.get(key).lanes.push(lane.index);
    declared.set(name, (declared.get(name) ?? 0) + 1);
  };
  for (const lane of lanes) {
    const [run] = lane.ready;
    if (!run) continue;
    for (const [name, scalar] of Object.entries(measures)) if (name !== LEGACY) add(lane, run, name, scalar, true);
    for (const [name, scalar] of Object.entries(run.variant.scalars)) add(lane, run, name, scalar, false);
    if (!groups.has(RATE)) groups.set(RATE, {key: RATE, name: RATE, scalar: RATE_SCALAR, measured: false, lanes: []});
    groups.get(RATE).lanes.push(lane.index);
  }
  const charts = [...groups.values()]
    .filter((group) => group.lanes.length > 1)
    .map((group) => ({
      ...group,
      title: group.name === RATE ? {text: "Steps a second"} : soleTitle(group.name, group.scalar),
    }))
    .sort((a, b) => rank(a) - rank(b));
  const whole = new Set(charts.filter((c) => c.lanes.length === declared.get(c.name)).map((c) => c.name));
  const left = [...declared].filter(([name, count]) => count > 1 && !whole.has(name) && !(name in measures));
  const apart = [...new Set(left.map(([name]) => kindTitle(name)))];
  return {charts, apart};
}
