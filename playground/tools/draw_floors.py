"""Draws what real data reach against real data, for data that ship: python -m playground.tools.draw_floors [--draws N] [DATA[@SIZE] ...].

Without names: all that are not in assets/floors.json yet. Then the gallery's cards, which state them, are written anew: their text alone."""

import argparse
import json
import tempfile
import time
from pathlib import Path

import torch

from playground import data
from playground.artifacts import model_card
from playground.artifacts.gallery import GRID, README, Gallery
from playground.evaluation import suite
from playground.evaluation.floors import FILE, SHIPPED, key, known, summarised
from playground.store.disk import write_aside
from playground.store.models import Models


def places() -> list[tuple[str, int]]:
    """(data, size) of all that ships; a person's drawing is none of it."""
    known = [(d.id, size) for d in data.DATASETS.values() if not d.needs and d.id != "drawn" for size in d.sizes or (0,)]
    return sorted(known, key=lambda place: place[1] != 28)      # digits as they are, first


def main() -> None:
    """Draw the floors that are missing, and write them to the file that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=SHIPPED)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    torch.set_num_threads(1)
    shipped = json.loads(FILE.read_text()) if FILE.exists() else {}
    for id, size in places():
        name = key(id, size)
        if name not in args.names if args.names else name in shipped:
            continue
        start, against = time.monotonic(), suite.Quality(data.load(id, size), suite.default_options(id), id == suite.CLASSES)
        found = summarised([against.draw(i) for i in range(args.draws)])
        shipped[name] = {"n": against.n, "extractor": against.extractor, "draws": found.draws, "mean": rounded(found.mean),
                      "deviation": rounded(found.deviation)}
        FILE.write_text(json.dumps(dict(sorted(shipped.items())), indent=1) + "\n")
        print(f"{name}: {args.draws} draws in {time.monotonic() - start:.0f} s", shipped[name]["mean"], shipped[name]["deviation"], flush=True)
    print("cards:", *cards(FILE.parent / "gallery"))


def cards(folder: Path) -> list[str]:
    """Write those anew that say something else than is known now; whose they are."""
    known.cache_clear()
    with tempfile.TemporaryDirectory() as nobody:
        there = Gallery(folder, Models(Path(nobody))).shipped
    texts = {id: model_card.card(entry.about, GRID) for id, entry in there.items()}
    changed = [id for id, text in texts.items() if there[id].card() != text]
    for id in changed:
        write_aside(folder / id / README, texts[id].encode())
    return changed


def rounded(values: dict[str, float]) -> dict[str, float]:
    """The values to four significant digits."""
    return {name: float(f"{value:.4g}") for name, value in values.items()}


if __name__ == "__main__":
    main()
