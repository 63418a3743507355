"""What can be asked for a class says so: rows of a frame, and one choice for all tools of latents; others have neither."""

import re

from playwright.sync_api import expect
from studying import INK, SMALL, Studio

CLASS = "Class"


def test_a_class_is_chosen_once_for_every_tool(arrive):
    visitor = arrive()
    made = [visitor.made(20, **SMALL | {"variant": variant}) for variant in ("cgan", "lsgan")]
    visitor.open(f"/?run={made[0]}")
    expect(visitor.picture.get_by_role("heading", name="Samples by class")).to_be_visible()
    expect(visitor.picture.get_by_role("img", name=re.compile("80 samples at step"))).to_be_visible()
    expect(visitor.picture.get_by_text("a row for each class: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9")).to_be_visible()

    studio = Studio(visitor, f"latents={made[0]}")
    picker = studio.it.get_by_label(CLASS, exact=True)
    assert picker.locator("option").all_inner_texts() == list("0123456789")
    studio.pin(0)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.post_data_json) if "component_server" in request.url else None)
    sheet = studio.tool.locator("canvas").first
    before = sheet.evaluate(INK)
    picker.select_option("7")
    expect(studio.samples.first).to_have_attribute("aria-pressed", "true")      # the same latents
    visitor.page.wait_for_function(f"([canvas, before]) => ({INK})(canvas) !== before", arg=[sheet.element_handle(), before])
    studio.go("Between two")
    expect(studio.tool.get_by_role("img").first).to_be_visible()
    studio.go("Pad")
    expect(studio.says).to_have_text(re.compile(r"^At "))
    of = {body["fn_name"]: body["data"].get("y") for body in asked if "run" in body["data"]}
    assert {"samples", "strip", "pad"} <= of.keys()
    assert set(of.values()) == {7}

    other = Studio(visitor, f"latents={made[1]}")
    expect(other.it.get_by_label(CLASS, exact=True)).to_have_count(0)
    visitor.open(f"/?run={made[1]}")
    expect(visitor.picture.get_by_role("img", name=re.compile("64 samples at step"))).to_be_visible()
