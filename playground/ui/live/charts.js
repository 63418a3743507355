// Charts of everything a run logs. Scalars of one group (before "/") and one unit share a chart. uPlot draws.

import {h, replace, symbol, token} from "./dom.js";
import {plain, short, whole} from "./format.js";

const HEIGHT = 96;
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const ROLE = {real: "--real", fake: "--fake"};

/** [{key, names, scalars}] in the order of declaration, the variant's own first, losses and gradients last. */
export function grouped(scalars) {
  const groups = new Map();
  for (const [name, scalar] of Object.entries(scalars)) {
    const key = `${name.split("/")[0]} ${scalar.unit}`;
    if (!groups.has(key)) groups.set(key, {key, names: []});
    groups.get(key).names.push(name);
  }
  const late = (g) => /^(loss|grad|lr) /.test(g.key);
  return [...groups.values()].sort((a, b) => late(a) - late(b));
}

/** The measured numbers, which come with frames. */
export const MEASURES = {
  "modes/found": {help: "clusters that hold a quarter of their fair share within 3σ", unit: "modes"},
  "modes/share": {help: "share of fakes within 3σ of a cluster", unit: "share", healthy: [0.5, 1]},
  "sample/std": {help: "spread of the samples; the line is the data's", unit: "sd"},
};

export class Chart {
  constructor(root, group, scalars, sync) {
    Object.assign(this, {root, group, scalars, sync, names: group.names, measured: group.measured});
    const first = scalars[group.names[0]], alone = group.names.length === 1;
    this.caption = h("figcaption", {class: "cap"},
      h("span", {}, alone && first.symbol ? symbol(first.symbol) : capital(alone ? group.names[0].replace("/", " ") : group.key.split(" ")[0]), alone || first.unit === group.key.split(" ")[0] ? "" : h("span", {class: "note"}, ` ${first.unit}`)),
      h("span", {class: "note"}, alone ? first.help : group.names.map((name) => h("span", {class: "key"}, h("span", {class: `dot ${this.role(name)}`}), name.split("/")[1]))));
    this.box = h("div", {class: "plot"});
    this.summary = h("p", {class: "sr"});
    this.table = h("div", {class: "table", hidden: true});
    this.element = h("figure", {class: "chart", "data-chart": group.key, role: "group", "aria-label": `Chart: ${group.names.join(", ")}`}, this.caption, this.box, this.summary,
      h("button", {type: "button", class: "link table-toggle", "aria-expanded": "false", onclick: (e) => this.tabulate(e.currentTarget)}, "table"), this.table);
  }

  role(name) {
    const last = name.split("/")[1];
    return ROLE[last] ? last : last === "g" ? "fake" : "";
  }

  colour(name) {
    return token(this.root, ROLE[this.role(name)] ?? "--trace");
  }

  /** The reference line as [[step, value], ...], or null. */
  reference(spec, history) {
    if (this.names[0] === "sample/std") return history.measured("sample/real") == null ? null : [[0, history.measured("sample/real")]];
    const {line} = this.scalars[this.names[0]];
    if (line == null) return null;
    return typeof line === "number" ? [[0, line]] : history.knob(line, spec.knobs[line]);
  }

  columns(history) {
    if (this.measured) {
      const rows = history.measures.filter((m) => this.names.some((n) => m[n] != null));
      return [rows.map((m) => m.step), ...this.names.flatMap((n) => { const mid = rows.map((m) => m[n] ?? null); return [mid, mid, mid]; })];
    }
    const none = history.steps.map(() => null);
    return [history.steps, ...this.names.flatMap((n) => { const s = history.series[n]; return s ? [s.mid, s.low, s.high] : [none, none, none]; })];
  }

  draw(history, spec) {
    if (!this.box.clientWidth) return;
    Object.assign(this, {history, spec, columnsNow: this.columns(history)});
    const data = this.columnsNow, theme = document.body.classList.contains("dark");
    if (!this.plot || this.theme !== theme) {
      this.plot?.destroy();
      this.theme = theme;
      this.plot = new window.uPlot(this.options(), data, this.box);
      this.width = this.box.clientWidth;
    } else {
      if (this.width !== this.box.clientWidth) this.plot.setSize({width: this.width = this.box.clientWidth, height: HEIGHT});
      this.plot.setData(data, !this.zoomed);
      if (this.zoomed) this.plot.redraw(false);
    }
    replace(this.summary, this.inWords(history));
  }

  options() {
    const ink = token(this.root, "--ink-3"), rule = token(this.root, "--rule"), font = `11px ${token(this.root, "--sans")}`;
    const axis = {stroke: ink, font, grid: {stroke: rule, width: 1}, ticks: {show: false}, gap: 4};
    return {
      width: this.box.clientWidth, height: HEIGHT, padding: [6, 8, 0, 0],
      legend: {show: false}, cursor: {sync: {key: this.sync, setSeries: false}, drag: {x: true, y: false}, points: {size: 6}},
      scales: {x: {time: false}, y: {range: (u, low, high) => this.range(low, high)}},
      axes: [{...axis, grid: {show: false}, size: 18, space: 70, values: (u, ticks) => ticks.map(whole)}, {...axis, size: 44, space: 26, values: (u, ticks) => ticks.map((v) => short(v, 2))}],
      series: [{}, ...this.names.flatMap((name) => { const colour = this.colour(name); return [{stroke: colour, width: 1.5, points: {show: (u) => this.measured && u.data[0].length < 3}}, {points: {show: false}}, {points: {show: false}}]; })],
      bands: this.measured ? [] : this.names.map((name, i) => ({series: [3 * i + 3, 3 * i + 2], fill: `${this.colour(name)}22`})),
      hooks: {drawClear: [(u) => this.under(u)], setCursor: [(u) => this.hover(u)], setSelect: [(u) => { if (u.select.width > 4) this.zoomed = true; }],
        ready: [(u) => u.over.addEventListener("dblclick", () => { this.zoomed = false; })]},
    };
  }

  /** Room for the data and, where it is not far off, for the reference line; the mean lines decide, spikes of the band are clipped. */
  range(low, high) {
    const all = this.columnsNow[0].length, from = all > 40 ? Math.floor(all * 0.3) : 0;        // the first moments of a run are often far off
    const mids = this.names.flatMap((_, i) => this.columnsNow[3 * i + 1].slice(from)).filter((v) => v != null).sort((a, b) => a - b);
    if (!mids.length) return [0, 1];
    const cut = Math.floor(mids.length * 0.02);
    let a = mids[Math.min(cut, mids.length - 1)], b = mids[mids.length - 1 - cut];
    if (low != null) a = Math.max(low, a - (b - a) * 0.3);
    if (high != null) b = Math.min(high, b + (b - a) * 0.3);
    const lines = (this.reference(this.spec, this.history) ?? []).map(([, v]) => v);
    for (const v of lines) if (v > a - 2 * (b - a) - 1e-9 && v < b + 2 * (b - a) + 1e-9) { a = Math.min(a, v); b = Math.max(b, v); }
    const room = (b - a || Math.abs(a) || 1) * 0.08;
    return [a >= 0 && a - room < 0 ? 0 : a - room, b + room];
  }

  /** Healthy band, reference line and tune marks, beneath the curves. */
  under(u) {
    const {ctx: g, bbox: {left, top, width, height}} = u, X = (v) => u.valToPos(v, "x", true), Y = (v) => u.valToPos(v, "y", true);
    g.save();
    g.beginPath();
    g.rect(left, top, width, height);
    g.clip();
    g.strokeStyle = token(this.root, this.names[0] === "sample/std" ? "--real" : "--hand");
    g.lineWidth = 1.4 * devicePixelRatio;
    g.setLineDash([5 * devicePixelRatio, 3 * devicePixelRatio]);
    const reference = this.reference(this.spec, this.history);
    reference?.forEach(([step, value], i) => {
      const end = reference[i + 1]?.[0];
      g.beginPath();
      g.moveTo(Math.max(left, X(step)), Y(value));
      g.lineTo(end == null ? left + width : X(end), Y(value));
      g.stroke();
    });
    g.strokeStyle = token(this.root, "--hand");
    g.lineWidth = devicePixelRatio;
    g.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const mark of this.history.marks) {
      g.beginPath();
      g.moveTo(X(mark.step), top);
      g.lineTo(X(mark.step), top + height);
      g.stroke();
    }
    g.restore();
  }

  hover(u) {
    const at = u.cursor.idx;
    this.tip ??= this.box.appendChild(h("span", {class: "tip", "aria-hidden": "true"}));
    this.tip.hidden = at == null || u.cursor.left < 0;
    if (this.tip.hidden) return;
    replace(this.tip, `${whole(u.data[0][at])}: ${this.names.map((n, i) => `${this.names.length > 1 ? `${n.split("/")[1]} ` : ""}${short(u.data[3 * i + 1][at])}`).join(", ")}`);
    this.tip.classList.toggle("flip", u.cursor.left > u.over.clientWidth / 2);
  }

  inWords(history) {
    const said = this.names.map((n) => `${n.replace("/", " ")} ${short(history.value(n))}`).join(", ");
    const line = this.scalars[this.names[0]].line;
    return `${said}${typeof line === "string" ? `, target ${line} ${plain(this.spec.knobs[line])}` : ""}.`;
  }

  tabulate(button) {
    this.table.hidden = !this.table.hidden;
    button.setAttribute("aria-expanded", String(!this.table.hidden));
    if (this.table.hidden || !this.columnsNow) return;
    const [steps, ...parts] = this.columnsNow, every = Math.max(1, Math.ceil(steps.length / 40));
    replace(this.table, h("table", {}, h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "step"), ...this.names.map((n) => h("th", {scope: "col"}, n)))),
      h("tbody", {}, ...steps.map((s, i) => [s, i]).filter(([, i]) => i % every === 0).map(([s, i]) => h("tr", {}, h("th", {scope: "row"}, whole(s)), ...this.names.map((_, k) => h("td", {}, short(parts[3 * k][i]))))))));
  }
}
