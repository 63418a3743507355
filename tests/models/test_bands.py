"""Healthy ranges: every number of the cockpit has one, a line, or a reason why not; they hold for runs that went well, and not for others."""

import json
import math
from typing import Any

import numpy as np
import pytest
from recording import read

from models import ZOO
from models.kit.declarations import Bound, Scalar
from models.kit.knobs import declared

every = pytest.mark.parametrize("variant", sorted(ZOO))
REASONS = {
    "loss/": "in a game a loss falls when the other player does badly: neither a low nor a high one is good in itself",
    "score/": "no scale of its own: what counts is how real and fake lie to each other, which calls, gaps, slopes and W say",
    "balance/M": "lower is better, and how low hangs on the data", "balance/L": "lower is better, and how low hangs on the data",
    "lr/scale": "it is set, not reached", "energy/margin": "it only shrinks, and to where hangs on the data",
    "criteria/": "an answer, yes or no", "gap/delta": "what gap/mean is held against", "code/rank": "code/pt once more, as a number of directions",
    "recon/": "lower is better, and how low hangs on the data and on the size of a code",
    "penalty/": "the slopes, which have ranges, in one number", "slope/least": "about the mean, as far as it likes",
    "class/real": "how many can be told hangs on the data", "ce/": "lower is better, and how low hangs on the data",
    "mix/penalty": "what it is of has ranges where a variant has it as its own", "augment/p": "ADA sets it, by augment/known, which has a line",
    "info/nll": "info/error says on a scale how well Q knows the codes",
    "slope/most": "about the mean, as far as it likes", "hinge/mean": "hinge/active says whether D pushes; how much hangs on the margin",
}
BARE = {        # of one variant, whose other numbers say it
    "began": {"energy/real": "BEGAN holds the ratio of the two", "energy/fake": "BEGAN holds the ratio of the two"},
    "magan": {"energy/fake": "above the real one, which criteria/less answers"},
}


def why(variant: str, name: str) -> str:
    return BARE.get(variant, {}).get(name) or REASONS.get(name) or REASONS.get(f"{name.split('/')[0]}/", "")


@every
def test_every_number_has_a_range_a_line_or_a_reason(variant: str) -> None:
    for name, scalar in ZOO[variant].all_scalars().items():
        assert scalar.healthy or scalar.line is not None or why(variant, name), name


def test_no_reason_is_of_nothing() -> None:
    bare = {(v, name) for v, cls in ZOO.items() for name, s in cls.all_scalars().items() if s.healthy is None and s.line is None}
    assert all(any(name == reason or (reason.endswith("/") and name.startswith(reason)) for _, name in bare) for reason in REASONS)
    assert {(v, name) for v, names in BARE.items() for name in names} <= bare


@every
def test_bounds_hang_on_what_the_page_has_beside_them(variant: str) -> None:
    cls = ZOO[variant]
    scalars, knobs = cls.all_scalars(), declared(cls.Knobs)
    for name, scalar in scalars.items():
        for bound in scalar.healthy or ():
            if isinstance(bound, float):
                continue
            of, times = bound
            if "/" in of:
                assert (of.split("/")[0], scalars[of].unit) == (name.split("/")[0], scalar.unit), "of the same chart"
            elif isinstance(times, dict):
                assert set(times) == set(knobs[of].metadata["choices"])
            else:
                assert of == "median" or isinstance(knobs[of].default, float)
    assert json.loads(json.dumps([vars(scalar) for scalar in scalars.values()], allow_nan=False))


def value(bound: Bound, of: dict[str, Any], own: float) -> float:
    """A bound at the end of a run, as the page has it for every step."""
    if isinstance(bound, float):
        return bound
    name, times = bound
    return times[of[name]] if isinstance(times, dict) else times * (own if name == "median" else of[name])


def unwell(record: str) -> set[str]:
    """The numbers of a recorded run whose mean over its last tenth lies outside."""
    spec, history, _ = read(record)
    scalars: dict[str, Scalar] = {name: s for name, s in ZOO[spec.variant].all_scalars().items() if name in history.columns}
    last = {name: float(np.nanmean(history.columns[name].values[-16:])) for name in scalars}
    ends = {name: [value(b, {**spec.knobs, **last}, float(np.nanmedian(history.columns[name].values))) for b in s.healthy]
            for name, s in scalars.items() if s.healthy}
    assert all(math.isfinite(end) for both in ends.values() for end in both), ends
    return {name for name, (low, high) in ends.items() if not low <= last[name] <= high}


@pytest.mark.parametrize(("record", "outside"), [
    *((name, set()) for name in ("gan", "lsgan", "ls_gan", "wgan", "ebgan", "ebgan_pt", "magan_quick", "magan_shrinks", "began")),
    ("wgan_gp", {"slope/mean"}),                                            # its quick preset asks a low price for slopes
    ("gan_won", {"prob/real", "prob/fake", "acc/real"}), ("lsgan_won", {"score/real", "score/fake"}), ("ls_gan_idle", {"gap/mean", "hinge/active"}),
    ("ebgan_idle", {"energy/real", "energy/fake", "gap/mean", "hinge/active"}), ("ebgan_pt_parallel", {"code/pt", "energy/fake", "hinge/active"}),
    ("wgan_vanished", {"slope/mean"}), ("wgan_unclipped", {"clip/share", "slope/mean"}), ("wgan_corners", {"clip/share"}),
    ("began_alone", {"balance/ratio"}), ("began_full", {"balance/k", "balance/ratio"})])
def test_runs_that_went_well_are_inside_and_others_are_not(record: str, outside: set[str]) -> None:
    assert unwell(record) == outside
