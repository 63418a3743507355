// The data picker: data sets by group with thumbnails, size and options.

import {lacking} from "../../core/catalogue.js";
import {h, icon, replace, setText} from "../../core/dom.js";
import {DrawPoints} from "./draw_points.js";
import {whole} from "../../core/format.js";
import {KnobRow} from "../knob_row.js";
import {HiddenOption} from "./hidden_option.js";
import {isOwnImages, OwnImages} from "./own_images.js";
import {Misfits} from "./misfits.js";
import {rememberedDrawing, unpack} from "../../core/points_codec.js";
import {rovingFocus} from "../../controls/roving_focus.js";
import {segments} from "../../controls/segments.js";
import {thumbnail} from "../../core/thumbnails.js";

const PENCIL = "M4 20l1-4L16.5 4.5a2 2 0 0 1 3 3L8 19z";
const MAX_SHOWN = 60; // points that stand for a drawing in its picture
const NEED_TITLES = {
  network: "needs a network: it is fetched when a run starts",
  folder: "from a folder on the server",
};
const NEED_ICONS = {network: ["M12 4v11m0 0 4-4m-4 4-4-4M5 19h14"], folder: ["M4 18V6h5l2 2.5h9V18z"]};

const DRAW_TITLE = "Draw your own";

/** Whether these data are drawn by a person: their points are a text option. */
const isDrawn = (data) => data.kind === "points" && data.options.some(({kind}) => kind === "text");

export class DatasetPicker {
  /**
   * @param {Api} api
   * @param {Dataset[]} sets
   * @param {Hint} hint
   * @param {{chosen: (id: string) => void, changed: () => void, train: () => void}} handlers changed: the size or an
   *   option
   */
  constructor(api, sets, hint, handlers) {
    this.sets = sets;
    this.hint = hint;
    this.handlers = handlers;
    this.options = {};
    this.size = 0;
    this.name = h("span");
    this.groups = [...new Set(sets.map((d) => d.group))];
    this.tabs = h("div", {class: "kinds", role: "radiogroup", "aria-label": "Kind of data"});
    this.thumbs = h("div", {class: "thumbs", role: "group", "aria-label": "Data"}, ...sets.map((d) => this.button(d)));
    this.own = new OwnImages(api, {
      chosen: () => handlers.chosen(sets.find(isOwnImages).id),
      updated: () => this.describe(),
      train: () => handlers.train(),
    });
    this.thumbs.append(this.own.element);
    this.misfits = new Misfits();
    this.help = h("p", {class: "note"});
    this.sizes = h("div", {class: "seg", role: "radiogroup", "aria-label": "Size"});
    this.rows = h("div", {class: "knobs options", role: "group", "aria-label": "Options of the data"});
    this.drawing = new DrawPoints((drawing) => this.onDrawn(drawing));
    this.edit = h(
      "button",
      {type: "button", class: "link hand again", hidden: true, onclick: () => this.draw()},
      "Draw or paste points",
    );
    this.element = h(
      "div",
      {class: "field data"},
      h("div", {class: "lab"}, h("span", {}, "Data"), this.name),
      this.tabs,
      this.thumbs,
      this.misfits.note,
      this.help,
      this.edit,
      this.own.more,
      this.sizes,
      this.rows,
      this.drawing.element,
      ...this.own.dialogs,
    );
    this.show(this.groups[0]);
    rovingFocus(this.thumbs);
    this.points = rememberedDrawing()?.points ?? null;
    if (this.points) sets.filter(isDrawn).forEach((data) => this.picture(data));
  }

  button(data) {
    const {id, title, help, licence, needs, samples, thumb, points} = data;
    const isOwn = isDrawn(data);
    const hasNoPicture = isOwn || (!thumb && !points?.length);
    return h(
      "button",
      {
        type: "button",
        class: hasNoPicture ? "bare" : "",
        "aria-label": isOwn ? DRAW_TITLE : title,
        title: [`${title}: ${help}`, samples && `${whole(samples)} to train on`, licence, NEED_TITLES[needs]]
          .filter(Boolean)
          .join("; "),
        "data-data": id,
        onclick: () => this.take(data),
      },
      isOwn
        ? [icon(PENCIL), h("span", {}, DRAW_TITLE)]
        : hasNoPicture
          ? [icon(...(NEED_ICONS[needs] ?? NEED_ICONS.folder)), h("span", {}, title)]
          : thumbnail(data),
    );
  }

  /** The thumbnails of one group. */
  show(group) {
    this.group = group;
    segments(this.tabs, this.groups.length > 1 ? this.groups.map((name) => [name, name]) : [], group, (name) =>
      this.show(name),
    );
    this.sets.forEach((d, i) => {
      this.thumbs.children[i].hidden = d.group !== group || isOwnImages(d);
    });
    this.own.element.hidden = group !== this.sets.find(isOwnImages).group;
    if (this.variant) this.fit(this.variant);
  }

  /** Greys out what lacks something that the variant needs. */
  fit(variant) {
    this.variant = variant;
    this.sets.forEach((data, i) => this.misfits.mark(this.thumbs.children[i], variant, data));
    this.own.setMisfit(this.misfits.attributes(variant, this.sets.find(isOwnImages)));
    this.misfits.explain(
      variant,
      this.sets.filter((data) => data.group === this.group),
    );
  }

  get value() {
    return this.data.id;
  }

  /** Shows a data set with a size and options, {name: value}; options that are not given have their defaults. */
  set(data, size, options = {}) {
    const isOther = this.data !== data;
    this.data = data;
    this.size = size;
    setText(this.name, data.title);
    if (isOther) {
      this.show(data.group);
      for (const thumb of this.thumbs.querySelectorAll("[data-data]"))
        thumb.setAttribute("aria-pressed", String(thumb.dataset.data === data.id));
      setText(this.help, [data.help, NEED_TITLES[data.needs]].filter(Boolean).join("; "));
      this.edit.hidden = !isDrawn(data);
      this.options = Object.fromEntries(
        data.options.filter(({kind}) => kind !== "text").map((option) => [option.name, this.option(option)]),
      );
      replace(this.rows, ...Object.values(this.options).map((knob) => knob.row)).hidden = !data.options.length;
    }
    segments(
      this.sizes,
      data.sizes.length > 1 ? data.sizes.toSorted((a, b) => a - b).map((n) => [n, `${n} px`]) : [],
      size,
      (n) => {
        this.size = n;
        this.handlers.changed();
      },
    );
    const values = isDrawn(data)
      ? {points: data.options.find(({kind}) => kind === "text").default, ...rememberedDrawing(), ...options}
      : options;
    this.points = values.points ?? null;
    if (this.points) this.picture(data);
    for (const [name, knob] of Object.entries(this.options)) knob.set(values[name] ?? knob.knob.default);
    if (!isOwnImages(data)) this.own.picked = "";
    else this.own.picked = values.set ?? this.own.picked;
    this.own.draw();
    this.describe();
  }

  /** Describes the chosen set of one's own images. */
  describe() {
    if (!this.data || !isOwnImages(this.data)) return;
    const {set} = this.own;
    setText(this.name, set ? set.name : this.data.title);
    setText(
      this.help,
      set
        ? `${whole(set.n)} pictures, ${whole(set.train)} to train on${set.licence ? `; ${set.licence}` : ""}`
        : "These images are not yours, or not there any more.",
    );
  }

  /** A preset's knobs for `data`: the batch is not larger than a set of one's own images. */
  fitKnobs(knobs, data) {
    const {set} = this.own;
    return isOwnImages(data) && set ? {...knobs, batch: Math.min(knobs.batch, set.train)} : {...knobs};
  }

  /** A person chose a data set. Points to draw open the drawing dialog, if there are none or it is chosen again. */
  take(data) {
    if (lacking(this.variant, data)) return;
    const drawAgain = this.data === data || !rememberedDrawing();
    this.handlers.chosen(data.id);
    if (isDrawn(data) && drawAgain) this.draw();
  }

  draw() {
    this.drawing.open({
      points:
        rememberedDrawing() || this.points !== this.data.options.find(({kind}) => kind === "text").default
          ? this.points
          : null,
      spread: this.options.spread.value,
    });
  }

  onDrawn({points, spread}) {
    this.points = points;
    this.options.spread.set(spread);
    this.picture(this.data);
    this.handlers.changed();
  }

  /** Shows the drawn points on their button. */
  picture(data) {
    const places = unpack(this.points);
    const every = Math.max(1, Math.floor(places.length / MAX_SHOWN));
    const button = this.thumbs.children[this.sets.indexOf(data)];
    replace(button, thumbnail({points: places.filter((_, i) => i % every === 0)}));
    button.className = "";
    button.setAttribute("aria-label", data.title);
  }

  option(option) {
    if (option.kind === "text") return new HiddenOption(option);
    const knob = new KnobRow({...option, live: false, of: "data"}, option.default, (name, value, settled) => {
      if (settled) this.handlers.changed();
    });
    this.hint.attach(knob.row, knob.knob);
    return knob;
  }

  /** {name: value} of every option; null when these data have none. */
  get chosen() {
    const all = [
      ...Object.entries(this.options).map(([name, knob]) => [name, knob.value]),
      ...(this.points ? [["points", this.points]] : []),
      ...(isOwnImages(this.data) ? [["set", this.own.picked]] : []),
    ];
    return all.length ? Object.fromEntries(all) : null;
  }
}
