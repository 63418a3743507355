"""Points as pictures: each shows the same part of the plane, the same way up."""

import io

import numpy as np
import torch
from PIL import Image

from playground.artifacts import run_export
from playground.render import animation, scatter, thumbnails


def test_places():
    points = np.array([[0, 0], [-3, 3], [3, -3], [np.nan, 1.5], [np.inf, 0]])
    assert scatter.places(points, 60)[:4] == [(30, 30), (0, 0), (60, 60), (30, 15)]
    assert scatter.places(points, 60)[4] == (30 * (1 + 99 / 3), 30)


def test_a_corner_of_the_page_s_plane_is_the_corner_of_every_picture():
    """A fake at (1.5, 1.5) lies in the middle of the upper right quarter."""
    points, none = np.array([[1.5, 1.5]]), np.zeros((0, 2))
    walk = next(animation.of_points(torch.tensor(points), torch.zeros(0, 2), 1))
    for picture in (Image.open(io.BytesIO(run_export.cloud_png(points, none))), Image.open(io.BytesIO(thumbnails.of_points(points, none))), walk):
        ink = np.abs(np.asarray(picture.convert("RGBA")).astype(int) - np.asarray(picture.convert("RGBA"))[-1, 0]).sum(2) > 60
        y, x = (where.mean() / picture.width for where in ink.nonzero())
        assert abs(x - 0.75) < 0.01
        assert abs(y - 0.25) < 0.01
