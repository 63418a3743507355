"""A model's card: what the Hub reads of it, what people read, and that a person's text stays text. Its picture."""

import io
import re

import pytest
import yaml
from markdown_it import MarkdownIt
from modelling import about, packed
from PIL import Image

import models
from models.kit.batch import Shape
from playground.artifacts.model_card import card, grid, licence_of, plain, title
from playground.artifacts.model_file import unpack

MEASURED = dict(quality={"quality/fd": {"value": 2.512345, "floor": 0.15}, "odd/measure": {"value": 8}},
                measured={"extractor": "digits-1", "n": 1000, "seed": 5}, trained="2026-11-22", seed=3,
                versions={"torch": "2.13.0+cpu", "playground": "1"})
EVIL = ["<script>alert(1)</script>", "](javascript:alert(1)) [x", "**bold** `code` | cell", "![x](http://evil.example/p.png)", "---", "# title",
        "&lt;b&gt;", "www.evil.example http://evil.example", "key: value", "- item", "'quoted\" {{x}} ${y}"]


def parts(text: str) -> tuple[dict, str]:
    """(front matter, the rest)."""
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


def test_what_the_hub_reads():
    told, _ = parts(card(about("began", Shape(1, 28), **MEASURED)))
    assert (told["license"], told["library_name"], told["pipeline_tag"]) == ("cc-by-sa-3.0", "pytorch", "unconditional-image-generation")
    assert {"gan", "began"} <= set(told["tags"])
    (found,) = told["model-index"]
    (result,) = found["results"]
    assert (found["name"], result["dataset"]["type"], result["task"]["type"]) == ("BEGAN on Digits", "digits", "unconditional-image-generation")
    assert result["metrics"][0] == {"type": "fd", "name": "quality/fd", "value": 2.512345}


def test_a_licence_that_the_hub_has_no_name_for_is_another():
    of = about(data="never:heard-of", licence="ask my aunt")
    told, body = parts(card(of))
    assert (told["license"], told["license_name"]) == ("other", "ask my aunt")
    assert "model-index" not in told
    assert "pipeline_tag" not in told
    assert "ask my aunt" in body
    assert licence_of(about(data="never:heard-of")) == ""
    assert parts(card(about(data="never:heard-of")))[0]["license_name"] == "unknown"


def test_what_people_read():
    _, body = parts(card(about("began", Shape(1, 28), step=12_345, **MEASURED), "grid.webp"))
    for said in ("# BEGAN on Digits, 28 px", "![Samples of fixed latents](grid.webp)", "arxiv.org/abs/1703.10717", "12,345", "2026-11-22",
                 "| `quality/fd` | 2.512 | 0.15 |", "| `odd/measure` | 8 |  |  |", "1,000 samples", "digits-1", "1 × 28 × 28",
                 "torch 2.13.0+cpu", "| `gamma` | 0.5 |", "(64, 1, 28, 28)"):
        assert said in body, said


@pytest.mark.parametrize("evil", EVIL)
def test_a_person_s_text_is_neither_markdown_nor_html_nor_yaml(evil):
    text = card(about(data="x", name=evil, licence=evil, options={"text": evil}, measured={"extractor": evil, "n": 1, "seed": 1},
                      quality={"quality/fd": {"value": 1}}))
    told, body = parts(text)
    assert told["license_name"] == evil
    assert told["model-index"][0]["name"] == evil
    html, calm = (MarkdownIt("gfm-like", {"linkify": False}).render(parts(card(about(
        data="x", name=said, licence=said, options={"text": said}, measured={"extractor": said, "n": 1, "seed": 1},
        quality={"quality/fd": {"value": 1}})))[1]) for said in (evil, "calm"))
    for tag in ("<script", "<img", "<a ", "<b>", "<strong", "<code", "<h1", "<h2", "<td", "<li", "<hr"):
        assert html.count(tag) == calm.count(tag), tag
    assert body.count("\n") == parts(card(about(data="x", name="calm", licence="calm", options={"text": "calm"}, quality={"quality/fd": {"value": 1}},
                                                measured={"extractor": "calm", "n": 1, "seed": 1})))[1].count("\n")


def test_what_a_card_says_of_its_use_runs(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(packed("gan"))
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(re.findall(r"```python\n(.*?)```", card(about("gan")), re.DOTALL)[0], names)
    assert tuple(names["x"].shape) == (64, 2)


def test_plain_text_stays_what_it_is():
    assert plain("BEGAN on Digits, 28 px (CC BY-SA 3.0); mine!") == "BEGAN on Digits, 28 px (CC BY-SA 3.0); mine!"
    assert plain("www.evil.example http://evil.example a@evil.example $x$") == "www\\.evil.example http\\://evil.example a\\@evil.example \\$x\\$"
    assert MarkdownIt().render(plain("a *b* <c> & [d](e) _f_ `g` 1. h")) == "<p>a *b* &lt;c&gt; &amp; [d](e) _f_ `g` 1. h</p>\n"


@pytest.mark.parametrize("variant", models.ZOO)
def test_every_variant_has_a_card(variant, shape):
    of = about(variant, shape)
    rows = [line for line in card(of).splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)
    assert parts(card(of))[1].startswith(f"\n# {plain(title(of))}\n")


def test_the_grid_shows_pictures_and_points():
    sheet = Image.open(io.BytesIO(grid(unpack(packed("began", Shape(3, 16))))))
    assert (sheet.format, sheet.size) == ("WEBP", (8 * 17 - 1, 8 * 17 - 1))
    for data in ("ring8", "never:heard-of"):
        cloud = Image.open(io.BytesIO(grid(unpack(packed(data=data)))))
        assert (cloud.format, cloud.size) == ("WEBP", (560, 560))
        blue = sum(n for n, (r, _, b, a) in cloud.convert("RGBA").getcolors(1 << 20) if a > 50 and b > r + 60)
        assert (blue > 100) == (data == "ring8")


def test_what_it_says_of_python_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(packed("began", Shape(1, 16)))
    there: dict = {}
    exec(re.search(r"```python\n(.*?)```", card(about("began", Shape(1, 16))), re.DOTALL)[1], there)
    assert there["x"].shape == (64, 1, 16, 16)


def test_what_older_cards_say_of_python_works_too():
    from playground.model import unpack as older

    assert older is unpack
