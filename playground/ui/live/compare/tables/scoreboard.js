// The scoreboard: each lane by one measure at equal steps, samples and seconds, how soon it reached a target, and what
// it costs. Whether one is better the server says, and nobody else.

import {h, replace, setText, uid} from "../../core/dom.js";
import {ConnectionLost} from "../../core/api.js";
import {ErrorLine} from "../../controls/error_line.js";
import {kindTitle} from "../../charts/metric_groups.js";
import {capitalise, meanAndDeviation, parseNumber, plain} from "../../core/format.js";
import {BEST_POSSIBLE} from "../../charts/readings.js";
import {ScoreTable, verdictLines} from "./score_table.js";

const EVERY_MS = 10_000; // between two scoreboards of lanes that go on
const FIRST = ["quality/fd", "distance/energy", "quality/sw", "modes/found"]; // what lanes are measured by at first
const UNRANKED = ["sample/std", "sample/real", "quality/ssim", "label/baseline"]; // neither end of these is the better

export class Scoreboard {
  /**
   * @param {Api} api
   * @param {{set: (change: any) => void}} handlers
   */
  constructor(api, handlers) {
    this.api = api;
    this.handlers = handlers;
    this.asked = this.state = null;
    this.askedAt = 0;
    const [measure, target] = [uid("measure"), uid("target")];
    this.select = h("select", {id: measure, onchange: () => handlers.set({measure: this.select.value, target: null})});
    this.target = h("input", {
      type: "text",
      class: "num",
      id: target,
      inputmode: "decimal",
      autocomplete: "off",
      placeholder: "none",
      onchange: () => this.setTarget(),
    });
    this.error = new ErrorLine();
    this.about = h("p", {class: "note"});
    this.table = new ScoreTable();
    this.verdicts = h("div", {class: "verdicts", role: "status", "data-testid": "verdicts"});
    this.element = h(
      "section",
      {class: "scoreboard", "aria-label": "Scoreboard", "data-testid": "scoreboard"},
      h(
        "div",
        {class: "cap"},
        h("h2", {}, "Scoreboard"),
        h(
          "div",
          {class: "row"},
          h("label", {class: "sr", for: measure}, "Measure"),
          this.select,
          h("label", {class: "note", for: target}, "target"),
          this.target,
        ),
      ),
      this.error.element,
      this.about,
      this.table.element,
      this.verdicts,
    );
  }

  begin(model) {
    this.model = model;
    this.found = null;
    this.asked = null; // what was asked for last, and how the lanes stood then
    this.state = "";
    this.askedAt = -Infinity;
    this.error.show("");
    this.element.hidden = true;
  }

  /** Measures that some lane has, and that lanes can be ranked by. */
  get measures() {
    const {runs, catalogue} = this.model;
    return Object.keys(catalogue.measures).filter(
      (name) => !UNRANKED.includes(name) && runs.some(({history}) => history.lastMeasure(name) != null),
    );
  }

  /** The measure that is shown: the address's, if lanes have it. */
  get measure() {
    const {measures} = this;
    const {measure} = this.model.view;
    return measures.includes(measure)
      ? measure
      : ([...FIRST, ...measures].find((name) => measures.includes(name)) ?? "");
  }

  setTarget() {
    const value = parseNumber(this.target.value);
    const bad = this.target.value.trim() !== "" && (value === null || value < 0);
    this.target.setAttribute("aria-invalid", String(bad));
    this.error.show(bad ? "A target is a number from 0 on." : "");
    if (!bad) this.handlers.set({target: value});
  }

  /** Draws what is known, and asks again where that is another measure, target, or old. */
  update() {
    const {model, measure, measures} = this;
    this.element.hidden = !measure;
    if (!measure) return;
    const key = measures.join();
    if (this.measuresKey !== key) {
      this.measuresKey = key;
      replace(this.select, ...measures.map((name) => h("option", {value: name}, capitalise(kindTitle(name)))));
    }
    this.select.value = measure;
    const {target} = model.view;
    if (document.activeElement !== this.target) this.target.value = target == null ? "" : plain(target);
    const question = `${measure} ${target}`;
    const state = model.runs
      .map((run) => `${run.state.status} ${run.running ? "" : run.history.measures.length}`)
      .join();
    const old = performance.now() - this.askedAt > EVERY_MS;
    if (this.asked !== question || this.state !== state || (model.running && old)) this.ask(question, state);
  }

  async ask(question, state) {
    if (this.busy) return;
    const {model, measure} = this;
    Object.assign(this, {busy: true, asked: question, state, askedAt: performance.now()});
    try {
      const lanes = model.facts.lanes.map((lane) => [...lane.runs, ...(lane.missing ?? [])]);
      const found = await this.api.scoreboard({lanes, measure, target: model.view.target});
      if (model === this.model) this.draw(found);
    } catch (error) {
      if (!error.field && !(error instanceof ConnectionLost)) throw error;
      if (error.field) this.error.show(error.message);
    } finally {
      this.busy = false;
    }
  }

  draw(found) {
    const {floor, better, help} = found.measure;
    const real = floor ? `; ${BEST_POSSIBLE} ${meanAndDeviation(floor.mean, floor.deviation)}` : "";
    setText(this.about, `${better === "low" ? "Lower" : "Higher"} is better${real}.`);
    this.select.title = help ?? "";
    this.table.draw(found, this.model.lanes);
    replace(this.verdicts, ...verdictLines(found));
  }
}
