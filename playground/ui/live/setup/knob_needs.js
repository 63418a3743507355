// What knobs need of each other, by their declarations: who lacks it cannot be moved, and says why.

/**
 * Locks each row whose knob has no other value in this variant, or lacks what it needs of another.
 * @param {Record<string, import("./knob_row.js").KnobRow>} rows by the names of their knobs
 */
export function lockRows(rows) {
  const lacks = (need) => {
    const {knob, value} = rows[need.knob];
    return need.values.length ? !need.values.includes(value) : value === knob.default;
  };
  for (const row of Object.values(rows)) {
    const {barred, needs = []} = row.knob;
    const need = needs.find(lacks);
    row.lock(barred ? `not here: ${barred}` : need ? `needs ${need.what}` : "");
  }
}
