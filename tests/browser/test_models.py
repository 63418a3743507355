"""Models in the Gallery: made of a run, found, opened, named, shared, thrown away and brought back."""

import re

from modelling import packed
from playwright.sync_api import expect
from sizes import DESK_FIRST, PHONE

from models.kit.batch import Shape
from playground.artifacts.model_file import unpack

NUMBERS = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"


def titles(visitor) -> list[str]:
    return visitor.page.locator("li[data-model] b").all_text_contents()          # what is out of view has no inner text


@DESK_FIRST
def test_a_run_becomes_a_model_with_a_page_of_its_own(arrive, size):
    visitor = arrive(**size).open()
    run, other = visitor.made(40), arrive()
    visitor.tab("Runs").click()
    if size is PHONE:
        visitor.does(run, "More for").tap()
    visitor.does(run, "Save as model").click()
    asked = visitor.page.get_by_role("dialog", name="Save as model")
    asked.get_by_label("Name").fill("ring of mine \u202e")
    asked.get_by_role("radio", name="For everybody").check(force=True)
    asked.get_by_role("button", name="Save", exact=True).click()
    expect(asked.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(asked.get_by_role("alert")).to_contain_text("marks of direction")
    asked.get_by_label("Name").fill("ring of mine")
    asked.get_by_role("button", name="Save", exact=True).click()
    expect(visitor.heading("ring of mine")).to_be_visible()
    expect(visitor.page).to_have_title("ring of mine · GAN Playground")
    expect(visitor.page.get_by_test_id("facts")).to_contain_text("8 Gaussians")
    expect(visitor.page.get_by_test_id("facts")).to_contain_text(re.compile("Steps.*40"))
    expect(visitor.page.get_by_test_id("quality").get_by_role("row", name="Modes found")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Goodfellow et al., 2014")).to_be_visible()
    visitor.page.get_by_text("Knobs", exact=True).last.click()
    expect(visitor.page.get_by_role("row", name="Width of G")).to_contain_text("8")
    canvas = visitor.page.locator(".model .pane canvas")
    expect(canvas).not_to_have_js_property("width", 300)
    assert canvas.evaluate(NUMBERS) > 20
    with visitor.page.expect_download() as told:
        visitor.page.get_by_role("link", name="Download").click()
    assert unpack(told.value.path().read_bytes()).about.step == 40
    with visitor.page.expect_download() as told:
        visitor.page.get_by_role("link", name="Card").click()
    assert "ring of mine" in told.value.path().read_text()

    address = re.search(r"\?.*", visitor.page.url)[0]
    other.page.goto(f"{other.url}/{address}")
    expect(other.page.get_by_text("by somebody")).to_be_visible()
    for name in ("Unpublish", "Delete", "Rename ring of mine"):
        expect(other.button(name)).to_have_count(0)
    visitor.button("Rename ring of mine").click()
    visitor.page.keyboard.type("octagon")
    visitor.page.keyboard.press("Enter")
    expect(visitor.heading("octagon")).to_be_visible()
    other.watch.cut = True                              # what was just being fetched is not theirs any more
    visitor.button("Unpublish").click()
    expect(visitor.button("Publish")).to_be_visible()
    other.page.reload()
    expect(other.page.get_by_text("somebody else's, who has not published it")).to_be_visible()

    visitor.button("Delete").click()
    expect(visitor.page).to_have_url(f"{visitor.url}/?tab=gallery")
    gone = visitor.page.get_by_role("listitem").filter(has_text="octagon")
    expect(visitor.page.get_by_text("Deleted octagon.")).to_be_visible()
    expect(gone).to_have_count(0)
    visitor.button("Undo").click()
    expect(gone).to_contain_text("GAN on 8 Gaussians · yours")
    expect(gone).to_contain_text("40 steps · CC0 1.0")
    gone.get_by_role("link").click()
    expect(visitor.heading("octagon")).to_be_visible()
    visitor.page.get_by_role("link", name="All models").click()
    expect(gone).to_be_visible()


def test_models_are_searched_sifted_and_sorted_like_with_like(arrive):
    visitor = arrive()                                  # somebody who keeps nothing yet
    points = {"a": ("gan", 7.0, 0.99), "b": ("wgan_gp", 8.0, 0.85), "c": ("lsgan", 8.0, 0.96)}
    for name, (variant, modes, share) in points.items():
        visitor.keeps(packed(variant, quality={"modes/found": {"value": modes}, "modes/share": {"value": share, "floor": 0.99}}), name)
    told = {"n": 1000, "seed": 2}
    for name, value, extractor in (("d", 2.0, "one"), ("e", 9.0, "one"), ("f", 1.0, "two")):
        quality = {"quality/fd": {"value": value, "floor": 0.15}}
        visitor.keeps(packed("began", Shape(1, 16), quality=quality, measured={"extractor": extractor, **told}), name)
    visitor.keeps(packed("gan", data="never:heard-of"), "g")
    visitor.page.goto(f"{visitor.url}/?tab=gallery")
    tools = visitor.page.get_by_role("region", name="Models").get_by_role("search")
    tools.get_by_label("Whose").select_option("yours")
    count = visitor.page.get_by_text(re.compile(r"^7( of \d+)? models$"))
    expect(count).to_be_visible()
    assert titles(visitor) == list("gfedcba")                       # the newest first
    item = visitor.page.get_by_role("listitem").filter(has=visitor.page.get_by_text("d", exact=True))
    expect(item).to_contain_text("BEGAN on Digits · 16 px · yours")
    expect(item).to_contain_text(re.compile("FD 2.*0.15"))
    expect(visitor.page.get_by_role("listitem").filter(has_text="WGAN-GP")).to_contain_text("modes 8 of 8, 85% in them")
    sort = tools.get_by_label("Order")
    sort.select_option("by name")
    assert titles(visitor) == list("abcdefg")
    sort.select_option("best quality, data by data")
    assert titles(visitor) == list("defcbag")                       # f's features are others': its 1 is not better than 9
    tools.get_by_label("Variant").select_option("BEGAN")
    assert titles(visitor) == list("def")
    tools.get_by_label("Data").select_option("8 Gaussians")
    expect(visitor.page.get_by_text("Nothing here is of that kind.")).to_be_visible()
    visitor.button("Show all").click()
    visitor.page.get_by_label("Search models").fill("wgan-gp 8 yours")
    assert titles(visitor) == ["b"]
    visitor.page.get_by_role("link", name="Runs that ended").click()
    expect(visitor.page).to_have_url(f"{visitor.url}/?tab=gallery&list=runs")
    expect(visitor.page.get_by_role("listitem").filter(has_text="recorded")).to_be_visible()
    visitor.tab("Gallery").click()
    expect(visitor.page).to_have_url(f"{visitor.url}/?tab=gallery")
    assert titles(visitor) == ["b"]
    visitor.page.goto(f"{visitor.url}/?tab=gallery&model=" + "0" * 32)
    expect(visitor.page.get_by_text("It cannot be shown: there is no such model.")).to_be_visible()
    visitor.page.get_by_role("link", name="All models").click()
    expect(visitor.page.get_by_role("listitem").filter(has_text="never:heard-of")).to_be_visible()


def test_play_makes_a_model_and_trains_another_like_it(guest):
    run = guest.made(30, knobs={"width_g": 8, "width_d": 12, "batch": 16})
    guest.page.goto(f"{guest.url}/?run={run}")
    guest.bar.get_by_label("Export").click()
    guest.bar.get_by_role("button", name="A model in the Gallery").click()
    guest.page.get_by_role("dialog", name="Save as model").get_by_role("button", name="Save", exact=True).click()
    expect(guest.heading("GAN on 8 Gaussians")).to_be_visible()
    guest.tab("Play").click()
    guest.choose("LSGAN")
    guest.data("Two moons", "Points")
    guest.page.go_back()
    guest.button("Use these settings").click()
    expect(guest.variant).to_contain_text("GAN")
    expect(guest.button("8 Gaussians")).to_have_attribute("aria-pressed", "true")
    expect(guest.settings.locator("[data-knob=width_d] input.num")).to_have_value("12")
    expect(guest.budget).to_have_value("30")
    guest.page.goto(f"{guest.url}/?tab=gallery&latents={run}")
    expect(guest.heading("GAN on 8 Gaussians")).to_be_visible()
    expect(guest.page.get_by_text("At step 30")).to_be_visible()
    expect(guest.page.get_by_role("region", name="Latents", exact=True)).to_be_visible()
    guest.page.get_by_role("link", name="Back to the run").click()
    expect(guest.shown).to_have_text("step 30")
