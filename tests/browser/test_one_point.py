"""On data that are one point a run's page has the vector field of its game; and what is not a paper's own says so."""

import json
import re

from playwright.sync_api import expect
from visitor import TINY


def test_the_vector_field_stands_under_the_path_where_all_data_are_one_point_and_nowhere_else(arrive, app):
    visitor = arrive().open()
    single = next(d for d in app.call("catalogue", {})["data"] if d["single"])
    there, elsewhere = visitor.made(30, data=single["id"]), visitor.made(30)
    plot = visitor.page.get_by_role("group", name="Chart: phase")
    visitor.open(f"/?run={there}")
    expect(plot).to_contain_text("ψ over θ")
    expect(plot.get_by_role("img")).to_have_accessible_name(re.compile(r"^At step 30 θ is [\d.−-]+, ψ "))
    expect(plot.locator(".arrow").nth(100)).to_be_attached()
    expect(plot.locator(".way").first).to_be_attached()
    expect(visitor.page.get_by_role("group", name="Chart: point/theta, point/psi")).to_contain_text("θ and ψ")
    visitor.open(f"/?run={elsewhere}")
    expect(plot).to_contain_text("over")
    expect(plot.locator(".arrow")).to_have_count(0)


def test_what_can_be_mixed_in_stands_apart_and_reaches_the_run(visitor, app):
    variants = app.call("catalogue", {})
    mixed = {place for place, knob in enumerate(variants["declared"]) if knob["mixed"]}
    offers = {v["id"]: bool(mixed & {*v["knobs"]["images"]}) for v in variants["variants"]}
    assert {offers["gan"], offers["began"]} == {True, False}
    heading = visitor.settings.get_by_text("Mix and match")
    visitor.settings.get_by_text("Advanced").click()
    expect(heading).to_have_count(0)                            # a visitor begins with BEGAN
    visitor.choose("LSGAN")
    expect(heading).to_be_visible()
    names = visitor.settings.locator(".more [data-knob]").evaluate_all("rows => rows.map((row) => row.dataset.knob)")
    assert names[-4:] == ["regulariser", "regulariser_weight", "relative", "topk"]
    visitor.under("regulariser").get_by_role("combobox").select_option("R1")
    for name, low in (("width g", TINY["knobs"]["width_g"]), ("width d", TINY["knobs"]["width_d"]), ("batch", 16)):
        visitor.write(visitor.knob(name), str(low))
    id = visitor.train()
    knobs = json.loads((app.folder / "runs" / id / "run.json").read_text())["spec"]["knobs"]
    assert (knobs["regulariser"], knobs["augment"]) == ("R1", "none")
    expect(visitor.page.get_by_role("group", name="Chart: mix/penalty")).to_be_attached()
    visitor.under("regulariser").get_by_role("combobox").select_option("none")
    expect(visitor.page.get_by_test_id("apart")).to_be_visible()
