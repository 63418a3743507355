// Where an encoder puts data: codes of held-out samples against the prior, and beside them the same square decoded.

import {h, setText} from "../../core/dom.js";
import {short, whole} from "../../core/format.js";
import {CodeScatter} from "../views/code_scatter.js";
import {button} from "../fields.js";
import {LatestOnly} from "../latest_only.js";
import {ResultView} from "../views/result_view.js";
import {Tool} from "../tool.js";

const SIDE = 15; // samples of the decoded square in a row
const GAP = 1; // px

/** A share as a whole percentage. */
const percent = (share) => `${Math.round(100 * share)}%`;

export class EncodingsTool extends Tool {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    super(
      workbench,
      "encodings",
      "Where E puts samples that were held out of training, beside latents drawn from the prior. Where codes are and " +
        "the prior is not, G's samples lack something; where the prior is alone, G makes what no data are like.",
    );
    this.controls.append(button("Encode again", () => this.ask()));
    this.scatter = new CodeScatter();
    this.axes = h("figcaption", {class: "note"});
    this.plane = new ResultView(workbench, {
      label: "The square decoded",
      gap: GAP,
      columns: () => SIDE,
      maxSide: 36,
      sampleName: (i) => `row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`,
    });
    this.decoded = h(
      "figure",
      {},
      this.plane.element,
      h("figcaption", {class: "note"}, "The same square, decoded: what G makes of each place. Press one to pin it."),
    );
    this.decoded.hidden = workbench.points;
    this.box = h("div", {class: "pair", hidden: true}, h("figure", {}, this.scatter.element, this.axes), this.decoded);
    this.stage.append(this.box);
    this.latest = new LatestOnly(
      (message) => workbench.askLong("encodings", message),
      (answer) => this.showAnswer(answer),
      (error) => this.showFailure(error),
    );
  }

  ask() {
    if (this.box.hidden) this.showNote("Encoding held-out samples");
    this.latest.schedule({y: null});
  }

  showAnswer(answer) {
    const {explained, full, reach, decoded, codes, labels} = answer;
    this.box.hidden = false;
    this.scatter.set(answer);
    if (decoded) this.plane.set(decoded);
    const span = `from −${short(reach)} to ${short(reach)}`;
    setText(
      this.axes,
      full
        ? `The whole latent space: its two numbers, ${span}.`
        : `The plane in which codes vary most, ${span} about their middle: ${explained.map(percent).join(" and ")} ` +
            "of their variance. Draws of the prior are projected into it.",
    );
    const told = labels ? " Their classes colour them; E was told none." : "";
    this.showNote(`${whole(codes.length)} held-out samples.${told}`);
  }

  draw() {
    this.scatter.draw();
    if (!this.decoded.hidden) this.plane.draw();
  }
}
