"""A run's downloads: what is in them, and that they can be read by others."""

import io
import json
import time
from collections.abc import Iterator

import numpy as np
import pandas
import pytest
import torch
from PIL import Image
from serving import Place, place

from playground.artifacts import run_export
from playground.artifacts.model_file import unpack


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


def test_settings_and_tunes_lie_beside_the_table_as_json(there):
    """They are enough to make the run again."""
    told = json.loads(download(there, there.done, "settings.json"))
    run, history = there.engine.run(there.done), there.services.runs.history(there.done)
    assert {name: told[name] for name in run.spec.json()} == run.spec.json()
    assert (told["run"], told["status"], told["step"]) == (there.done, "finished", 40)
    assert told["tunes"] == history.tunes
    assert told["compared with"]["floors"] == history.floors()["floors"]


def test_cells_that_a_spreadsheet_would_run_are_made_harmless_and_numbers_are_left():
    assert [run_export.safe_cell(v) for v in ("=1+1", "+x", "-x", "@x", "\tx", "x", -0.5)] == ["'=1+1", "'+x", "'-x", "'@x", "'\tx", "x", -0.5]


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


def test_weights_are_a_model_that_is_built_from_its_file_alone(there):
    there.call["rename"]({"run": there.done, "name": "mine"})
    file = download(there, there.done, "weights.safetensors")
    assert file == download(there, there.done, "weights.safetensors")
    told, gan = unpack(file).about, unpack(file).gan
    there.call["rename"]({"run": there.done, "name": ""})
    spec = there.engine.run(there.done).spec
    assert (told.variant, told.data, told.dims, told.step, told.seed, told.name) == ("gan", "ring8", (2,), 40, 3, "mine")
    assert (told.knobs, told.options, told.licence) == (spec.knobs, spec.options, "CC0 1.0")
    assert told.quality["distance/energy"].keys() == {"value", "floor", "deviation"}
    assert told.quality["modes/found"]["floor"] == 8
    assert told.measured["n"] == 2000
    assert told.trained == time.strftime("%Y-%m-%d", time.gmtime(there.engine.run(there.done).created))
    strip = there.call["strip"]({"run": there.done, "a": 1, "b": 2, "n": 3})
    from playground.explorer.latents import paths
    z = paths.path(*(paths.draw("normal", 1, gan.z_dim, s)[0] for s in (1, 2)), 3, "auto", "normal")
    with torch.no_grad():
        assert np.allclose(gan.G(z).numpy(), strip["slerp"]["points"], atol=2e-3)


def test_points_as_int16_survive_what_is_no_number():
    back = np.frombuffer(run_export.int16(np.array([[0.5, -2.0], [np.nan, np.inf], [-1e30, 7.5]])), "<i2") / 4096
    assert back.tolist()[:3] == [0.5, -2.0, 0.0]
    assert back[3] > 7.99
    assert (back[4], back[5]) == (-8.0, 7.5)
