// The fork dialog: from which step, as which variant, with which knobs. The parent stays as it is.

import {ConnectionLost} from "../core/api.js";
import {h, setText, uid} from "../core/dom.js";
import {dialog, dialogHead} from "../controls/dialog.js";
import {parseNumber, whole} from "../core/format.js";
import {ErrorLine} from "../controls/error_line.js";
import {ForkKnobs} from "./fork_knobs.js";

/** The newest of sorted `steps` at or before `step`; the first when all are later, null without any. */
export const nearestStep = (steps, step) => steps.findLast((s) => s <= step) ?? steps[0] ?? null;

/** Opens a child, and says what could not be taken over. */
export function openFork(tab, {run, fresh}) {
  tab.banner.forkedRun = {run, fresh};
  tab.open(run);
}

export class ForkDialog {
  /** `opened(made)`: a child has begun, {run, step, fresh}. */
  constructor(api, catalogue, opened) {
    this.api = api;
    this.catalogue = catalogue;
    this.opened = opened;
    const budgetId = uid("fork-budget");
    const pauseId = uid("fork-rests");
    const titleId = uid("fork-title");
    this.stepRange = h("input", {
      type: "range",
      class: "time",
      "aria-label": "From step",
      min: 0,
      step: 1,
      oninput: () => this.selectStep(Number(this.stepRange.value)),
    });
    this.stepLabel = h("b", {"data-testid": "fork-step"});
    this.note = h("p", {class: "note"});
    this.cause = h("p", {class: "note cause"});
    this.knobs = new ForkKnobs(catalogue, (changes) => this.labelButton(changes));
    this.budget = h("input", {
      type: "text",
      inputmode: "numeric",
      class: "num",
      id: budgetId,
      autocomplete: "off",
      oninput: () => this.knobs.update(),
    });
    this.pauseParent = h("input", {type: "checkbox", role: "switch", id: pauseId});
    this.pauseRow = h(
      "div",
      {class: "row spread rests"},
      h("label", {class: "note", for: pauseId}, "Pause this run, so that the fork need not wait"),
      this.pauseParent,
    );
    this.error = new ErrorLine();
    this.submitButton = h("button", {type: "submit", class: "go fork", "data-testid": "fork-go"});
    this.element = dialog(
      {class: "dialog forking", "aria-labelledby": titleId},
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
        dialogHead(h("h2", {id: titleId}, "Fork"), () => this.element.close()),
        h(
          "p",
          {class: "note"},
          "A second run that begins with the same weights, optimisers, latents and place in the data. This one " +
            "stays as it is.",
        ),
        this.cause,
        h(
          "div",
          {class: "field"},
          h("div", {class: "lab"}, h("span", {}, "From step"), this.stepLabel),
          this.stepRange,
          this.note,
        ),
        this.knobs.variantField,
        this.knobs.basic,
        this.knobs.details,
        h("div", {class: "row spread"}, h("label", {class: "note", for: budgetId}, "Steps in all"), this.budget),
        this.pauseRow,
        this.knobs.changes,
        this.error.element,
        this.submitButton,
      ),
    );
  }

  /**
   * Opens the dialog. `run`: its last update; `step`: the wanted step, null for now; `alarm`: what went wrong after it;
   * `knobs`, `as`: changes to begin with.
   */
  async open({run, spec, variant, data, history, step = null, alarm = null, knobs = {}, as = null}) {
    this.run = run;
    this.spec = spec;
    this.alarm = alarm;
    this.steps = [];
    this.knobs.begin({spec, variant, data, history});
    setText(this.cause, alarm ? `${alarm.says} Unchanged, it would come to the same again: change something.` : "");
    this.cause.hidden = !alarm;
    this.budget.value = spec.steps;
    this.pauseRow.hidden = !run.mine || run.status !== "running";
    this.pauseParent.checked = !this.pauseRow.hidden && this.catalogue.limits.running < 2;
    this.setError("");
    this.knobs.setStep(step ?? run.step, as ?? variant.id, knobs);
    this.knobs.details.open = false;
    this.setReady(false, "looking for checkpoints");
    this.element.showModal();
    this.stepRange.focus();
    const answer = await this.api.checkpoints({run: run.run}).catch((error) => this.showFailure(error));
    if (!answer || this.run !== run) return;
    // null: now
    this.steps = ["running"].includes(run.status) ? [...answer.steps.filter((s) => s < run.step), null] : answer.steps;
    this.stepRange.max = Math.max(0, this.steps.length - 1);
    this.stepRange.disabled = this.steps.length < 2;
    if (!this.steps.length) {
      this.setReady(false);
      return this.setError("There is no checkpoint of this run to begin from, yet.");
    }
    const index =
      step == null
        ? this.steps.length - 1
        : this.steps.indexOf(
            nearestStep(
              this.steps.filter((s) => s != null),
              step,
            ),
          );
    this.selectStep(Math.max(0, index), step);
    this.setReady(true);
  }

  /**
   * Selects a checkpoint.
   * @param {number} index
   * @param {number | null} requested the step that was asked for
   */
  selectStep(index, requested = null) {
    const step = this.steps[index];
    const isNow = step == null;
    this.chosen = index;
    this.stepRange.value = index;
    this.stepRange.style.setProperty(
      "--done",
      `${this.steps.length > 1 ? (index / (this.steps.length - 1)) * 100 : 100}%`,
    );
    this.stepRange.setAttribute("aria-valuetext", isNow ? "now" : `step ${whole(step)}`);
    setText(this.stepLabel, isNow ? "now" : whole(step));
    setText(
      this.note,
      isNow
        ? "It is kept as it stands at this moment."
        : requested != null && requested !== step
          ? `The newest checkpoint at or before step ${whole(requested)}.`
          : `One of ${this.steps.length} kept checkpoints.`,
    );
    const from = step ?? this.run.step;
    const left = parseNumber(this.budget.value);
    if (left != null && left <= from) this.budget.value = from + this.spec.steps;
    this.knobs.setStep(from);
  }

  setReady(isReady, reason = "") {
    this.submitButton.disabled = !isReady;
    if (!isReady) setText(this.note, reason);
  }

  /** Labels the button with the number of changes. */
  labelButton(changes) {
    setText(
      this.submitButton,
      changes ? (changes === 1 ? "Fork with this change" : `Fork with these ${changes} changes`) : "Fork unchanged",
    );
  }

  setError(text, field = null) {
    const row = this.knobs.setError(text, field);
    if (field === "steps") this.budget.setAttribute("aria-invalid", "true");
    else this.budget.removeAttribute("aria-invalid");
    this.error.show(row ? "" : text);
    (row ?? this.error.element).scrollIntoView({block: "nearest"});
  }

  showFailure(error) {
    if (!error.field && !(error instanceof ConnectionLost)) throw error;
    this.setError(
      error instanceof ConnectionLost ? `Not done: ${error.message}. Try again.` : error.message,
      error.field,
    );
    return null;
  }

  async submit() {
    const {firstInvalid: invalid} = this.knobs;
    if (invalid) return invalid.field.focus();
    this.setError("");
    return this.create({
      run: this.run.run,
      step: this.steps[this.chosen],
      ...this.knobs.request,
      steps: parseNumber(this.budget.value) ?? this.budget.value,
    });
  }

  /** Creates the fork. A refusal is shown in the dialog. */
  async create(message) {
    if (this.busy) return;
    this.busy = this.submitButton.disabled = true;
    const child = await this.api.fork(message).catch((error) => this.showFailure(error));
    this.busy = this.submitButton.disabled = false;
    if (!child) return;
    if (this.pauseParent.checked)
      await this.api.act({run: message.run, do: "pause", n: 1}).catch((error) => this.showFailure(error));
    this.element.close();
    this.opened(child);
  }
}
