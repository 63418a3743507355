// Which data, in which size, with which options: group by group, a picture for each that has one.

import {h, icon, replace, say} from "./dom.js";
import {Drawing} from "./drawing.js";
import {whole} from "./format.js";
import {Knob} from "./knobs.js";
import {brought, OwnImages} from "./ownimages.js";
import {remembered, unpack} from "./packed.js";
import {segments} from "./segments.js";
import {thumbnail} from "./thumbs.js";

const PENCIL = "M4 20l1-4L16.5 4.5a2 2 0 0 1 3 3L8 19z", SHOWN = 60;          // points that stand for a drawing in its picture
const NEEDS = {network: "needs a network: it is fetched when a run starts", folder: "from a folder on the server"};
const SIGNS = {network: ["M12 4v11m0 0 4-4m-4 4-4-4M5 19h14"], folder: ["M4 18V6h5l2 2.5h9V18z"]};

/** An option without a control of its own: it keeps what a run or a drawing gave it. */
class Held {
  constructor(option) {
    Object.assign(this, {knob: option, value: option.default, row: h("div", {hidden: true, "data-option": option.name})});
  }

  set(value) { this.value = value; }
  differs() {}
  wrong() {}
}

const OWN = "Draw your own";

/** Whether these data are what a person draws: places, as a text that no slider can hold. */
const drawn = (data) => data.kind === "points" && data.options.some(({kind}) => kind === "text");

export class DataPicker {
  /** `hears`: chosen(id); changed(), the size or an option. `hint` explains options. */
  constructor(api, sets, hint, hears) {
    Object.assign(this, {sets, hint, hears, options: {}, size: 0});
    this.name = h("span");
    this.groups = [...new Set(sets.map((d) => d.group))];
    this.tabs = h("div", {class: "kinds", role: "radiogroup", "aria-label": "Kind of data"});
    this.thumbs = h("div", {class: "thumbs", role: "group", "aria-label": "Data"}, ...sets.map((d) => this.button(d)));
    this.own = new OwnImages(api, {taken: () => hears.chosen(sets.find(brought).id), told: () => this.tell()});
    this.thumbs.append(this.own.element);
    this.help = h("p", {class: "note"});
    this.sizes = h("div", {class: "seg", role: "radiogroup", "aria-label": "Size"});
    this.rows = h("div", {class: "knobs options", role: "group", "aria-label": "Options of the data"});
    this.drawing = new Drawing((drawing) => this.drew(drawing));
    this.edit = h("button", {type: "button", class: "link hand again", hidden: true, onclick: () => this.draw()}, "Draw or paste points");
    this.element = h("div", {class: "field data"}, h("div", {class: "lab"}, h("span", {}, "Data"), this.name), this.tabs, this.thumbs, this.help, this.edit, this.own.more, this.sizes, this.rows, this.drawing.element, ...this.own.dialogs);
    this.show(this.groups[0]);
    this.points = remembered()?.points ?? null;
    if (this.points) sets.filter(drawn).forEach((data) => this.picture(data));
  }

  button(data) {
    const {id, title, help, licence, needs, samples, thumb, points} = data, own = drawn(data), bare = own || (!thumb && !points?.length);
    return h("button", {type: "button", class: bare ? "bare" : "", "aria-label": own ? OWN : title, title: [`${title}: ${help}`, samples && `${whole(samples)} to train on`, licence, NEEDS[needs]].filter(Boolean).join("; "), "data-data": id, onclick: () => this.take(data)},
      own ? [icon(PENCIL), h("span", {}, OWN)] : bare ? [icon(...SIGNS[needs] ?? SIGNS.folder), h("span", {}, title)] : thumbnail(data));
  }

  /** The thumbnails of one group. */
  show(group) {
    this.group = group;
    segments(this.tabs, this.groups.length > 1 ? this.groups.map((name) => [name, name]) : [], group, (name) => this.show(name));
    this.sets.forEach((d, i) => { this.thumbs.children[i].hidden = d.group !== group || brought(d); });
    this.own.element.hidden = group !== this.sets.find(brought).group;
  }

  get value() { return this.data.id; }

  /** Show `data` with a size and options, {name: value}; those that are not given stand at their defaults. */
  set(data, size, options = {}) {
    const other = this.data !== data;
    Object.assign(this, {data, size});
    say(this.name, data.title);
    if (other) {
      this.show(data.group);
      for (const thumb of this.thumbs.querySelectorAll("[data-data]")) thumb.setAttribute("aria-pressed", String(thumb.dataset.data === data.id));
      say(this.help, [data.help, NEEDS[data.needs]].filter(Boolean).join("; "));
      this.edit.hidden = !drawn(data);
      this.options = Object.fromEntries(data.options.filter(({kind}) => kind !== "text").map((option) => [option.name, this.option(option)]));
      replace(this.rows, ...Object.values(this.options).map((knob) => knob.row)).hidden = !data.options.length;
    }
    segments(this.sizes, data.sizes.length > 1 ? data.sizes.toSorted((a, b) => a - b).map((n) => [n, `${n} px`]) : [], size, (n) => {
      this.size = n;
      this.hears.changed();
    });
    const had = drawn(data) ? {points: data.options.find(({kind}) => kind === "text").default, ...remembered(), ...options} : options;
    this.points = had.points ?? null;
    if (this.points) this.picture(data);
    for (const [name, knob] of Object.entries(this.options)) knob.set(had[name] ?? knob.knob.default);
    if (!brought(data)) this.own.picked = "";
    else this.own.picked = had.set ?? this.own.picked;
    this.own.draw();
    this.tell();
  }

  /** Which of one's own images are chosen. */
  tell() {
    if (!this.data || !brought(this.data)) return;
    const {set} = this.own;
    say(this.name, set ? set.name : this.data.title);
    say(this.help, set ? `${whole(set.n)} pictures, ${whole(set.train)} to train on${set.licence ? `; ${set.licence}` : ""}` : "These images are not yours, or not there any more.");
  }

  /** A preset's knobs on `data`: one's own images may be fewer than its batch. */
  fitting(knobs, data) {
    const {set} = this.own;
    return brought(data) && set ? {...knobs, batch: Math.min(knobs.batch, set.train)} : {...knobs};
  }

  /** A person took it. What is to be drawn is drawn first, and once it is taken again. */
  take(data) {
    const again = this.data === data || !remembered();
    this.hears.chosen(data.id);
    if (drawn(data) && again) this.draw();
  }

  draw() {
    this.drawing.open({points: remembered() || this.points !== this.data.options.find(({kind}) => kind === "text").default ? this.points : null, spread: this.options.spread.value});
  }

  drew({points, spread}) {
    this.points = points;
    this.options.spread.set(spread);
    this.picture(this.data);
    this.hears.changed();
  }

  /** The points that are drawn, on their button. */
  picture(data) {
    const places = unpack(this.points), every = Math.max(1, Math.floor(places.length / SHOWN)), button = this.thumbs.children[this.sets.indexOf(data)];
    replace(button, thumbnail({points: places.filter((_, i) => i % every === 0)}));
    button.className = "";
    button.setAttribute("aria-label", data.title);
  }

  option(option) {
    if (option.kind === "text") return new Held(option);
    const knob = new Knob({...option, live: false, of: "data"}, option.default, (name, value, settled) => { if (settled) this.hears.changed(); });
    this.hint.on(knob.row, knob.knob);
    return knob;
  }

  /** {name: value} of every option; null when these data have none. */
  get chosen() {
    const all = [...Object.entries(this.options).map(([name, knob]) => [name, knob.value]), ...(this.points ? [["points", this.points]] : []), ...(brought(this.data) ? [["set", this.own.picked]] : [])];
    return all.length ? Object.fromEntries(all) : null;
  }
}
