// The landscape as a 3-D surface, drawn by Plotly while nothing moves.

import {ConnectionLost} from "../core/api.js";
import {cividis} from "./cividis.js";
import {dialog, dialogHead} from "../controls/dialog.js";
import {h, replace, setText, uid} from "../core/dom.js";
import {short, whole} from "../core/format.js";
import {fromUnit} from "./score_landscape.js";
import {palette} from "../core/theme.js";

const STRIDE = 2; // cells a side for each of the surface's: a GPU is not to be had everywhere

function plotly(address) {
  return (
    window.Plotly ??
    new Promise((resolve, reject) =>
      document.head.append(
        h("script", {
          src: address,
          onload: () => resolve(window.Plotly),
          onerror: () => reject(new ConnectionLost(false)),
        }),
      ),
    )
  );
}

export class Surface3D {
  /** `address`: of Plotly's script. */
  constructor(address) {
    this.address = address;
    const title = uid("surface");
    this.box = h("div", {class: "turned", role: "img"});
    this.about = h("p", {class: "note"});
    this.element = dialog(
      {class: "dialog surface", "aria-labelledby": title},
      h(
        "div",
        {class: "inside"},
        dialogHead(h("h2", {id: title}, "The landscape as a surface"), () => this.element.close()),
        this.about,
        this.box,
      ),
    );
    this.element.addEventListener("close", () => {
      this.snapshot = null;
      window.Plotly?.purge(this.box);
    });
  }

  async open({snapshot}) {
    this.element.showModal();
    if (!document.createElement("canvas").getContext("webgl"))
      return setText(this.about, "It cannot be drawn here: the browser has no WebGL.");
    setText(this.about, "Fetching what draws it.");
    try {
      await this.draw(await plotly(this.address), snapshot);
      this.snapshot = snapshot;
      setText(
        this.about,
        `Step ${whole(snapshot.step)}. Drag to turn, scroll to zoom; heights are ` +
          `${snapshot.scale === "log" ? "logarithms of " : ""}${snapshot.unit}` +
          `${snapshot.rising ? "" : ", high is real"}.`,
      );
    } catch (error) {
      replace(this.box);
      setText(
        this.about,
        error instanceof ConnectionLost
          ? `What draws it could not be fetched: ${error.message}. Try again.`
          : "It cannot be drawn here.",
      );
      if (!(error instanceof ConnectionLost)) throw error;
    }
  }

  /** The theme changed. */
  restyle() {
    if (this.snapshot) this.draw(window.Plotly, this.snapshot);
  }

  async draw(Plotly, snapshot) {
    const {score: cells} = snapshot.arrays;
    const [n] = cells.shape;
    const rows = n / STRIDE;
    const cell = (2 * snapshot.view) / n;
    const side = Array.from({length: rows}, (_, i) => (i * STRIDE + 0.5) * cell - snapshot.view);
    const z = side.map((_, j) => side.map((_, i) => cells[j * STRIDE * n + i * STRIDE] / 255));
    const text = z.map((row) => row.map((t) => short(fromUnit(snapshot, t))));
    const ramp = Array.from({length: 17}, (_, i) => [
      i / 16,
      `rgb(${cividis(snapshot.rising ? i / 16 : 1 - i / 16).join(",")})`,
    ]);
    const ticks = [0, 0.25, 0.5, 0.75, 1];
    const axis = {color: palette.ink2, gridcolor: palette.rule2, zeroline: false, title: {text: ""}, showspikes: false};
    const layout = {
      margin: {l: 0, r: 0, t: 0, b: 0},
      paper_bgcolor: palette.paper,
      font: {family: palette.sans, size: 11, color: palette.ink2},
      scene: {
        camera: {eye: {x: 0.9, y: -1.2, z: 1.15}},
        aspectratio: {x: 1, y: 1, z: 0.5},
        xaxis: axis,
        yaxis: axis,
        zaxis: {...axis, range: [0, 1], tickvals: ticks, ticktext: ticks.map((t) => short(fromUnit(snapshot, t), 2))},
      },
    };
    const surface = {
      type: "surface",
      x: side,
      y: side,
      z,
      text,
      colorscale: ramp,
      cmin: 0,
      cmax: 1,
      showscale: false,
      hovertemplate: `${snapshot.unit} %{text}<br>at %{x:.1f}, %{y:.1f}<extra></extra>`,
      contours: {
        z: {
          show: true,
          width: 1,
          color: "rgba(255,255,255,.35)",
          start: 0.125,
          end: 0.875,
          size: 0.125,
          highlight: false,
        },
      },
    };
    this.box.setAttribute("aria-label", `Surface of D's ${snapshot.unit} over the plane at step ${snapshot.step}`);
    await Plotly.react(this.box, [surface], layout, {responsive: true, displayModeBar: false});
  }
}
