// The Compare tab: lanes side by side under one timeline. What is shown is its address.

import {h, setText} from "../core/dom.js";
import {listenForKeys} from "../controls/keys.js";
import {act, copyAddress, fetchLanes} from "./actions.js";
import {BeginArea} from "./begin_area.js";
import {CardOpener} from "./files/card_opener.js";
import {LaneList} from "./legend/lane_list.js";
import {LanesPoller} from "./lanes_poller.js";
import {ComparisonModel} from "./model.js";
import {Stage} from "./stage.js";
import {Transport} from "./timeline/transport.js";
import {readAddress, readView, writeAddress} from "./view_address.js";

const ADDRESS_MS = 300; // ms from a change of the view to its address

export class CompareTab {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {any} handlers go(address), setTitle(text)
   */
  constructor(api, catalogue, handlers) {
    this.api = api;
    this.catalogue = catalogue;
    this.handlers = handlers;
    this.model = null;
    this.shown = null; // the race or the lanes that are shown, as their part of the address
    this.lanes = new LaneList({
      api,
      go: handlers.go,
      focus: (lane) => this.focus(lane),
      tuned: () => this.poller.pollNow(true),
    });
    this.stage = new Stage(this);
    this.transport = new Transport({
      act: (what) => act(this, what),
      show: (at) => this.set({at}),
      align: (axis) => this.align(axis),
      share: () => copyAddress(this.address),
    });
    this.poller = new LanesPoller(api, {
      changed: (runs, begun) => this.changed(runs, begun),
      lost: (why) => this.lost(why),
    });
    this.problems = h("p", {class: "wrong problems", role: "status", hidden: true, "data-testid": "address-problems"});
    this.message = h("p", {class: "compare-message", role: "status", hidden: true, "data-testid": "compare-message"});
    this.title = h("h2", {class: "compare-title"});
    this.begin = new BeginArea(api, catalogue, handlers.go);
    this.notes = []; // of a card that was opened: what was left out of it
    this.cards = new CardOpener(api, catalogue, (address, notes) => {
      this.notes = notes;
      handlers.go(address);
    });
    this.left = h(
      "section",
      {class: "left", "aria-label": "Lanes"},
      this.title,
      this.lanes.element,
      this.stage.differences.said,
    );
    this.page = h("div", {class: "page compare-page"}, this.left, ...this.stage.columns);
    this.element = h(
      "div",
      {class: "stage compare"},
      h("div", {class: "compare-body"}, this.problems, this.message, this.begin.element, this.cards.element, this.page),
      this.transport.element,
    );
    this.cards.listen(this.element);
    listenForKeys(
      {
        " ": () => this.transport.toggle(),
        "[": () => this.transport.nudge(-1),
        "]": () => this.transport.nudge(1),
      },
      () => Boolean(this.model) && !this.poller.asleep,
    );
    this.showModel(null);
  }

  /** The address of what is shown. */
  get address() {
    const {model} = this;
    if (!model) return "?tab=compare";
    return writeAddress({race: model.race?.id ?? null, lanes: this.requestedLanes}, model.view, model.initial);
  }

  /** Shows what an address names: a race, runs, or where one begins. */
  show(_run, address) {
    const {race, lanes, problems} = readAddress(address);
    const shown = race ?? JSON.stringify(lanes);
    this.addressProblems = [...problems, ...this.notes.splice(0)];
    this.requestedLanes = lanes;
    this.requestedAddress = address;
    this.poller.wake();
    if (!race && !lanes.length) return this.close();
    if (this.shown !== shown) return this.open(shown, race ? {race} : {runs: lanes});
    return this.applyAddress();
  }

  /** Stops polling while out of view. */
  hide() {
    clearTimeout(this.addressTimer);
    this.poller.sleep();
    this.transport.playback.pause();
  }

  restyle() {
    this.stage.restyle();
    if (this.model) this.drawAll();
  }

  /** Nothing is compared: the ways to begin. */
  close() {
    this.shown = null;
    this.showModel(null);
    this.poller.follow([]);
    this.showProblems(this.addressProblems);
    this.say("");
    this.begin.show(this.requestedAddress);
    this.cards.element.hidden = false;
    this.handlers.setTitle("Compare");
  }

  async open(shown, request) {
    this.shown = shown;
    this.showModel(null);
    this.poller.follow([]);
    this.begin.hide();
    this.cards.element.hidden = true;
    this.say("Fetching the lanes.");
    const {facts, refused} = await fetchLanes(this.api, request, () => {
      if (this.shown === shown) this.say("The server does not answer yet; trying again.");
      return this.shown === shown;
    });
    if (this.shown !== shown) return;
    this.say(refused ? `This cannot be compared: ${refused}.` : "");
    this.showProblems(this.addressProblems);
    if (!facts) return;
    this.showModel(new ComparisonModel(facts, this.catalogue, (lane) => this.stage.drawLane(lane)));
    this.applyAddress();
    this.poller.follow(this.model.lanes.flatMap((lane) => lane.runs));
  }

  /** Begins with other lanes, or with none. */
  showModel(model) {
    this.model?.dispose();
    this.model = model;
    this.page.hidden = this.transport.element.hidden = !model;
    this.hasBegun = false;
    if (!model) return;
    this.lanes.begin(model.lanes);
    this.transport.begin(model);
    this.stage.begin(model);
    this.drawAll();
  }

  /** Takes the state of the view out of the address. */
  applyAddress() {
    const {model} = this;
    if (!model) return;
    const {view, problems} = readView(this.requestedAddress, model.lanes.length, model.initial);
    const missing = model.facts.lanes.flatMap((lane) => lane.missing ?? []);
    this.showProblems([
      ...this.addressProblems,
      ...problems,
      ...missing.map((id) => `run ${id.slice(0, 6)}… is not there (any more)`),
    ]);
    Object.assign(model.view, view);
    model.updateEnd();
    this.drawAll();
  }

  showProblems(problems) {
    setText(this.problems, problems.length ? `Left out: ${problems.join("; ")}.` : "");
    this.problems.hidden = !problems.length;
  }

  say(text) {
    setText(this.message, text);
    this.message.hidden = !text;
  }

  /** Changes the state of the view, and with it the address. */
  set(change) {
    const {model} = this;
    if (!model) return;
    Object.assign(model.view, change);
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => history.replaceState(null, "", this.address), ADDRESS_MS);
    this.drawAll();
  }

  align(axis) {
    this.model.align(axis);
    this.set({});
  }

  /** The runs' updates: what changed is drawn. */
  changed(runs, begun) {
    const {model} = this;
    if (!model) return;
    model.restart(begun);
    model.updateEnd();
    if (begun.size || !this.hasBegun) {
      this.hasBegun = true;
      this.stage.begin(model);
      this.describe();
    }
    this.drawAll(true);
  }

  /** The heading, and the title of the window. */
  describe() {
    const {model} = this;
    const sets = [...new Set(model.runs.map((run) => run.data.title))];
    const count = `${model.lanes.length} ${model.lanes.length === 1 ? "lane" : "lanes"}`;
    setText(this.title, `${count} on ${sets.join(", ") || "…"}`);
    const names = [...new Set(model.lanes.map((lane) => lane.title))].join(", ");
    this.handlers.setTitle(model.race?.name || `Compare: ${names}`);
  }

  /** `fresh`: whether the lanes have new numbers. */
  drawAll(fresh = false) {
    const {model} = this;
    if (!model) return;
    model.requestPictures();
    this.lanes.draw();
    this.transport.draw(model);
    this.stage.draw(fresh);
  }

  /** The lane under the pointer stands out; null is none. */
  focus(lane) {
    if (lane == null) delete this.element.dataset.focus;
    else this.element.dataset.focus = String(lane);
    this.stage.focus(lane);
  }

  lost(why) {
    this.element.classList.toggle("lost", Boolean(why));
    const busy = why === "busy" ? "The server is busy, asking again soon." : "Connection lost, retrying.";
    this.say(why ? `${busy}${this.model?.running ? " Training goes on without this page." : ""}` : "");
  }
}
