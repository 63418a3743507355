// One lane of the editor: its sign, variant and preset, what differs from the preset, and what can be done with it.

import {ErrorLine} from "../controls/error_line.js";
import {knobTitle} from "../controls/hint.js";
import {h, icon, replace, setText, symbol} from "../core/dom.js";
import {capitalise, plain} from "../core/format.js";
import {lanePen} from "../compare/lane_style.js";
import {laneParts} from "./lanes.js";
import {CROSS} from "../controls/dialog.js";
import {VariantPicker} from "../setup/variant_picker.js";

/** "g_loss minimax", or the knob's symbol, with its value. */
function changeOf(knob, value) {
  return h("span", {}, knob.symbol ? symbol(knob.symbol) : knobTitle(knob), " ", h("b", {}, plain(value)));
}

export class LaneRow {
  /**
   * @param {Catalogue} catalogue
   * @param {number} index
   * @param {LaneHandlers} handlers
   */
  constructor(catalogue, index, handlers) {
    const n = index + 1;
    this.catalogue = catalogue;
    this.picker = new VariantPicker(catalogue.variants, (variant) => handlers.change(index, {variant}), {
      label: `Variant of lane ${n}`,
      testid: "lane-variant",
    });
    this.preset = h("select", {
      "aria-label": `Preset of lane ${n}`,
      onchange: () => handlers.change(index, {variant: this.lane.variant, preset: this.preset.value}),
    });
    this.changes = h("p", {class: "changes-of", "data-testid": "lane-changes"});
    this.knobsButton = h(
      "button",
      {type: "button", class: "link", "aria-expanded": "false", onclick: () => handlers.open(index)},
      "Knobs",
      h("span", {class: "sr"}, ` of lane ${n}`),
    );
    this.twinButton = h(
      "button",
      {
        type: "button",
        class: "link",
        title: "Another lane, the same with one knob changed",
        onclick: () => handlers.twin(index),
      },
      "Twin",
      h("span", {class: "sr"}, ` of lane ${n}`),
    );
    this.removeButton = h(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": `Take lane ${n} out`,
        title: "Take this lane out",
        onclick: () => handlers.remove(index),
      },
      icon(CROSS),
    );
    this.caution = h("p", {class: "note caution-of", hidden: true});
    this.error = new ErrorLine({"data-error": `lane ${n}`});
    this.slot = h("div", {class: "lane-knobs", hidden: true, role: "group", "aria-label": `Knobs of lane ${n}`});
    this.element = h(
      "li",
      {class: "setup-lane", "data-lane": index},
      h("span", {class: "lane-no"}, lanePen(index, 22), h("span", {class: "note"}, String(n))),
      this.picker.element,
      this.preset,
      this.changes,
      h("div", {class: "lane-acts"}, this.knobsButton, this.twinButton, this.removeButton),
      this.caution,
      this.error.element,
      this.slot,
    );
  }

  /**
   * @param {any} lane
   * @param {Dataset} data
   * @param {{twins: boolean, removable: boolean, open: boolean, same: number | null, first: boolean}} state whether
   *   another lane can come, whether this one can go, the earlier lane that it is the same as, and whether it is the
   *   first of its variant
   */
  draw(lane, data, {twins, removable, open, same, first}) {
    const {variant, preset} = laneParts(this.catalogue, lane, data);
    this.lane = lane;
    this.picker.set(variant, data);
    const presets = Object.keys(variant.presets[data.id]);
    if (this.presets !== presets.join()) {
      this.presets = presets.join();
      replace(this.preset, ...presets.map((name) => h("option", {value: name}, capitalise(name))));
    }
    this.preset.value = lane.preset;
    const changed = variant.knobs[data.kind].filter(({name}) => name in lane.knobs);
    replace(this.changes, ...changed.map((knob) => changeOf(knob, lane.knobs[knob.name])));
    if (!changed.length && same == null) setText(this.changes, preset ? "as the preset has it" : "");
    if (same != null) setText(this.changes, `the same as lane ${same + 1}`);
    this.changes.classList.toggle("plain", !changed.length || same != null);
    this.twinButton.disabled = !twins;
    this.removeButton.disabled = !removable;
    this.knobsButton.setAttribute("aria-expanded", String(open));
    setText(this.caution, (first && variant.warns?.[data.id]) || "");
    this.caution.hidden = !this.caution.textContent;
    this.slot.hidden = !open;
  }
}
