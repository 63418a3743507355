// What all lanes of a race share: data, seeds, clock and budget.

import {h} from "../core/dom.js";
import {Hint} from "../controls/hint.js";
import {DatasetPicker} from "../setup/data/dataset_picker.js";
import {ClockField} from "./clock_field.js";
import {samplesPerStep} from "./clocks.js";
import {laneKnobs, laneParts} from "./lanes.js";
import {SeedField} from "./seed_field.js";

export class SharedSettings {
  /**
   * @param {Api} api
   * @param {Catalogue} catalogue
   * @param {{data: (id: string) => void, changed: () => void, start: () => void}} handlers data: a person took a set
   * @param {(...names: string[]) => Element[]} lines that show what is refused of these fields
   */
  constructor(api, catalogue, handlers, lines) {
    this.catalogue = catalogue;
    this.element = h("section", {class: "shared", "aria-label": "What all lanes share"});
    const hint = new Hint(this.element);
    this.picker = new DatasetPicker(api, catalogue.data, hint, {
      chosen: handlers.data,
      changed: handlers.changed,
      train: handlers.start,
    });
    this.seedField = new SeedField(handlers.changed);
    this.clockField = new ClockField(handlers.changed);
    this.element.append(
      h("h2", {}, "All lanes share"),
      this.picker.element,
      ...lines("data", "size", "options"),
      this.clockField.element,
      ...lines("clock", "budget"),
      this.seedField.element,
      ...lines("seeds"),
    );
  }

  /** Shows data; size and options are the data's own unless they are given, or kept of the same data. */
  setData(data, size, options) {
    this.picker.fit({title: "One of the lanes", needs: []});
    this.picker.set(data, size ?? data.sizes[0] ?? 0, options ?? {});
  }

  /** Follows the lanes: data that do not fit one of them are greyed out, and the usual budget is theirs. */
  fit(lanes, data) {
    const parts = lanes.map((lane) => laneParts(this.catalogue, lane, data));
    const needs = [...new Set(parts.flatMap(({variant}) => variant.needs))];
    this.picker.fit({title: "one of the lanes", needs});
    const drawn = lanes.map((lane) => samplesPerStep(laneKnobs(this.catalogue, lane, data)));
    this.clockField.fit(parts, drawn, data.kind);
  }

  get size() {
    return this.picker.size;
  }

  get options() {
    return this.picker.chosen ?? undefined;
  }
}
