"""What lanes share, and what they do not and makes a comparison unfair, in sentences."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from playground.comparison.differences import budget, option, value_of
from playground.comparison.lanes import Lane, data_title, named
from playground.comparison.networks import Networks

Told = tuple[list[str], list[str]]          # sentences on what is equal, and on what is not
INCOMPARABLE = "their measures cannot be compared"


def told(lanes: Sequence[Lane], titles: Sequence[str], networks: Sequence[Networks | None]) -> Told:
    """Of lanes that are there. `networks`: of each, from `comparison.networks`."""
    there = [(lane, title, found) for lane, title, found in zip(lanes, titles, networks, strict=True) if lane.spec]
    if len(there) < 2:
        return [], []
    of = [lane for lane, _, _ in there]
    names, built = [title for _, title, _ in there], [found for _, _, found in there]
    parts = [_data(of, names), _runs(of, names), _begin(of, names, built), _order(of), _measures(of, names)]
    return [text for equal, _ in parts for text in equal], [text for _, unequal in parts for text in unequal]


def comparable(lanes: Sequence[Lane]) -> bool:
    """Whether measures of these lanes mean the same: of the same data, made of as many samples, with the same features."""
    there = [lane for lane in lanes if lane.spec]
    return len({_trained_on(lane) for lane in there}) == 1 and len({measured for lane in there for measured in _measured(lane)}) <= 1


def _groups(lanes: Sequence[Lane], names: Sequence[str], value: Callable[[Lane], Any]) -> dict[Any, list[str]]:
    """Value -> the names of the lanes that have it."""
    found: dict[Any, list[str]] = {}
    for lane, name in zip(lanes, names, strict=True):
        found.setdefault(value(lane), []).append(name)
    return found


def _each(groups: dict[Any, list[str]], text: Callable[[Any], str] = str) -> str:
    """"2,000 steps: EBGAN; 5,000 steps: BEGAN"."""
    return "; ".join(f"{text(value)}: {named(names)}" for value, names in groups.items())


def _trained_on(lane: Lane) -> Hashable:
    return lane.spec.data, lane.spec.size, tuple(sorted((name, str(value)) for name, value in lane.spec.options.items()))


def _data(lanes: Sequence[Lane], names: Sequence[str]) -> Told:
    where = _groups(lanes, names, lambda lane: data_title(lane.spec))
    if len(where) > 1:
        return [], [f"They train on other data, so {INCOMPARABLE}. {_each(where)}."]
    options = _groups(lanes, names, _trained_on)
    if len(options) > 1:
        apart = {name for lane in lanes for name in lane.spec.options if len({option(other.spec, name) for other in lanes}) > 1}
        return [], [f"Their data are the same but for {named(sorted(name.replace('_', ' ') for name in apart))}, so {INCOMPARABLE}."]
    return [f"All train on the same data: {next(iter(where))}."], []


def _runs(lanes: Sequence[Lane], names: Sequence[str]) -> Told:
    equal, unequal = [], []
    aspects: tuple[tuple[str, Callable[[Lane], Any], Callable[[Any], str]], ...] = (
        ("seeds", lambda lane: lane.seeds, lambda seeds: named([str(seed) for seed in seeds])),
        ("budget", lambda lane: budget(lane.spec), str),
        ("batch size", lambda lane: value_of(lane.spec, "batch"), str),
        ("precision", lambda lane: lane.spec.precision, str),
        ("device", lambda lane: lane.spec.device, str))
    same = []
    for what, value, text in aspects:
        groups = _groups(lanes, names, value)
        if len(groups) > 1:
            unequal.append(f"Not the same {what}. {_each(groups, text)}.")
        elif what in ("seeds", "budget", "batch size"):
            same.append(f"{what} ({text(next(iter(groups)))})")
    if same:
        equal.append(f"All have the same {named(same)}.")
    short = [name for lane, name in zip(lanes, names, strict=True) if lane.missing]
    if short:
        unequal.append(f"Runs of {named(short)} are gone.")
    tuned = [name for lane, name in zip(lanes, names, strict=True) if any(history.tunes for _, history in lane.entrants)]
    if tuned:
        unequal.append(f"{named(tuned)} {'was' if len(tuned) == 1 else 'were'} tuned while training.")
    return equal, unequal


def _begin(lanes: Sequence[Lane], names: Sequence[str], built: Sequence[Networks | None]) -> Told:
    """Which generators begin from the same weights, and which pictures are made of the same z."""
    if any(entrant.run.parent for lane in lanes for entrant in lane.entrants):
        forks = _groups(lanes, names, lambda lane: tuple(sorted({(e.run.parent, e.run.forked) for e in lane.entrants})))
        if len(forks) == 1 and len(next(iter(forks))) == 1:
            return [f"All begin as the same run was at step {lanes[0].entrants[0].run.forked:,}."], []
        starts = [_start(lane, name, lanes, names) for lane, name in zip(lanes, names, strict=True)]
        return [], [f"They do not begin at the same place: {'; '.join(starts)}."]
    weights, latents = ([getattr(found, mark) if found else "" for found in built] for mark in ("weights", "latents"))
    told = (_alike(names, weights, "G begins from the same weights", "G begins from other weights"),
            _alike(names, latents, "Pictures are made of the same z", "Pictures are made of other z"))
    return [text for equal, _ in told for text in equal], [text for _, unequal in told for text in unequal]


def _alike(names: Sequence[str], marks: Sequence[str], same: str, other: str) -> Told:
    """Which lanes have the same mark, and which have one that no other has; what is not known, "", is like nothing else."""
    groups: dict[Hashable, list[str]] = {}
    for i, (name, mark) in enumerate(zip(names, marks, strict=True)):
        groups.setdefault(mark or i, []).append(name)
    shared = [group for group in groups.values() if len(group) > 1]
    equal = [f"{same} in {'all lanes' if len(groups) == 1 else named(group)}." for group in shared]
    if len(groups) == 1:
        return equal, []
    alone = [group[0] for group in groups.values() if len(group) == 1]
    where = named(alone) if shared and alone else " than in ".join(map(named, shared)) if shared else "each lane"
    return equal, [f"{other} in {where}."]


def _start(lane: Lane, name: str, lanes: Sequence[Lane], names: Sequence[str]) -> str:
    """Where a lane began, in words; a fork of a run that stands beside it names that one."""
    run = lane.entrants[0].run
    if not run.parent:
        return f"{name} at step 0"
    parent = next((other for other, found in zip(names, lanes, strict=True) if any(e.run.id == run.parent for e in found.entrants)), "another run")
    return f"{name} at step {run.forked:,} of {parent}"


def _order(lanes: Sequence[Lane]) -> Told:
    """Whether all see the same samples in the same order."""
    specs = [entrant.run.spec for lane in lanes for entrant in lane.entrants]
    if not all(spec.shared_order for spec in specs):
        return [], ["Each draws its batches in an order of its own."]
    alike = len({(_trained_on(lane), lane.seeds, value_of(lane.spec, "batch")) for lane in lanes}) == 1
    return (["All see the same samples in the same order."], []) if alike else ([], [])


def _measured(lane: Lane) -> set[Hashable]:
    """Of how many samples, and by which features, the measures of a lane's runs are."""
    return {(quality["n"], quality.get("extractor", "")) for _, history in lane.entrants if (quality := history.quality)}


def _measures(lanes: Sequence[Lane], names: Sequence[str]) -> Told:
    known = [(lane, name) for lane, name in zip(lanes, names, strict=True) if _measured(lane)]
    if len(known) < 2:
        return [], []
    groups = _groups([lane for lane, _ in known], [name for _, name in known], lambda lane: tuple(sorted(_measured(lane))))
    if len(groups) > 1 or len(next(iter(groups))) > 1:
        return [], [f"Not measured alike, so {INCOMPARABLE}. " + _each(groups, lambda found: " or ".join(
            f"{n:,} samples" + (f" and features {extractor}" if extractor else "") for n, extractor in found)) + "."]
    (n, _), = next(iter(groups))
    return [f"Quality is measured on {n:,} samples of each."], []
