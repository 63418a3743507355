"""In slow motion SNGAN's hinges, and its logistic objective, add up to its losses."""

import pytest
from running import AtStep
from test_slow import trained
from test_slow_sums import add_up, stages

from playground.inspection.step_trace import trace_step


@pytest.mark.parametrize("knobs", [{"objective": "logistic", "spectral": False}, {"n_d": 1, "gain": 2.0}], ids=["logistic", "gain"])
def test_the_other_objective_and_a_gain(tmp_path, knobs):
    add_up("sngan", {stage["id"]: stage for stage in stages(tmp_path, "sngan", "ring8", 0, knobs)})


def test_both_hinges_are_among_the_numbers_of_its_stage(tmp_path):
    told = {stage["id"]: stage for stage in trace_step(trained(tmp_path, "sngan", n_d=2), AtStep(tmp_path).latest())["stages"]}
    hinges = {"(1 - D(x))_+", "(1 + D(G(z)))_+"}
    assert hinges == {term["symbol"] for term in told["hinge"]["terms"]}
    assert hinges <= {term["symbol"] for term in told["loss:D"]["terms"]}
    assert "each sample for itself" in told["hinge"]["says"]
