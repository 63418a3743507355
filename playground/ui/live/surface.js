// The landscape as a surface that can be turned. Plotly draws it: it is only looked at while nothing moves.

import {Lost} from "./api.js";
import {cividis} from "./cividis.js";
import {h, icon, replace, say, uid} from "./dom.js";
import {short, whole} from "./format.js";
import {score} from "./landscape.js";
import {palette} from "./theme.js";

const EVERY = 2;        // cells a side for each of the surface's: a GPU is not to be had everywhere

function plotly(address) {
  return window.Plotly ?? new Promise((done, failed) => document.head.append(h("script", {src: address, onload: () => done(window.Plotly), onerror: () => failed(new Lost(false))})));
}

export class Surface {
  /** `address`: of Plotly's script. */
  constructor(address) {
    this.address = address;
    const title = uid("surface");
    this.box = h("div", {class: "turned", role: "img"});
    this.about = h("p", {class: "note"});
    const close = () => this.element.close();
    this.element = h("dialog", {class: "dialog surface", "aria-labelledby": title, onclick: ({target}) => { if (target === this.element) close(); }},
      h("div", {class: "inside"}, h("div", {class: "cap"}, h("h2", {id: title}, "The landscape as a surface"), h("button", {type: "button", class: "icon", "aria-label": "Close", onclick: close}, icon("M6 6l12 12M18 6L6 18"))), this.about, this.box));
    this.element.addEventListener("close", () => window.Plotly?.purge(this.box));
  }

  async open({look}) {
    this.element.showModal();
    if (!document.createElement("canvas").getContext("webgl")) return say(this.about, "It cannot be drawn here: the browser has no WebGL.");
    say(this.about, "Fetching what draws it.");
    try {
      await this.draw(await plotly(this.address), look);
      say(this.about, `Step ${whole(look.step)}. Drag to turn, scroll to come nearer; heights are ${look.scale === "log" ? "logarithms of " : ""}${look.unit}${look.rising ? "" : ", high is real"}.`);
    } catch (error) {
      replace(this.box);
      say(this.about, error instanceof Lost ? `What draws it could not be fetched: ${error.message}. Try again.` : "It cannot be drawn here.");
      if (!(error instanceof Lost)) throw error;
    }
  }

  async draw(Plotly, look) {
    const {score: cells} = look.arrays, [n] = cells.shape, m = n / EVERY, cell = 2 * look.view / n, side = Array.from({length: m}, (_, i) => (i * EVERY + 0.5) * cell - look.view);
    const z = side.map((_, j) => side.map((_, i) => cells[j * EVERY * n + i * EVERY] / 255)), text = z.map((row) => row.map((t) => short(score(look, t))));
    const ramp = Array.from({length: 17}, (_, i) => [i / 16, `rgb(${cividis(look.rising ? i / 16 : 1 - i / 16).join(",")})`]);
    const ticks = [0, 0.25, 0.5, 0.75, 1], axis = {color: palette.ink2, gridcolor: palette.rule2, zeroline: false, title: {text: ""}, showspikes: false};
    const layout = {margin: {l: 0, r: 0, t: 0, b: 0}, paper_bgcolor: palette.paper, font: {family: palette.sans, size: 11, color: palette.ink2},
      scene: {camera: {eye: {x: 0.9, y: -1.2, z: 1.15}}, aspectratio: {x: 1, y: 1, z: 0.5}, xaxis: axis, yaxis: axis, zaxis: {...axis, range: [0, 1], tickvals: ticks, ticktext: ticks.map((t) => short(score(look, t), 2))}}};
    const surface = {type: "surface", x: side, y: side, z, text, colorscale: ramp, cmin: 0, cmax: 1, showscale: false, hovertemplate: `${look.unit} %{text}<br>at %{x:.1f}, %{y:.1f}<extra></extra>`, contours: {z: {show: true, width: 1, color: "rgba(255,255,255,.35)", start: 0.125, end: 0.875, size: 0.125, highlight: false}}};
    this.box.setAttribute("aria-label", `Surface of D's ${look.unit} over the plane at step ${look.step}`);
    await Plotly.react(this.box, [surface], layout, {responsive: true, displayModeBar: false});
  }
}
