"""A small run on digits whose every measurement is taken, for tests of variants whose samples have classes or categories."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running import AtStep, spec

from playground.evaluation import background
from playground.types import Spec, Status
from playground.worker.protocol import Intervals
from playground.worker.turns import run

OFTEN = Intervals(flush=0.05, points=0.05, images=0.05, snapshots_images=0.05, checkpoint=0.05, quality=1e3)


def measured_on_digits(variant: str, knobs: dict[str, Any], folder: Path) -> tuple[Spec, Path]:
    """The Spec of a run of twelve steps that has ended in `folder`, and that folder."""
    asked = replace(spec(variant, "digits", 12, **knobs), size=28)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "LEAST", 0.0)
        assert run(asked, AtStep(folder), OFTEN) == (Status.FINISHED, "")
    return asked, folder
