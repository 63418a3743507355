"""python -m playground: what it writes, and what it says when a word cannot be used: the argument, what is allowed, exit code 2."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from modelling import packed
from PIL import Image

from models.kit.batch import Shape
from playground import api
from playground.__main__ import main

ROOT = Path(__file__).parent.parent


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model of points and one of pictures."""
    (tmp_path / "p.safetensors").write_bytes(packed())
    (tmp_path / "i.safetensors").write_bytes(packed("began", Shape(1, 16), name="Mine"))
    monkeypatch.setattr(api, "GALLERY", tmp_path / "gallery")
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "playground", *words], cwd=folder, capture_output=True, text=True, timeout=250,
                          env={"PYTHONPATH": str(ROOT), "PATH": "", "PLAYGROUND_DATA": str(folder / "data")})


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code, and what is written to stderr."""
    try:
        code = main(list(words))
    except SystemExit as left:          # argparse's way
        code = left.code
    return code, capsys.readouterr().err


def test_a_process_writes_a_sheet_and_another_refuses_without_a_trace(there):
    done = shell(there, "sample", "i.safetensors", "--n", "5", "--seed", "3", "--scale", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("i-sample.png: ")
    model = api.load(there / "i.safetensors")
    with Image.open(there / "i-sample.png") as sheet:
        assert sheet.size == (3 * 32 + 2, 2 * 32 + 1)
        first = api.images(api.sample(model, 5, 3))[0]
        assert sheet.crop((0, 0, 32, 32)).resize((16, 16), Image.Resampling.NEAREST).tobytes() == first.tobytes()
    bad = shell(there, "interpolate", "i.safetensors", "--n", "1")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == "python -m playground interpolate: error: argument n: n must be a whole number between 2 and 1000\n"


def test_points_become_a_table_a_picture_and_a_film(there, capsys):
    assert said(capsys, "sample", "p.safetensors", "--n", "20", "--out", "p.csv") == (0, "")
    with open("p.csv") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["x", "y"]
    made = torch.tensor([[float(part) for part in row] for row in rows[1:]])
    assert torch.allclose(made, api.sample(api.load("p.safetensors"), 20), atol=1e-4)
    assert said(capsys, "sample", "p.safetensors", "--radius", "0.5") == (0, "")
    assert said(capsys, "interpolate", "p.safetensors", "--n", "4", "--scale", "1") == (0, "")
    for name, frames in (("p-sample.png", 1), ("p-interpolate.gif", 4)):
        with Image.open(name) as picture:
            assert getattr(picture, "n_frames", 1) == frames


@pytest.mark.parametrize("ending", ["gif", "png", "mp4"])
def test_a_way_through_pictures(there, capsys, ending):
    assert said(capsys, "interpolate", "i.safetensors", "--a", "4", "--b", "9", "--n", "6", "--mode", "lerp", "--out", f"way.{ending}") == (0, "")
    if ending == "mp4":
        assert b"ftyp" in Path("way.mp4").read_bytes()[:12]
        return
    with Image.open(f"way.{ending}") as picture:
        assert picture.size == ((64, 64) if ending == "gif" else (6 * 64 + 5, 64))
        assert getattr(picture, "n_frames", 1) == (6 if ending == "gif" else 1)


def test_models_are_listed(there, capsys):
    assert main(["models"]) == 0
    assert "No model ships" in capsys.readouterr().err
    for slug, name in (("began-digits", "i"), ("gan-ring8", "p")):
        (api.GALLERY / slug).mkdir(parents=True)
        (api.GALLERY / slug / "model.safetensors").write_bytes((there / f"{name}.safetensors").read_bytes())
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:5] for line in lines] == [["began-digits", "began", "digits", "16", "px"], ["gan-ring8", "gan", "ring8", "points", "7"]]
    assert lines[0].endswith("Mine")
    assert said(capsys, "sample", "gan-ring8") == (0, "")


@pytest.mark.parametrize(("words", "argument", "allowed"), [
    ("sample nothing", "model", "there is no model 'nothing'"), ("sample i.safetensors --n 0", "n", "between 1 and 10000"),
    ("sample i.safetensors --n many", "n", "between 1 and 10000"), ("sample i.safetensors --seed -1", "seed", "between 0 and 2147483647"),
    ("sample i.safetensors --radius nan", "radius", "between 0 and 2"), ("sample i.safetensors --scale 9", "scale", "between 1 and 8"),
    ("sample i.safetensors --n 10000 --scale 8", "scale", "take a smaller one"), ("sample i.safetensors --out x.exe", "out", "ends in .png, .csv"),
    ("sample i.safetensors --out x.csv", "out", "only points"), ("sample i.safetensors --out none/x.png", "out", "cannot be written"),
    ("interpolate i.safetensors --a x", "a", "between 0 and 2147483647"), ("interpolate i.safetensors --mode around", "mode", "auto, slerp, lerp"),
    ("interpolate i.safetensors --out .", "out", "ends in .gif, .mp4, .png, .csv"), ("interpolate i.safetensors --m 1", "", "unrecognized arguments"),
    ("sample", "", "required: model"), ("dance", "command", "'models', 'sample', 'interpolate'"), ("", "", "required: command")])
def test_what_cannot_be_used_is_named_with_what_can(there, capsys, words, argument, allowed):
    before = sorted(there.iterdir())
    code, told = said(capsys, *words.split())
    assert code == 2
    assert f"error: argument {argument}: " in told if argument else "error: " in told
    assert allowed in told
    assert "Traceback" not in told
    assert sorted(there.iterdir()) == before
