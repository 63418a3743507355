"""What README shows of Python and the shell, run as it stands there."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from modelling import packed
from PIL import Image, ImageSequence

from models.kit.batch import Shape
from playground import api
from playground.__main__ import main
from playground.store.models import FILE

README = Path(__file__).parent.parent / "README.md"
FILE_OF_MODEL = packed("began", Shape(1, 16))


def blocks(kind: str) -> list[str]:
    """The section's blocks of code, in order."""
    section = README.read_text().split("## From Python and a shell\n")[1].split("\n## ")[0]
    return re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and a "began-digits" that ships."""
    monkeypatch.setattr(api, "GALLERY", tmp_path / "gallery")
    (api.GALLERY / "began-digits").mkdir(parents=True)
    (api.GALLERY / "began-digits" / FILE).write_bytes(FILE_OF_MODEL)
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def test_the_example_in_python(there):
    names: dict[str, Any] = {}
    exec(blocks("python")[0], names)
    assert names["digits"].shape == (16, 1, 16, 16)
    assert (names["way"].shape, names["turned"].shape) == ((9, 1, 16, 16), (9, 1, 16, 16))
    assert names["found"].residual < 0.02
    assert abs(names["turned"][0] - names["digits"][0]).mean() < 0.02
    assert [path.name for path in there.iterdir()] == ["digit.png"]


def test_the_commands(there, capsys):
    commands = blocks("sh")[0].splitlines()
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        assert words[:3] == ["python", "-m", "playground"]
        assert main(words[3:]) == 0, command
    assert "began-digits" in capsys.readouterr().out.splitlines()[0]
    with Image.open("digits.png") as sheet, Image.open("way.gif") as film:
        assert sheet.size == (4 * 64 + 3, 4 * 64 + 3)
        assert sum(frame.info["duration"] for frame in ImageSequence.Iterator(film)) == 30 * 50         # like frames are one, which stays longer


def test_the_example_of_a_client(app, monkeypatch):
    """`app` stands where the example's server stands, with a model of its own."""
    id = app.web.post("/play/upload/model", content=FILE_OF_MODEL, headers={"content-type": "application/octet-stream"}).json()["model"]["id"]
    app.call("share_model", {"model": id, "published": True})
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    told = blocks("python")[1]
    assert (told.count("http://127.0.0.1:7860"), told.count("began-digits")) == (1, 2)
    names: dict[str, Any] = {}
    exec(told.replace("http://127.0.0.1:7860", app.url).replace("began-digits", id), names)
    assert id in {card["id"] for card in names["models"]}
    assert len(names["digits"]["norms"]) == 16
    assert names["way"]["columns"] == 9
    names["client"].close()
