// Refusals of the settings, each beside its field; those of no field above the button.

import {ErrorLine} from "../controls/error_line.js";

const ANY = "any";

export class FieldErrors {
  constructor() {
    /** @type {Record<string, ErrorLine>} */
    this.byName = {};
  }

  /** The elements of lines for these fields. */
  lines(...names) {
    return names.map((name) => (this.byName[name] = new ErrorLine({"data-error": name})).element);
  }

  /**
   * Show one refusal, or none.
   * @param {{field: string, message: string} | null} error
   * @returns {{name: string, element: Element} | null} the line that has it
   */
  show(error) {
    const name = error && (error.field in this.byName ? error.field : ANY);
    for (const [other, line] of Object.entries(this.byName)) line.show(other === name ? error.message : "");
    return name && {name, element: this.byName[name].element};
  }
}
