"""What has codes of its own says so: rows of a frame, a choice of one, their traversals, and a table of categories and classes; others have none."""

import re

from playwright.sync_api import expect
from studying import INK, SMALL, Studio


def test_codes_are_chosen_traversed_and_held_against_classes(arrive):
    visitor = arrive().open()
    knobs = SMALL["knobs"] | {"n_cat": 6, "n_con": 2}
    made = [visitor.made(20, **SMALL | {"variant": "infogan", "knobs": knobs}), visitor.made(20, **SMALL | {"variant": "cgan"})]
    visitor.open(f"/?run={made[0]}")
    expect(visitor.picture.get_by_role("heading", name="Samples by code")).to_be_visible()
    expect(visitor.picture.get_by_text("a row for each code: code 0, code 1, code 2, code 3, code 4, code 5")).to_be_visible()
    expect(visitor.picture.get_by_role("img", name=re.compile("48 samples at step"))).to_be_visible()

    studio = Studio(visitor, f"latents={made[0]}")
    picker = studio.it.get_by_label("Code", exact=True)
    assert picker.locator("option").all_inner_texts() == [f"code {i}" for i in range(6)]
    studio.go("Codes")
    for name in ("c1", "c2"):
        expect(studio.group(f"Along {name}").get_by_role("button")).to_have_count(9)
        expect(studio.tool.get_by_text(f"{name} from −1 to 1")).to_be_visible()
    expect(studio.group("Both codes").get_by_role("button")).to_have_count(81)
    expect(studio.tool.get_by_text("c1 to the right, c2 upwards")).to_be_visible()
    table = studio.group("Categories and classes").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(list("0123456789"))
    expect(table.get_by_role("rowheader")).to_have_count(6)
    expect(table.locator(".fits")).to_have_count(6)
    expect(studio.tool.get_by_text(re.compile(r"^\d+% of [\d,]+ held-out samples lie in the category"))).to_be_visible()
    studio.group("Along c2").get_by_role("button").nth(8).click()
    expect(studio.pins).to_have_count(1)
    picker.select_option("3")
    expect(studio.group("Along c1").get_by_role("button").first).to_be_visible()

    other = Studio(visitor, f"latents={made[1]}")
    expect(other.it.get_by_role("tab", name="Codes", exact=True)).to_have_count(0)
    expect(other.it.get_by_label("Class", exact=True)).to_be_visible()


def test_where_an_encoder_puts_data_is_seen_beside_the_prior_and_decoded(arrive):
    visitor = arrive().open()
    knobs = {"width_g": 4, "width_e": 4, "width_d": 8, "hidden_d": 8, "batch": 8, "z_dim": 2}
    studio = Studio(visitor, f"latents={visitor.made(20, **SMALL | {'variant': 'aae', 'knobs': knobs})}")
    studio.go("Encoder")
    picture = studio.tool.get_by_role("img", name="1,000 codes and as many draws of the prior, within")
    expect(picture).to_be_visible()
    expect(studio.tool.get_by_text(re.compile(r"^The whole latent space: its two numbers, from −"))).to_be_visible()
    classes = studio.group("Classes").get_by_role("button")
    expect(classes).to_have_text(list("0123456789"))
    before = picture.evaluate(INK)
    classes.nth(1).click()
    expect(classes.nth(1)).to_have_attribute("aria-pressed", "false")
    assert picture.evaluate(INK) != before
    classes.nth(1).click()
    assert picture.evaluate(INK) == before
    decoded = studio.group("The square decoded").get_by_role("button")
    expect(decoded).to_have_count(225)
    decoded.nth(17).click()
    expect(studio.pins).to_have_count(1)
    expect(decoded.nth(17)).to_have_attribute("aria-pressed", "true")

    points = Studio(visitor, f"latents={visitor.made(20, variant='bigan')}")
    points.go("Encoder")
    expect(points.tool.get_by_role("img", name=re.compile("codes and as many draws"))).to_be_visible()
    expect(points.group("The square decoded")).to_have_count(0)
    other = Studio(visitor, f"latents={visitor.made(20, **SMALL)}")
    expect(other.it.get_by_role("tab", name="Encoder", exact=True)).to_have_count(0)
