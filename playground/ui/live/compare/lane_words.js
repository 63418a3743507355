// How a lane stands, in words.

import {alarmTitle} from "../run/timeline/timeline_flags.js";
import {plain, whole} from "../core/format.js";

const WORDS = {queued: "waits", running: "trains", paused: "paused", finished: "finished", stopped: "stopped"};
const BAD = ["diverged", "failed", "interrupted"];

/** How one run stands: {text, bad}. */
export function runWords(run) {
  if (run.gone) return {text: "there is no such run any more", bad: true};
  if (!run.state) return {text: "is fetched", bad: false};
  const {status, step, note} = run.state;
  const alarm = run.history.alarms.findLast(({kind}) => ["diverged", "exploded", "lost"].includes(kind));
  const at = `step ${whole(step)}`;
  if (!BAD.includes(status)) {
    const word = WORDS[status] ?? status;
    const lost = status === "finished" && alarm?.kind === "lost" ? `: ${alarm.says}` : "";
    if (status === "queued" && !step) return {text: word, bad: false};
    return {text: `${word}${status === "running" ? "," : " at"} ${at}${lost}`, bad: Boolean(lost)};
  }
  const name = status === "diverged" && alarm ? alarmTitle(alarm).toLowerCase() : status;
  const why = (alarm?.says || note || "").replace(/\.$/, "");
  return {text: `${name} at step ${whole(alarm?.step ?? step)}${why ? `: ${why}` : ""}`, bad: true};
}

/** How a lane stands: one line for all its runs, those that ended badly named: {text, bad}. */
export function laneWords(lane) {
  const {runs} = lane;
  if (!runs.length) return {text: "there is no such run any more", bad: true};
  if (runs.length === 1) return runWords(runs[0]);
  const told = runs.map(runWords);
  const bad = told.filter((words) => words.bad);
  const good = runs.filter((_, i) => !told[i].bad);
  const steps = good.filter((run) => run.state).map((run) => run.state.step);
  const status = [...new Set(good.filter((run) => run.state).map((run) => WORDS[run.state.status] ?? "ended"))];
  const range = steps.length
    ? `${status.join(", ")} at step ${[...new Set([Math.min(...steps), Math.max(...steps)])].map(whole).join(" to ")}`
    : "";
  const some = bad.length && range ? `${good.length} of ${runs.length} runs: ${range}` : range;
  return {text: [some, ...bad.map(({text}) => text)].filter(Boolean).join("; "), bad: bad.length > 0};
}

/** The tunes of a lane's runs up to a step: [{step, knob, from, to}], the same one of several runs once. */
export function laneTunes(lane) {
  const found = new Map();
  for (const run of lane.ready)
    for (const mark of run.history.marks) found.set(`${mark.step} ${mark.knob} ${mark.to}`, mark);
  return [...found.values()].sort((a, b) => a.step - b.step);
}

/** A tune in words; `knob`: how the knob is declared. */
export function tuneWords(mark, knob) {
  const name = knob?.symbol?.replace("_", "") || knob?.title || mark.knob;
  return `${name} ${plain(mark.from)} → ${plain(mark.to)} at step ${whole(mark.step)}`;
}
