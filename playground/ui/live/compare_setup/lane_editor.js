// The lanes of a race that is set up: two to eight, each a row; the knobs of one at a time are open.

import {h} from "../core/dom.js";
import {LaneKnobs} from "./lane_knobs.js";
import {LaneRow} from "./lane_row.js";
import {LANES, fitLane, laneKnobs, laneParts, sameLanes} from "./lanes.js";

export class LaneEditor {
  /**
   * @param {Catalogue} catalogue
   * @param {HTMLElement} column in which it is shown
   * @param {() => void} changed a person changed a lane
   */
  constructor(catalogue, column, changed) {
    this.catalogue = catalogue;
    this.changed = changed;
    this.lanes = [];
    this.opened = null;
    this.rows = [];
    this.knobs = new LaneKnobs(catalogue, column, (name, value, settled) => this.moved(name, value, settled));
    this.list = h("ol", {class: "setup-lanes", "aria-label": "Lanes"});
    this.addButton = h("button", {type: "button", class: "ghost", onclick: () => this.add()}, "Add a lane");
    this.element = h("div", {}, this.list, this.addButton);
  }

  /** Shows lanes on data; `open`: the lane whose knobs are open, null for none. */
  set(lanes, data, open = null) {
    this.data = data;
    this.lanes = lanes.map((lane) => fitLane(this.catalogue, lane, data));
    this.opened = open;
    this.draw();
    this.build();
  }

  draw() {
    const {lanes, data, opened} = this;
    while (this.rows.length < lanes.length) this.rows.push(this.row(this.rows.length));
    const same = new Map(sameLanes(lanes));
    lanes.forEach((lane, i) =>
      this.rows[i].draw(lane, data, {
        twins: lanes.length < LANES[1],
        removable: lanes.length > LANES[0],
        open: i === opened,
        same: same.get(i) ?? null,
        first: lanes.findIndex((l) => l.variant === lane.variant) === i,
      }),
    );
    const elements = this.rows.slice(0, lanes.length).map((row) => row.element);
    for (const element of [...this.list.children]) if (!elements.includes(element)) element.remove();
    this.list.append(...elements.slice(this.list.children.length)); // those that stay keep the focus
    this.addButton.hidden = lanes.length >= LANES[1];
  }

  /** Builds the knobs of the opened lane. */
  build() {
    const {catalogue, lanes, data, opened} = this;
    this.knobs.hint.hide();
    if (opened == null) return;
    const lane = lanes[opened];
    const {variant, preset} = laneParts(catalogue, lane, data);
    const earlier = lanes.slice(0, opened).findLastIndex((l) => l.variant === lane.variant);
    this.knobs.open(
      this.rows[opened].slot,
      variant,
      data.kind,
      laneKnobs(catalogue, lane, data),
      earlier < 0
        ? {title: "the preset", values: preset.knobs}
        : {title: `lane ${earlier + 1}`, values: laneKnobs(catalogue, lanes[earlier], data)},
    );
  }

  row(index) {
    return new LaneRow(this.catalogue, index, {
      change: (i, lane) => this.change(i, lane),
      open: (i) => this.open(this.opened === i ? null : i),
      twin: (i) => this.twin(i),
      remove: (i) => this.remove(i),
    });
  }

  /** Another variant or preset: its own knobs. */
  change(index, lane) {
    this.lanes[index] = fitLane(this.catalogue, lane, this.data);
    this.after(index === this.opened || index === 0);
  }

  open(index) {
    this.opened = index;
    this.draw();
    this.build();
    if (index != null) this.knobs.focus();
  }

  /** A lane more, the same as one, with its knobs open. */
  twin(index) {
    this.lanes.splice(index + 1, 0, structuredClone(this.lanes[index]));
    this.opened = index + 1;
    this.after(true);
    this.knobs.focus();
  }

  /** A lane more, of a variant that none has yet. */
  add() {
    const {catalogue, lanes, data} = this;
    const taken = lanes.map(({variant}) => variant);
    const fits = catalogue.variants.filter((v) => v.needs.every((need) => data.provides.includes(need)));
    const next = ["gan", "lsgan", "wgan_gp", "ebgan"].map((id) => fits.find((v) => v.id === id)).filter(Boolean);
    const variant = [...next, ...fits].find((v) => !taken.includes(v.id)) ?? fits[0];
    this.lanes.push(fitLane(catalogue, {variant: variant.id}, data));
    this.after(false);
    this.rows[this.lanes.length - 1].picker.button.focus();
  }

  remove(index) {
    this.lanes.splice(index, 1);
    if (this.opened === index) this.opened = null;
    else if (this.opened > index) this.opened -= 1;
    this.after(true);
    this.rows[Math.min(index, this.lanes.length - 1)].picker.button.focus();
  }

  moved(name, value, settled) {
    const {catalogue, lanes, opened, data} = this;
    const lane = lanes[opened];
    lanes[opened] = fitLane(catalogue, {...lane, knobs: {...lane.knobs, [name]: value}}, data);
    this.draw();
    if (settled) this.changed();
  }

  after(rebuild) {
    this.draw();
    if (rebuild) this.build();
    this.changed();
  }

  /** Shows why the server refused a lane, 0 for the first. */
  showError(index, field, text) {
    this.rows.forEach((row, i) => row.error.show(i === index ? text : ""));
    if (index == null) return;
    if (this.opened !== index) this.open(index);
    if (this.knobs.showError(field, text)) this.rows[index].error.show("");
    this.rows[index].element.scrollIntoView({block: "nearest"});
  }
}
