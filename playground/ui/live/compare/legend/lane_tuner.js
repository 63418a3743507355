// The live knobs of one lane, folded away beneath its name: what is moved acts on this lane alone, on all its seeds.

import {h, replace} from "../../core/dom.js";
import {ErrorLine} from "../../controls/error_line.js";
import {KnobRow} from "../../setup/knob_row.js";
import {lockRows} from "../../setup/knob_needs.js";

// ms from one tune to the next: the server takes ten a second, and a key that is held down says thirty
const INTERVAL_MS = 120;

export class LaneTuner {
  /**
   * @param {any} lane
   * @param {Api} api
   * @param {() => void} tuned
   */
  constructor(lane, api, tuned) {
    this.lane = lane;
    this.api = api;
    this.tuned = tuned;
    this.rows = null; // name -> KnobRow, once it was opened
    this.marks = 0; // tunes that the rows show
    this.error = new ErrorLine();
    this.knobs = h("div", {class: "knobs"});
    this.element = h(
      "details",
      {class: "lane-tuner", hidden: true, ontoggle: () => this.draw()},
      h("summary", {"data-testid": `tune-${lane.index}`}, "Tune"),
      this.knobs,
      this.error.element,
    );
  }

  /** The runs that can be tuned: one's own, that train or pause. */
  get runs() {
    return this.lane.ready.filter(({alive, state}) => alive && state.mine);
  }

  draw() {
    const [run] = this.runs;
    this.element.hidden = !run;
    if (!run || !this.element.open) return;
    if (!this.rows) this.build(run);
    for (const mark of run.history.marks.slice(this.marks))
      if (!(mark.knob in (this.pending ?? {}))) this.rows[mark.knob]?.showTune(mark);
    this.marks = run.history.marks.length;
  }

  build({variant, data, spec, history}) {
    const declared = variant.knobs[data.kind].filter((knob) => knob.live && !knob.mixed);
    const value = (name) => history.knobValues(name, spec.knobs[name]).at(-1)[1];
    const moved = (name, to) => this.tune(name, to);
    const row = (knob) => new KnobRow(knob, value(knob.name), moved, variant.paper_range[knob.name]);
    const rows = declared.map((knob) => [knob.name, row(knob)]);
    this.rows = Object.fromEntries(rows);
    replace(this.knobs, ...rows.map(([, knob]) => knob.row));
    lockRows({...Object.fromEntries(variant.knobs[data.kind].map((k) => [k.name, stand(k, value)])), ...this.rows});
  }

  /** Sends a knob's value; what is moved meanwhile goes out together. */
  async tune(name, value) {
    this.pending = {...this.pending, [name]: value};
    if (this.busy) return;
    this.busy = true;
    while (this.pending) {
      const knobs = this.pending;
      this.pending = null;
      const sent = () => Promise.all(this.runs.map((run) => this.api.tune({run: run.id, knobs})));
      if (await this.error.attempt(sent)) this.tuned();
      await new Promise((resolve) => {
        setTimeout(resolve, INTERVAL_MS);
      });
    }
    this.busy = false;
  }
}

/** What stands for the row of a knob that is not shown: others may need its value. */
const stand = (knob, value) => ({knob, value: value(knob.name), lock: () => {}});
