// The range that a good run's number stays in, at every step of a chart: fixed, or so many times a knob, another number, or its own median so far.

/** The median of each value and those before it. */
function medians(values) {
  const sorted = [];
  return values.map((v) => {
    if (v != null) sorted.splice(sorted.findIndex((s) => s > v) >>> 0, 0, v);
    return sorted[sorted.length >> 1] ?? null;
  });
}

/** What [[from step, value], ...] were at each of `steps`. */
const stepped = (given, steps) => steps.map((step) => given.findLast(([from]) => from <= step)?.[1] ?? given[0][1]);

/** {low, high}: of `healthy`, a value for each of `steps`, null where it hangs on what is missing. `own`: the number's values; `column(name)`: another's; `knob(name)`: [[from step, value], ...]. */
export function edges(healthy, steps, own, column, knob) {
  const [low, high] = healthy.map((bound) => {
    if (!Array.isArray(bound)) return steps.map(() => bound);
    const [of, times] = bound, basis = of === "median" ? medians(own) : of.includes("/") ? column(of) : stepped(knob(of), steps);
    return basis.map((v) => (v == null ? null : times[v] ?? times * v));
  });
  return {low, high};
}
