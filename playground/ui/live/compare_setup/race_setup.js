// How a race begins: suggestions, the editor of its lanes, what they share, and one button. Its address restores it.

import {ConnectionLost} from "../core/api.js";
import {lacking} from "../core/catalogue.js";
import {h, replace, setText} from "../core/dom.js";
import {LaneEditor} from "./lane_editor.js";
import {fitLane, laneParts} from "./lanes.js";
import {hasRace, raceAddress, readRace} from "./race_address.js";
import {linkNotes} from "../setup/address/settings_links.js";
import {RaceEstimate, countedLanes} from "./race_estimate.js";
import {RaceLaunch} from "./race_launch.js";
import {SharedSettings} from "./shared_settings.js";
import {Suggestions} from "./suggestions.js";

const ABOUT =
  "A race trains two to eight lanes in step on the same data and seeds, with the same order of samples, z and first " +
  "weights wherever lanes can share them; where they cannot, it says so.";
const ASK_MS = 300; // ms from a change to its address and estimate

export class RaceSetup {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {(address: string) => void} go
   */
  constructor(api, catalogue, go) {
    this.api = api;
    this.catalogue = catalogue;
    this.go = go;
    this.address = null; // the last one that was read
    this.estimate = new RaceEstimate(api);
    this.launch = new RaceLaunch(catalogue.me, () => this.start());
    this.shared = new SharedSettings(
      api,
      catalogue,
      {data: (id) => this.takeData(id), changed: () => this.changed(), start: () => this.start()},
      (...names) => this.launch.lines(...names),
    );
    const editor = h("section", {class: "editor", "aria-label": "Lanes of the race"});
    this.lanes = new LaneEditor(catalogue, editor, () => this.edited());
    this.suggestions = new Suggestions(catalogue.races, (race) => this.suggest(race));
    this.note = h("div", {class: "from-link", role: "status", "data-testid": "race-link", hidden: true});
    editor.append(h("h2", {}, "Lanes"), ...this.launch.lines("lanes"), this.lanes.element);
    this.element = h(
      "div",
      {class: "race-setup"},
      h("div", {class: "about-race"}, h("h1", {}, "Race"), h("p", {}, ABOUT), this.note),
      h("section", {class: "suggested", "aria-label": "Suggested"}, h("h2", {}, "Suggested"), this.suggestions.element),
      editor,
      h("div", {class: "race-terms"}, this.shared.element, this.launch.element),
    );
    this.fill({lanes: catalogue.races[0].lanes, chosen: catalogue.races[0].id});
  }

  get data() {
    return this.shared.picker.data;
  }

  /** The race as it is set. */
  get race() {
    const {shared, lanes} = this;
    const {clockField, seedField} = shared;
    return {
      data: this.data,
      size: shared.size,
      options: shared.options,
      lanes: lanes.lanes,
      seeds: seedField.seeds,
      clock: clockField.clock,
      budget: clockField.budget,
    };
  }

  /**
   * Shows what an address sets up; one without a race leaves what there is.
   * @param {URLSearchParams} address
   */
  show(address) {
    this.after();
    if (!hasRace(address) || this.address === String(address)) return;
    this.address = String(address);
    const {race, wrong} = readRace(this.catalogue, address);
    this.fill(race);
    this.tell(wrong);
    if (race.open != null) this.lanes.knobs.focus();
  }

  /** Fills the editor: what is not given stays as it is. */
  fill({data = null, size = null, options = null, lanes = [], open = null, chosen = "", ...rest}) {
    const {seeds = null, clock = null, budget = null} = rest;
    const {shared, catalogue} = this;
    const before = this.data;
    const set = data ?? before ?? catalogue.data.find((d) => d.id === catalogue.first.data);
    const kept = set === before ? {size: shared.size, options: shared.options} : {};
    const some = lanes.length === 1 ? [...lanes, ...lanes] : lanes.length ? lanes : this.lanes.lanes;
    const {preset} = laneParts(catalogue, fitLane(catalogue, some[0], set), set);
    shared.setData(set, size ?? kept.size ?? preset.size, options ?? kept.options);
    shared.clockField.set(clock ?? shared.clockField.clock, budget ?? (clock ? null : shared.clockField.ownBudget));
    if (seeds || !before) shared.seedField.set(seeds ?? [catalogue.first.seed]);
    this.lanes.set(some, set, open);
    this.choose(chosen);
    this.tell(null);
    this.after();
  }

  /** Fills the editor with a suggested race, on the data that it is made for, or that its variants can have. */
  suggest({id, lanes, data}) {
    const {catalogue} = this;
    const variants = lanes.map((lane) => catalogue.variants.find((v) => v.id === lane.variant));
    const fits = (d) => variants.every((v) => !lacking(v, d));
    const home = catalogue.data.find((d) => d.id === (data ?? catalogue.first.data));
    this.fill({lanes, data: !data && fits(this.data) ? this.data : home, chosen: id});
    this.writeAddress();
  }

  takeData(id) {
    const {lanes, opened} = this.lanes;
    this.fill({data: this.catalogue.data.find((d) => d.id === id), lanes, open: opened, chosen: this.chosen});
    this.writeAddress();
  }

  /** Shows which suggestion the lanes are, "" for none. */
  choose(id) {
    this.chosen = id;
    this.suggestions.select(id);
  }

  /** A person changed a lane. */
  edited() {
    this.choose("");
    this.changed();
  }

  changed() {
    this.after();
    this.writeAddress();
  }

  after() {
    this.shared.fit(this.lanes.lanes, this.data);
    this.launch.show(null);
    this.lanes.showError(null);
    this.estimate.turn += 1; // what is under way is of what was set before
    setText(this.launch.estimate, countedLanes(this.lanes.lanes.length, this.shared.seedField.seeds.length));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ASK_MS);
  }

  /** The address of what is set: a reload, or somebody with the link, has it again. */
  writeAddress() {
    const {clockField} = this.shared;
    const address = raceAddress(this.catalogue, {...this.race, budget: clockField.ownBudget});
    this.address = String(new URLSearchParams(address));
    if (this.element.isConnected && this.element.offsetParent) history.replaceState(null, "", address);
  }

  /** Asks how long it will take. */
  async ask() {
    if (!this.element.offsetParent) return;
    const answer = await this.estimate.of(this.catalogue, this.race);
    if (answer?.text) setText(this.launch.estimate, answer.text);
    if (answer?.error) this.refuse(answer.error, answer.lane);
  }

  /** Shows what the server refuses: beside the lane that it is of, else beside the field. */
  refuse(error, lane = null) {
    if (lane == null || ["data", "size", "options"].includes(error.field)) this.launch.show(error);
    else this.lanes.showError(lane, error.field, error.message);
  }

  /** Says that a link has set what is shown, and what of it was left out; null: nothing any more. */
  tell(wrong) {
    this.note.hidden = !wrong;
    replace(this.note, ...linkNotes(wrong));
  }

  /** Starts the race and opens it. */
  async start() {
    const {lanes, launch, race} = this;
    if (launch.button.disabled || lanes.knobs.goToInvalid()) return;
    const {data, size, options, seeds, clock, budget} = race;
    launch.show(null);
    launch.busy(true);
    const message = {clock: clock.id, budget, data: data.id, size, options, seeds, lanes: race.lanes};
    try {
      const {race: id} = await this.api.race(message);
      this.go(`?tab=compare&race=${id}`);
    } catch (error) {
      if (error instanceof ConnectionLost) launch.show({field: "any", message: `Not started: ${error.message}.`});
      else if (!error.field) throw error;
      else this.refuse(error, await this.laneOf());
    } finally {
      launch.busy(false);
    }
  }

  /** The lane that a refusal is of, if it is one's. */
  async laneOf() {
    return (await this.estimate.of(this.catalogue, this.race))?.lane ?? null;
  }
}
