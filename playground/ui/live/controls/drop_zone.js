// Where files are dropped or chosen.

import {h, icon} from "../core/dom.js";

const ARROW = "M12 19V8m0 0 4 4m-4-4-4 4M5 5h14";

export class DropZone {
  /**
   * @param {object} options
   * @param {string} options.accept which files the browser offers, as an input has it
   * @param {boolean} [options.multiple] whether several may be chosen at once
   * @param {string} options.choose what the button says
   * @param {string} [options.hint] what may be dropped
   * @param {(transfer: DataTransfer) => File[] | Promise<File[]>} [options.filesOf] the files of a drop
   * @param {{zone?: string, input?: string, status?: string}} [options.testIds]
   * @param {Element} [options.above] what stands over the arrow
   * @param {Element} [options.below] what stands under the line that names the files
   * @param {(files: File[]) => void} onFiles
   */
  constructor({accept, multiple = false, choose, hint, filesOf = plainFiles, testIds = {}, above, below}, onFiles) {
    this.filesOf = filesOf;
    this.onFiles = onFiles;
    this.input = h("input", {
      type: "file",
      multiple,
      accept,
      class: "sr",
      tabindex: "-1",
      "aria-hidden": "true",
      "data-testid": testIds.input,
      onchange: () => this.chosen(),
    });
    this.choose = h("button", {type: "button", class: "ghost", onclick: () => this.input.click()}, choose);
    this.status = h("p", {class: "note", role: "status", "data-testid": testIds.status});
    this.element = h(
      "div",
      {
        class: "zone",
        "data-testid": testIds.zone,
        ondragover: (event) => this.over(event),
        ondragleave: () => this.leave(),
        ondrop: (event) => this.drop(event),
      },
      above,
      icon(ARROW),
      hint && h("p", {}, hint),
      this.choose,
      this.input,
      this.status,
      below,
    );
  }

  over(event) {
    event.preventDefault();
    this.element.classList.add("over");
  }

  leave() {
    this.element.classList.remove("over");
  }

  async drop(event) {
    event.preventDefault();
    this.leave();
    this.onFiles(await this.filesOf(event.dataTransfer));
  }

  /** The same file may be chosen again. */
  chosen() {
    const files = [...this.input.files];
    this.input.value = "";
    this.onFiles(files);
  }
}

const plainFiles = (transfer) => [...transfer.files];
