"""Shared by all tests: one torch thread (two on two busy cores are slower), and small sets to train on."""

import pytest
import torch

from models.kit.batch import POINTS, Shape

torch.set_num_threads(1)

SHAPES = [POINTS, Shape(1, 16)]


@pytest.fixture(params=SHAPES, ids=["points", "images"])
def shape(request: pytest.FixtureRequest) -> Shape:
    return request.param
