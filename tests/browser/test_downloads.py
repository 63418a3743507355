"""What can be taken away is what it says it is."""

import csv
import io
import json
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from safetensors import safe_open
from visitor import Visitor

STEPS = 60


def download(visitor: Visitor, title: str, to: Path) -> Path:
    visitor.bar.get_by_label("Export").click()
    with visitor.page.expect_download() as told:
        visitor.page.get_by_role("link", name=title).click()
    path = to / told.value.suggested_filename
    told.value.save_as(path)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("link", name=title)).to_be_hidden()
    return path


def test_four_exports_of_a_finished_run(visitor, arrive, tmp_path):
    visitor.write(visitor.budget, str(STEPS))
    visitor.button("Train it live").click()
    expect(visitor.rate).to_have_text("finished")

    png = download(visitor, "Samples, PNG", tmp_path)
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with Image.open(png) as picture:
        assert len(picture.convert("RGB").getcolors(1 << 20)) == 3          # paper, real, fake

    table = download(visitor, "Metrics, CSV", tmp_path)
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [int(row["step"]) for row in rows if row["loss/d"]] == list(range(1, STEPS + 1))
    assert all(float(row["balance/ratio"]) > 0 for row in rows if row["loss/d"])

    settings = json.loads(download(visitor, "Settings and tunes, JSON", tmp_path).read_text())
    assert (settings["variant"], settings["data"], settings["steps"], settings["tunes"]) == ("began", "ring8", STEPS, [])

    weights = download(visitor, "Weights, safetensors", tmp_path)
    with safe_open(weights, "pt") as file:
        told = json.loads(file.metadata()["model"])
        assert (told["variant"], told["step"]) == ("began", STEPS)
        assert all(file.get_tensor(name).isfinite().all() for name in file.keys())      # noqa: SIM118  it is no dict

    charts = download(visitor, "Charts, HTML", tmp_path)
    assert {p.name.split("-", 3)[-1] for p in tmp_path.iterdir()} == {"samples.png", "metrics.csv", "settings.json", "weights.safetensors",
                                                                          "charts.html"}
    reader = arrive()                                                                   # its Watch refuses every other host
    reader.context.set_offline(True)
    reader.page.goto(charts.as_uri())
    expect(reader.page.locator(".js-plotly-plot").first).to_be_visible()
    expect(reader.page.locator("body")).to_contain_text("BEGAN on 8 Gaussians")


def test_the_recorded_run_gives_all_but_weights(visitor, tmp_path):
    table = download(visitor, "Metrics, CSV", tmp_path)
    assert table.read_text().startswith("step,")
    visitor.bar.get_by_label("Export").click()
    expect(visitor.bar.get_by_role("link")).to_have_count(4)
    expect(visitor.page.get_by_role("link", name="Weights, safetensors")).to_have_count(0)


def test_what_cannot_be_had_while_images_train_says_so(visitor):
    """The networks are about to change, so the server refuses: the page says it before, rather than let a download fail without a word."""
    visitor.data("Digits")
    visitor.train()
    samples, weights, table = (visitor.bar.get_by_role("link", name=name) for name in ("Samples, PNG", "Weights, safetensors", "Metrics, CSV"))
    visitor.bar.get_by_label("Export").click()
    expect(samples).to_be_disabled()
    expect(weights).to_be_disabled()
    expect(table).to_be_enabled()
    visitor.pause()
    visitor.bar.get_by_label("Export").click()
    expect(samples).to_be_enabled()
    expect(weights).to_be_enabled()
