// Inversion: searches the latent of a picture or a held-out sample on the server.

import {ConnectionLost} from "../../core/api.js";
import {h, setText} from "../../core/dom.js";
import {short} from "../../core/format.js";
import {PictureChooser} from "../picture_chooser.js";
import {NumberField, button, ChoiceField, SeedField} from "../fields.js";
import {ResultView} from "../views/result_view.js";
import {drawSampleTile} from "../views/sample_tile.js";
import {Tool} from "../tool.js";

const POLL_MS = 300;
const SIDE = 320; // ms between two questions how far it is; px

export class InversionTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    const {encoder} = workbench.about;
    super(
      workbench,
      "search",
      encoder
        ? "Which latent could it come from? The encoder E gives one at once; what G makes of it is shown beside."
        : "Which latent could it come from? Several searches start at random latents and descend the gradient; " +
            "the best is shown as it gets better.",
    );
    const {points} = workbench;
    const ignore = () => {};
    this.sourceField = new ChoiceField(
      "Look for",
      points
        ? [["held", "A held-out point"]]
        : [
            ["held", "Held-out sample"],
            ["file", "Your picture"],
          ],
      "held",
      () => this.showSource(),
    );
    this.index = new SeedField("Its number, from 0", 0, ignore, {die: false});
    this.chooser = new PictureChooser();
    this.restarts = new NumberField("Tries", {low: 1, high: 16, step: 1, value: 8}, ignore);
    this.steps = new NumberField("Steps of each", {low: 10, high: 1000, step: 10, value: 300}, ignore);
    this.restarts.element.hidden = this.steps.element.hidden = encoder;
    this.act = encoder ? "Encode" : "Search";
    this.acting = encoder ? "Encoding" : "Searching";
    this.start = h("button", {type: "button", class: "go", onclick: () => this.begin()}, this.act);
    this.fields = {
      target: {setError: (text) => (this.isUpload ? this.chooser : this.index).setError(text)},
      file: this.chooser,
      data: this.index,
      restarts: this.restarts,
      steps: this.steps,
    };
    this.controls.append(
      ...[this.sourceField, this.index, this.chooser, this.restarts, this.steps].map(({element}) => element),
      this.start,
    );
    this.bar = h("progress", {max: 1, value: 0, "aria-label": "Searched", hidden: true});
    this.target = h("canvas", {class: "target", role: "img", "aria-label": "What is looked for"});
    this.resultView = new ResultView(workbench, {
      label: "The best so far",
      maxSide: SIDE,
      sampleName: () => this.resultName,
    });
    this.figures = h(
      "div",
      {class: points ? "" : "pair", hidden: true},
      !points && h("figure", {}, this.target, h("figcaption", {class: "note"}, "looked for")),
      h("figure", {}, this.resultView.element, !points && h("figcaption", {class: "note"}, "the best so far")),
    );
    this.pinButton = button("Pin the result", () => workbench.tray.toggle(this.resultView.pins[0]), {hidden: true});
    this.stage.append(this.bar, this.figures, h("div", {class: "acts-of"}, this.pinButton));
    this.showSource();
    this.showNote("Nothing has been searched for yet.");
  }

  /** Whether it is a picture of one's own. */
  get isUpload() {
    return this.sourceField.value === "file";
  }

  showSource() {
    this.sourceField.element.hidden = this.workbench.points;
    this.index.element.hidden = this.isUpload;
    this.chooser.element.hidden = !this.isUpload;
  }

  async begin() {
    this.start.disabled = true;
    setText(this.start, this.acting);
    try {
      await this.search();
    } catch (error) {
      if (error.field === "target") this.chooser.forget();
      this.showFailure(error);
    }
    this.bar.hidden = true;
    this.start.disabled = false;
    setText(this.start, this.act);
  }

  async search() {
    const {isUpload, index, chooser, restarts, steps, workbench} = this;
    const target = isUpload ? {upload: await chooser.id()} : {index: index.value};
    const {job} = await workbench.ask("invert", {target, restarts: restarts.value, steps: steps.value});
    this.resultName = isUpload ? `found for ${chooser.file.name}` : `found for held-out ${index.value}`;
    this.showNote(this.acting);
    this.bar.value = 0;
    this.bar.hidden = false;
    for (;;) {
      const progress = await this.pollJob(job);
      if (progress?.lost) return this.generalError.show("This search broke off: begin it again.");
      if (progress) this.shown(progress);
      if (progress?.done) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The progress of the search; null while the page is hidden or disconnected. The search goes on regardless. */
  async pollJob(job) {
    if (!this.workbench.awake) return null;
    try {
      return await this.workbench.jobProgress(job);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      setText(this.note, `The ${error.message}; the search goes on`);
      return null;
    }
  }

  shown(progress) {
    const {share, residual, done, target, z, points} = progress;
    this.progress = progress;
    this.bar.value = share;
    if (!z) return;
    if (this.figures.hidden) {
      this.figures.hidden = this.pinButton.hidden = false;
      this.figures.scrollIntoView({block: "nearest"});
    }
    this.resultView.set(progress, {
      layers: points
        ? {
            links: [[target.points[0], points[0]]],
            marks: [
              {at: target.points[0], kind: "real", name: "looked for"},
              {at: points[0], kind: "hand", name: "found"},
            ],
          }
        : {},
    });
    this.draw();
    setText(
      this.note,
      `${done ? "Done" : `${Math.round(100 * share)}%`}: residual ` +
        `${short(residual)}${points ? "" : ", where black and white are 2 apart"}; |z| ${short(progress.norms[0])}`,
    );
  }

  draw() {
    this.resultView.draw();
    if (this.progress?.target.sheet)
      drawSampleTile(this.target, this.progress.target, 0, Math.min(SIDE, this.target.clientWidth || SIDE));
  }
}
