"""README is short, what it shows of Python and the shell runs as it stands there, and what documentation links to is there."""

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

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURES = ROOT / "assets" / "pictures"
FILE_OF_MODEL = packed("began", Shape(1, 16))


def pages() -> list[Path]:
    """All Markdown that people write; a shipped model's card is made."""
    folders = ("models", "playground", "bench", "tests", "assets/data", "assets/extractors")
    return [README, *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))]


def links(page: Path) -> list[str]:
    """What a page links to, and shows, outside of its code."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)


def anchors(page: Path) -> set[str]:
    """The places in a page that a link may name: its headings, as they are written in addresses."""
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)}


def test_readme_is_short():
    assert len(README.read_text().splitlines()) <= 130


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page):
    for link in links(page):
        if not re.match(r"https?://", link):
            path, _, anchor = link.partition("#")
            there = page.parent / path if path else page
            assert there.exists(), link
            assert not anchor or anchor in anchors(there), link


def test_every_picture_is_shown_somewhere():
    shown = {(page.parent / link).resolve() for page in pages() for link in links(page) if link.endswith(".png")}
    assert {path for path in PICTURES.iterdir() if path.suffix == ".png"} <= shown


def test_every_file_that_the_tables_of_tests_name_is_there():
    named = set(re.findall(r"`(\w+\.py)`", (ROOT / "tests" / "README.md").read_text()))
    assert not named - {path.name for path in (ROOT / "tests").rglob("*.py")} - {path.name for path in ROOT.glob("*.py")}


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
    assert (names["path"].shape, names["turned"].shape) == ((9, 1, 16, 16), (9, 1, 16, 16))
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
    with Image.open("digits.png") as sheet, Image.open("path.gif") as film:
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
    assert names["path"]["columns"] == 9
    names["client"].close()
