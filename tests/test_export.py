"""A run's downloads: what is in them, and that they can be read by others."""

import io
import json
from collections.abc import Iterator

import numpy as np
import pandas
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from serving import Place, place

import models
from models.kit.batch import POINTS
from models.kit.knobs import check
from playground import export


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("export")) as found:
        yield found


def download(there: Place, id: str, name: str) -> bytes:
    answer = there.client.get(f"/play/runs/{id}/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert answer.headers["content-disposition"].endswith(f'{name}"')
    return answer.content


def test_metrics_as_csv_hold_every_step_and_the_measures(there):
    table = pandas.read_csv(io.BytesIO(download(there, there.done, "metrics.csv")))
    assert table["step"].tolist() == list(range(41))
    assert table["loss/d"].notna().sum() == 40
    assert table["modes/found"].notna().sum() >= 2
    assert table["sample/real"].notna().sum() == 1


def test_cells_that_a_spreadsheet_would_run_are_made_harmless_and_numbers_are_left():
    assert [export.safe_cell(v) for v in ("=1+1", "+x", "-x", "@x", "\tx", "x", -0.5)] == ["'=1+1", "'+x", "'-x", "'@x", "'\tx", "x", -0.5]


def test_samples_as_png(there):
    points = Image.open(io.BytesIO(download(there, there.done, "samples.png")))
    assert (points.format, points.size) == ("PNG", (960, 960))
    assert len(points.getcolors(1 << 20)) >= 3
    grid = Image.open(io.BytesIO(download(there, there.pictures, "samples.png")))
    assert (grid.format, grid.size) == ("PNG", (8 * 28 + 7, 8 * 28 + 7))


def test_charts_are_a_page_that_loads_nothing(there):
    page = download(there, there.done, "charts.html").decode()
    assert "GAN on" in page
    assert "Plotly.newPlot(" in page


def test_weights_can_be_put_into_the_generator_that_the_metadata_describe(there, tmp_path):
    path = tmp_path / "g.safetensors"
    path.write_bytes(download(there, there.done, "weights.safetensors"))
    with safe_open(path, "pt") as file:
        told, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}     # noqa: SIM118 - it is no dict
    assert (told["variant"], told["steps"], told["seed"], json.loads(told["shape"])) == ("gan", "40", "3", [2])
    cls = models.get(told["variant"])
    gan = cls(POINTS, check(cls.Knobs, json.loads(told["knobs"])), None)
    gan.G.load_state_dict(tensors)
    strip = there.call["strip"]({"run": there.done, "a": 1, "b": 2, "n": 3})
    from playground import latent
    z = latent.path(*(latent.draw("normal", 1, gan.z_dim, s)[0] for s in (1, 2)), 3, "auto", "normal")
    with torch.no_grad():
        assert np.allclose(gan.G(z).numpy(), strip["points"], atol=2e-3)


def test_points_as_int16_survive_what_is_no_number():
    back = np.frombuffer(export.int16(np.array([[0.5, -2.0], [np.nan, np.inf], [-1e30, 7.5]])), "<i2") / 4096
    assert back.tolist()[:3] == [0.5, -2.0, 0.0]
    assert back[3] > 7.99
    assert (back[4], back[5]) == (-8.0, 7.5)
