// The comparison that is shown: lanes, their runs and pictures, and the state of the view.

import {axisOfClock, commonEnd, positionOf, reached, roundUp, stepAt, stops} from "./alignment.js";
import {Lane} from "./lane.js";
import {INITIAL} from "./view_address.js";
import {LanePicture} from "./views/lane_picture.js";

export class ComparisonModel {
  /**
   * @param {any} facts what the server says of the lanes
   * @param {Catalogue} catalogue
   * @param {(lane: Lane) => void} pictureChanged
   */
  constructor(facts, catalogue, pictureChanged) {
    this.facts = facts;
    this.race = facts.race;
    this.catalogue = catalogue;
    this.lanes = facts.lanes.map((lane, i) => new Lane(i, lane, catalogue));
    this.pictureChanged = pictureChanged;
    this.pictures = new Map(); // run -> LanePicture
    /** An untouched view. @type {any} */
    this.initial = {...INITIAL, align: this.race ? axisOfClock(this.race.clock) : INITIAL.align};
    /** @type {any} */
    this.view = {...this.initial};
    this.end = 1; // of the common axis, and how far the furthest run has come on it
    this.reached = 0;
  }

  /** All runs that there is something to show of. */
  get runs() {
    return this.lanes.flatMap((lane) => lane.ready);
  }

  /** The picture of the run that a lane shows; null while there is none. */
  picture(lane) {
    const run = lane.shown(this.view.seed);
    return run ? this.pictureOf(run, lane) : null;
  }

  pictureOf(run, lane) {
    if (!this.pictures.has(run)) this.pictures.set(run, new LanePicture(run, () => this.pictureChanged(lane)));
    return this.pictures.get(run);
  }

  /** Runs that began anew at a checkpoint have other pictures. */
  restart(begun) {
    for (const run of begun) this.pictures.get(run)?.begin();
  }

  /** Asks for the pictures of the present position. */
  requestPictures() {
    const {at, align} = this.view;
    for (const lane of this.lanes) this.picture(lane)?.show(at, align);
  }

  /** The end of the common axis; it is worked out with each update. */
  updateEnd() {
    const {runs, race} = this;
    const {align} = this.view;
    this.reached = Math.max(0, ...runs.map((run) => reached(run, align)));
    this.end = commonEnd(runs, align, this.endAxis === align ? this.end : 0, race);
    this.endAxis = align;
  }

  /** Where charts end: at what was reached, for a budget far away would leave them empty; a round number meanwhile. */
  get chartEnd() {
    return this.alive ? Math.min(this.end, roundUp(this.reached)) : this.end;
  }

  /** The positions that keys and playing back go through. */
  get stops() {
    return stops(this.runs, this.view.align);
  }

  /** Aligns by something else; what was shown of the first lane that has come so far stays shown. */
  align(axis) {
    const {view} = this;
    if (view.at != null) {
      const run = this.runs.find((r) => !r.endedBefore(view.at, view.align)) ?? this.runs[0];
      if (run) view.at = positionOf(run, Math.min(stepAt(run, view.at, view.align), run.history.end), axis);
    }
    view.align = axis;
    this.updateEnd();
  }

  /** Whether something of it goes on. */
  get running() {
    return this.runs.some((run) => run.running);
  }

  get alive() {
    return this.runs.some((run) => run.alive);
  }

  dispose() {
    for (const picture of this.pictures.values()) picture.end();
    this.pictures.clear();
  }
}
