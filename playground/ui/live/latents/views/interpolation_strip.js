// The interpolation strip: samples between two latents, lerp and slerp, with |z|. For runs that are not training.

import {h, replace, setText, uid} from "../../core/dom.js";
import {parseNumber} from "../../core/format.js";
import {latentsAddress, link} from "../../core/links.js";
import {diceButton} from "../../core/seed_dice.js";
import {drawTiles} from "../../canvas/image_grid.js";
import {decodeBitmap, Lengths, MODES} from "../tools/interpolation_modes.js";

const N = 9;
const ROOM = 6;
const EDGE = 10; // px between two pictures; left and right of the plot of |z| where there are none

/** Goes to another address; the shell is told by a popstate event. */
function visit(address) {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}

export class InterpolationStrip {
  /**
   * @param {Api} api
   * @param {(points: Point[] | null) => void} onPath called with the path to draw over the points, null for none
   */
  constructor(api, onPath) {
    this.api = api;
    this.onPath = onPath;
    const seed = (value, label) =>
      h("input", {
        type: "text",
        inputmode: "numeric",
        class: "num",
        value,
        "aria-label": label,
        autocomplete: "off",
        onchange: () => this.ask(),
      });
    this.a = seed(1, "Seed of the first latent");
    this.b = seed(2, "Seed of the last latent");
    const id = uid("way");
    const ask = () => this.ask();
    const seedRow = (word, field, label) =>
      h("span", {class: "row"}, h("span", {}, word), field, diceButton(label, field, ask));
    this.mode = h(
      "select",
      {id, onchange: () => this.draw()},
      ...Object.entries({auto: "as the prior asks", ...MODES}).map(([value, text]) => h("option", {value}, text)),
    );
    this.choice = h("span", {class: "row way-of"}, h("label", {for: id}, "path"), this.mode);
    this.canvas = h("canvas");
    this.rows = Object.keys(MODES).map((mode) => ({
      mode,
      name: h("figcaption", {class: "note"}),
      image: h("img", {"data-testid": `strip-${mode}`}),
    }));
    this.pictures = h("div", {class: "two-ways"}, ...this.rows.map(({name, image}) => h("figure", {}, name, image)));
    this.lengths = new Lengths();
    this.note = h("p", {class: "note", role: "status"});
    this.more = h("span", {class: "more-of note"});
    this.plotBox = h("div", {class: "way"}, this.pictures, this.lengths.element);
    this.element = h(
      "section",
      {class: "strip", hidden: true, "aria-label": "Between two latents"},
      h("div", {class: "cap"}, h("h2", {}, "Between two latents"), this.more),
      h(
        "div",
        {class: "ends"},
        seedRow("from", this.a, "Another first latent"),
        seedRow("to", this.b, "Another last latent"),
        this.choice,
      ),
      this.plotBox,
      this.note,
    );
    new ResizeObserver(
      ([
        {
          contentRect: {width},
        },
      ]) => {
        this.width = width;
        this.draw();
      },
    ).observe(this.plotBox);
  }

  /** `run` null hides it. A run that trained on is asked again. */
  showRun(run, step) {
    const key = run && `${run} ${step}`;
    if (this.key === key) return;
    this.key = key;
    this.run = run;
    this.answer = null;
    this.sheets = null;
    this.element.hidden = true;
    this.onPath(null);
    if (run) {
      replace(this.more, link(latentsAddress(run), visit, {}, "More with its latents"));
      this.ask();
    }
  }

  async ask() {
    const {key, run} = this;
    const request = (this.request = {
      run,
      a: parseNumber(this.a.value) ?? this.a.value,
      b: parseNumber(this.b.value) ?? this.b.value,
      n: N,
    });
    try {
      const answer = await this.api.strip(request);
      const sheets = answer.lerp.image
        ? await Promise.all(this.rows.map(({mode}) => decodeBitmap(answer[mode].image)))
        : null;
      if (key !== this.key || request !== this.request) return;
      this.answer = answer;
      this.sheets = sheets;
      this.element.hidden = false;
      this.draw();
    } catch (error) {
      if (key !== this.key || error.field === "run") return; // no checkpoint (yet): there is nothing to walk through
      setText(this.note, error.message);
    }
  }

  draw() {
    const {answer, sheets, width} = this;
    if (!answer || !width) return;
    const mode = this.mode.value === "auto" ? answer.default : this.mode.value;
    this.pictures.hidden = !sheets;
    this.choice.hidden = Boolean(sheets);
    if (sheets) this.samples(sheets);
    this.lengths.draw(
      answer,
      sheets ? answer.default : mode,
      width,
      sheets ? (width - this.tileGap() * (N - 1)) / N / 2 : EDGE,
      !sheets,
    );
    setText(
      this.note,
      sheets
        ? `${answer.default} is what the prior asks for; the lines are |z|, the length of the latent`
        : `${mode}; |z| is the length of the latent. Its way is drawn over the points, from the filled end`,
    );
    if (!sheets) this.onPath(answer[mode].points);
  }

  samples(sheets) {
    this.rows.forEach(({mode, name, image}, i) => {
      drawTiles(this.canvas, sheets[i], this.answer[mode].size, N, this.width, this.tileGap());
      image.src = this.canvas.toDataURL();
      image.alt = `${N} samples between the two latents, ${MODES[mode]}`;
      name.textContent = MODES[mode];
    });
  }

  tileGap() {
    return this.width < 440 ? ROOM - 3 : ROOM;
  }
}
