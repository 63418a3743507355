"""A comparison as files: a table in long form, a page that needs no server, and films."""

import io
import json
import re
from pathlib import Path

import pandas
import pytest
import torch
from compared import FD, entrant, lane, shown
from PIL import Image

from playground.comparison.export import film, tiles
from playground.comparison.export.charts import line, metrics_of
from playground.comparison.export.page import page
from playground.comparison.export.table import COLUMNS, metrics_csv
from playground.comparison.export.tiles import Layout, Pictures, Shown
from playground.comparison.lanes import Lane
from playground.render import encode
from playground.render.lane_pens import PENS
from playground.store.frames import Frames
from playground.types import Refused
from playground.ui.handlers.comparison.typeset import typeset

NASTY = "=<script>alert(1)</script>"


def test_the_table_has_one_number_a_row(tmp_path):
    text, every = metrics_csv([lane(tmp_path, [1.0, 2.0], images=64), lane(tmp_path, [3.0], variant="lsgan")])
    table = pandas.read_csv(io.StringIO(text))
    assert (tuple(table.columns), every) == (COLUMNS, 1)
    table = table.set_index("lane")
    assert table[table.metric == FD].groupby(["lane", "seed"])["value"].last().to_dict() == {("GAN", 1): 1.0, ("GAN", 2): 2.0, ("LSGAN", 1): 3.0}
    assert set(table.metric) == {FD, "loss/d"}
    table = table.reset_index()
    last = table[(table.lane == "GAN") & (table.metric == FD) & (table.step == 1000)]
    assert last[["images", "seconds"]].values.tolist() == [[64_000, 10.0]] * 2


def test_a_long_history_is_thinned_to_every_kth_step_and_measures_stay(tmp_path):
    one = Lane((entrant(tmp_path, {step: float(step) for step in range(1, 401)}),))
    text, every = metrics_csv([one], most=100)
    table = pandas.read_csv(io.StringIO(text))
    assert every == 4
    assert table[table.metric == "loss/d"].step.tolist() == list(range(4, 401, 4))
    assert len(table[table.metric == FD]) == 400


def test_no_cell_is_a_formula(tmp_path):
    one = entrant(tmp_path, {0: 1.0})
    text, _ = metrics_csv([Lane((one._replace(run=one.run.__class__(**{**vars(one.run), "spec": one.run.spec, "name": NASTY})),)), Lane((one,))])
    assert all(not str(cell).startswith("=") for cell in pandas.read_csv(io.StringIO(text)).lane)


def test_lines_are_of_what_all_seeds_have(tmp_path):
    one = Lane((entrant(tmp_path, {0: 0.0, 100: 10.0}), entrant(tmp_path, {0: 0.0, 50: 10.0, 200: 40.0})))
    found = line(one, FD, "step")
    assert (found.x[0], found.x[-1]) == (0, 100)
    assert found.mean[-1] == pytest.approx(15.0)
    assert (found.low[-1], found.high[-1]) == (10.0, 20.0)
    assert metrics_of([one, lane(tmp_path, [1.0])]) == [FD, "loss/d"]
    assert metrics_of([one, lane(tmp_path, [1.0], variant="lsgan")]) == [FD]        # losses of two variants do not share an axis


def test_the_page_loads_nothing_and_a_name_is_only_a_name(tmp_path):
    lanes = [lane(tmp_path, [1.0, 1.1, 1.2]), lane(tmp_path, [5.0, 5.1, 5.2], variant="lsgan")]
    lanes[0] = Lane(tuple(e._replace(run=e.run.__class__(**{**vars(e.run), "spec": e.run.spec, "name": NASTY})) for e in lanes[0].entrants))
    text = page([*lanes, lanes[0]], shown(tmp_path, lanes), typeset)
    own = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert "alert(1)" not in own.replace("&lt;script&gt;alert(1)", "")
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)[^"']+""", own)
    assert "LSGAN" in own
    assert "is better than" in own
    assert 'class="differs"' in own
    pictures = json.loads(re.search(r'id="moments">(.*?)</script>', text, re.DOTALL)[1])
    assert len(pictures) == 24
    assert len(text) < 8_000_000


@pytest.mark.parametrize("n", range(1, 9))
def test_lanes_stand_beside_each_other_and_none_over_another(n):
    layout = Layout(n, 200)
    boxes = [(x, y, x + 200, y + tiles.HEAD + 200) for x, y in map(layout.place, range(n))]
    width, height = layout.size
    assert width % 2 == height % 2 == 0
    assert all(x >= 0 and right <= width and bottom <= height - tiles.FOOT for x, _, right, bottom in boxes)
    assert all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_frame_is_shown_at_its_moment_by_each_clock(tmp_path):
    """One lane is twice as fast as the other, and draws half as much."""
    lanes = [Lane((entrant(tmp_path, {0: 1.0, 1000: 1.0}, pace=pace, images=images),)) for pace, images in ((0.01, 64), (0.02, 128))]
    of = shown(tmp_path, lanes)
    moments = (("step", 700, [500, 500]), ("seconds", 10.0, [1000, 500]), ("images", 64_000, [1000, 500]), ("step", 10 ** 6, [1000, 1000]))
    for clock, moment, steps in moments:
        each = [Pictures(one, 200, clock) for one in of]
        assert [one.at_moment(moment)[0] for one in each] == steps
        greys = [one.at_moment(moment)[1].getpixel((100, 100))[0] for one in each]
        assert greys == pytest.approx([step / 1000 * 255 for step in steps], abs=3)


def test_tiles_are_whole_and_enlarged_by_a_whole_factor():
    sheet = encode.tiled(torch.rand(64, 3, 28, 28) * 2 - 1, 8)
    for side, factor, n in ((480, 2, 8), (231, 1, 8), (200, 1, 6), (288, 2, 5), (28, 1, 1)):
        found, cut = tiles.fitted(sheet, 28, side), n * 29 - 1
        left = (side - cut * factor) // 2
        assert found.size == (side, side)
        inner = found.crop((left, left, left + cut * factor, left + cut * factor))
        assert inner.tobytes() == sheet.crop((0, 0, cut, cut)).resize(inner.size, Image.Resampling.NEAREST).tobytes()


@pytest.mark.parametrize(("format", "mark"), [("gif", b"GIF89a"), ("mp4", b"ftyp")])
@pytest.mark.parametrize("data", ["digits", "ring8"])
def test_films(tmp_path, monkeypatch, format, mark, data):
    monkeypatch.setitem(film.MOMENTS, format, 6)
    lanes = [lane(tmp_path, [1.0], data=data, variant=variant, quality=None) for variant in ("gan", "lsgan")]
    of = shown(tmp_path, lanes)
    made = film.film(of, format, "seconds")
    assert mark in made[:16]
    if format == "gif":
        with Image.open(io.BytesIO(made)) as moving:
            assert moving.n_frames >= 3
            assert moving.size == Layout.of(of, film.SIDES["gif"]).size
    with pytest.raises(Refused, match="none of these runs has a frame"):
        film.film([Shown("x", lanes[0].entrants[0], Frames(tmp_path / "none"))], format, "step")


def test_names_are_drawn_in_letters_that_the_font_has():
    assert tiles.drawable("BEGAN, γ = 0.3 – Fréchet² × Λ") == "BEGAN, gamma = 0.3 - Frechet2 x lambda"
    missing = tiles.font(13).getmask("\uffff")
    assert all(bytes(tiles.font(13).getmask(c)) != bytes(missing) for c in map(chr, range(33, 127)))
    assert tiles.font(13).getlength(tiles.shortened("a long name " * 20, 100, 13)) <= 100


def test_lanes_are_drawn_as_on_the_page():
    live = Path(tiles.__file__).parents[2] / "ui" / "live"
    css, script = (live / "styles" / "compare.css").read_text(), (live / "compare" / "lane_style.js").read_text()
    light = re.search(r"\.play\s*\{([^}]*--lane-0[^}]*)\}", css)[1]
    assert [pen.colour for pen in PENS] == re.findall(r"--lane-\d:\s*(#[0-9a-f]{6})", light)
    dashes = json.loads(re.search(r"DASHES = (\[\[.*?\]\])", script, re.DOTALL)[1].replace(",\n]", "]"))
    assert [pen.dash for pen in PENS] == [",".join(f"{n}px" for n in dash) or "solid" for dash in dashes]
