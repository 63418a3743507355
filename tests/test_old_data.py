"""A data folder that the version of November 2026 left (flat, before the rooms) opens, resumes to the last bit, forks; what was kept is what it was.

`support/old_data.zip` holds the folder, and what that version itself went on to: networks and z's state at step 40, samples, a fork.
"""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from apps import App
from gradio_client import Client
from running import EAGER, until
from safetensors.torch import load_file

from playground import api
from playground.engine.engine import Engine
from playground.types import Status

OLD = Path(__file__).parent / "support" / "old_data.zip"
NEAR = {"rtol": 1e-3, "atol": 1e-4}         # another processor rounds otherwise; on the one that made the folder it is the same to the last bit


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with zipfile.ZipFile(OLD) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def facts(old: Path) -> dict[str, Any]:
    return json.loads((old / "facts.json").read_text())


@pytest.fixture
def engine(old: Path) -> Iterator[Engine]:
    made = Engine(old / "data", 1, EAGER)
    yield made
    made.close()


def networks(folder: Path, step: int) -> dict[str, torch.Tensor]:
    found = load_file(folder / "checkpoints" / f"{step}.safetensors")
    return {name: tensor for name, tensor in found.items() if name.startswith("gan.") or name == "generator"}


def assert_as_then(found: dict[str, torch.Tensor], then: dict[str, torch.Tensor]) -> None:
    assert found.keys() == then.keys()
    for name, tensor in then.items():
        torch.testing.assert_close(found[name], tensor, **NEAR)


@pytest.mark.parametrize("kind", ["points", "images"])
def test_an_interrupted_run_goes_on_as_it_would_have(old, engine, kind):
    id = facts(old)[kind]
    folder = engine.runs.folder(id)
    before = (folder / "events.jsonl").read_bytes()
    assert engine.run(id).status is Status.INTERRUPTED
    engine.resume(id)
    assert until(engine, id).status is Status.FINISHED
    assert (folder / "events.jsonl").read_bytes().startswith(before)
    assert_as_then(networks(folder, 40), load_file(old / f"{kind}.safetensors"))


def test_an_old_run_forks_as_it_would_have(old, engine):
    id = facts(old)["points"]
    fork = engine.fork(id, facts(old)["owner"], step=30, knobs={"gamma": 0.9}).run
    assert until(engine, fork.id).status is Status.FINISHED
    assert_as_then(networks(engine.runs.folder(fork.id), 40), load_file(old / "fork.safetensors"))


def test_models_draw_what_they_drew(old):
    then = load_file(old / "samples.safetensors")
    own = old / "data" / "models" / facts(old)["model"] / "model.safetensors"
    for name, model, n in (("model", str(own), 4), ("began-digits", "began-digits", 2), ("gan-ring8", "gan-ring8", 8)):
        torch.testing.assert_close(api.sample(api.load(model), n, seed=3), then[name], **NEAR)


def test_links_and_programs_of_then_still_work(old, tmp_path):
    told = facts(old)
    shutil.move(old / "data", tmp_path / "app" / "data")
    made = App(tmp_path / "app" / "data").start()
    try:
        made.web.cookies.update(told["cookies"])
        poll = made.call("poll", {"run": told["made"]})
        assert (poll["status"], poll["step"], poll["mine"]) == ("finished", 12, True)
        for path in (f"/?run={told['made']}", f"/play/runs/{told['made']}/samples.png", f"/play/runs/{told['made']}/metrics.csv",
                     f"/play/runs/{told['own']}/samples.png", f"/play/models/{told['model']}/grid.webp", f"/?tab=gallery&model={told['model']}"):
            assert made.web.get(path).status_code == 200, path
        assert [kept["name"] for kept in made.call("sets", {})["sets"]] == ["old pictures"]
        assert "an old model" in [model["name"] for model in made.call("models", {})["models"]]
        client = Client(made.url, verbose=False)
        assert client.predict(model="gan-ring8", n=4, seed=3, api_name="/sample")
    finally:
        made.end()
