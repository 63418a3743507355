"""What the codes of a `Coder` came to mean: its samples along each continuous one, and its categories against the classes of its data."""

from typing import Any

import torch
from torch import Tensor

from models.kit.capabilities import Coder
from playground.evaluation.metrics import assignment, cluster_accuracy, confusion
from playground.explorer.generator import CHUNK, TrainedGenerator
from playground.types import Refused

FAR = {"normal": 2.0, "uniform": 1.0}       # how far a code is traversed, both ways: two deviations, or all of it
SORTED = 2000                               # held-out samples that are sorted, at most


def coder_of(of: TrainedGenerator) -> Coder:
    """Its GAN. Refused("run", ...) for one without codes of its own."""
    if not isinstance(of.gan, Coder):
        raise Refused("run", f"{of.gan.title} has no codes of its own")
    return of.gan


def traversals(of: TrainedGenerator, z: Tensor, n: int) -> dict[str, Any]:
    """{"values": n numbers, "codes": {name: the samples of `z`, (d,), with that continuous code at each of them, and all else as it is}, "grid":
    n x n samples with the first of them from column to column and the second from row to row, greatest at the top; null with fewer than two}."""
    gan, values = coder_of(of), torch.linspace(-FAR[of.prior], FAR[of.prior], n)
    told = {name: of.rendered_latents(gan.traverse(of.code(z[None]), which, values).z, n) for which, name in enumerate(gan.coded())}
    grid = None
    if len(told) > 1:
        rows = gan.traverse(of.code(z[None]), 1, values.flip(0))
        grid = of.rendered_latents(gan.traverse(rows, 0, values).z, n)
    return {"values": [round(v, 3) for v in values.tolist()], "codes": told, "grid": grid}


def sorting(of: TrainedGenerator) -> dict[str, Any]:
    """How many held-out samples of each class each category has: {"counts": a row for each of "categories", a column for each of "classes";
    "assigned": the class that fits each category best, one for one, null for those left over; "accuracy": the share in the category of their class}.

    Refused("data", ...) for data without labels.
    """
    gan, data = coder_of(of), of.training_data()
    if data.held_labels is None:
        raise Refused("data", "these data have no labels to hold its categories against")
    x, names, classes = of.normalised(data.held[:SORTED]), gan.classes(), data.domain.classes
    with torch.inference_mode():
        found = torch.cat([gan.clusters(part) for part in x.split(CHUNK)])
    counts = confusion(found, data.held_labels[:SORTED], len(names), len(classes))
    fits = assignment(counts)
    return {"counts": counts.tolist(), "categories": list(names), "classes": list(classes), "assigned": [fits.get(i) for i in range(len(names))],
            "accuracy": round(cluster_accuracy(counts), 4)}
