"""All numbers of a comparison in long form: a row is one number of one run at one step, as pandas and R like it."""

import io
from collections.abc import Iterator, Sequence

import numpy as np

from playground.comparison.clocks import images
from playground.comparison.lanes import Entrant, Lane, titles
from playground.render.cells import safe_cell

MOST = 400_000          # numbers in one table: some 30 MB
COLUMNS = ("lane", "variant", "seed", "run", "step", "images", "seconds", "metric", "value")


def metrics_csv(lanes: Sequence[Lane], most: int = MOST) -> tuple[str, int]:
    """(the table, k): all that was measured now and then, and of what is logged at each step every k-th, so that these are about `most` rows at most.
    """
    import pandas

    logged = sum(entrant.history.steps.n * len(entrant.history.columns) for lane in lanes for entrant in lane.entrants)
    every = max(1, -(-logged // most))
    parts = [frame for title, lane in zip(titles(lanes), lanes, strict=True) for entrant in lane.entrants for frame in _frames(title, entrant, every)]
    table = pandas.concat(parts) if parts else pandas.DataFrame(columns=COLUMNS)
    file = io.StringIO()
    table.to_csv(file, index=False, columns=COLUMNS, float_format="%.6g", lineterminator="\n")
    return file.getvalue(), every


def _frames(title: str, entrant: Entrant, every: int) -> Iterator:
    """A table for each metric of a run."""
    import pandas

    run, history = entrant
    with history.lock:
        chosen = history.steps.values % every == 0
        steps = history.steps.values[chosen]
        logged = {name: column.values[chosen].astype(np.float64) for name, column in history.columns.items()}
        taken: dict[str, dict[int, float]] = {}
        for measure in history.measures:
            for name, value in measure.items():
                if name != "step" and value is not None:
                    taken.setdefault(name, {})[measure["step"]] = value
    columns = {name: (steps, values) for name, values in logged.items()}
    columns |= {name: (np.array(sorted(values)), np.array([values[step] for step in sorted(values)], np.float64)) for name, values in taken.items()}
    for name, (at, values) in columns.items():
        known = np.isfinite(values)
        if known.any():
            at = at[known]
            yield pandas.DataFrame({"lane": safe_cell(title), "variant": run.spec.variant, "seed": run.spec.seed, "run": run.id, "step": at,
                                    "images": images(entrant, at), "seconds": history.seconds(at.tolist()), "metric": name, "value": values[known]})
