"""How a race begins: suggested or put together lane by lane, from an address, and from other rooms of the page."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sizes import PHONE, SIZES
from sound import sound

from playground.specs import presets

SETUP = "?tab=compare"
THERE_AND_BACK = """async ([raw, cases]) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js");
    const {raceAddress, readRace} = await import("/play/static/compare_setup/race_address.js");
    const {CLOCKS} = await import("/play/static/compare_setup/clocks.js");
    const catalogue = expandCatalogue(raw);
    return cases.map(([data, lanes, seeds, clock, budget]) => {
        const set = catalogue.data.find((d) => d.id === data);
        const size = set.sizes.at(-1) ?? null;
        const given = {data: set, size, lanes, seeds, clock: CLOCKS.find((c) => c.id === clock), budget};
        const {race, wrong} = readRace(catalogue, new URLSearchParams(raceAddress(catalogue, given)));
        return [wrong, race.data.id, race.lanes, race.seeds, race.clock.id, race.budget];
    });
}"""
READ = """async ([raw, address]) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js");
    const {readRace} = await import("/play/static/compare_setup/race_address.js");
    const {race, wrong} = readRace(expandCatalogue(raw), new URLSearchParams(address));
    return [race.lanes.length, wrong];
}"""
BAD = {
    "lane=gan&lane=ganx": (1, "there is no variant “ganx”"),
    "lane=gan&lane=toString": (1, "there is no variant “toString”"),
    "lane=gan,slow&lane=lsgan": (2, "lane 1: there is no preset “slow”"),
    "lane=gan&lane=gan,quick,lr_g:9": (2, "lane 2: lr_g must be a number between"),
    "lane=gan&lane=lsgan,scheme:0": (2, "lane 2: scheme must be one of"),
    "lane=cgan&lane=gan&data=dirac": (2, "CGAN needs"),
    "&".join(["lane=gan"] * 9): (8, "at most 8 lanes"),
    "lane=gan&seeds=1,2,x": (1, "seeds must be a whole number"),
    "lane=gan&seeds=1,2,3,4,5,6": (1, "at most 5 seeds"),
    "lane=gan&clock=hours": (1, "clock must be one of steps, images, seconds"),
    "lane=gan&budget=-3": (1, "budget must be a whole number"),
    "lane=gan&v=9": (1, "v is “9”"),
    "lane=gan&colour=%3Cb%3E": (1, "there is no setting “colour”"),
}


def raced(page: Page, app, visitor) -> list[list[dict]]:
    """The specs of a race that was just started, lane by lane."""
    page.wait_for_url(re.compile(r"\?tab=compare&race=[0-9a-f]{32}$"))
    [id] = parse_qs(urlsplit(page.url).query)["race"]
    record = json.loads((app.folder / "races" / f"{id}.json").read_text())
    return [[app.record(run)["spec"] for run in lane] for lane in record["lanes"]]


def test_every_suggestion_comes_back_from_its_address(scripts, app):
    menu = app.call("catalogue", {})
    cases = [[race.get("data", "ring8"), race["lanes"], [1, 7, 3], clock, 60]
             for race in menu["races"] for clock in ("steps", "images", "seconds")]
    for (data, lanes, *rest), (wrong, *found) in zip(cases, scripts.evaluate(THERE_AND_BACK, [menu, cases]), strict=True):
        assert wrong == []
        assert [found[0], *found[2:]] == [data, *rest]
        for lane, given in zip(found[1], lanes, strict=True):
            usual = presets.preset(given["variant"], data, lane["preset"])["knobs"]
            assert (lane["variant"], usual | lane["knobs"]) == (given["variant"], usual | given.get("knobs", {}))


@pytest.mark.parametrize(("address", "said"), BAD.items(), ids=[address[:40] for address in BAD])
def test_what_is_bad_in_an_address_is_named_and_the_rest_is_read(scripts, app, address, said):
    lanes, wrong = scripts.evaluate(READ, [app.call("catalogue", {}), f"{address}&tab=compare&__theme=dark"])
    assert (lanes, len(wrong)) == (said[0], 1)
    assert said[1] in wrong[0]


@SIZES
def test_a_race_of_four_in_three_clicks(arrive, app, size):
    visitor = arrive(**size).open()
    page = visitor.page
    visitor.tab("Compare").click()
    page.get_by_role("button", name=re.compile("^Four losses")).click()
    expect(page.get_by_role("list", name="Lanes").get_by_role("listitem")).to_have_count(4)
    expect(page.get_by_test_id("race-estimate")).to_contain_text("4 lanes: about")
    sound(page, "list", "listitem", "label", "select-name")
    page.get_by_label("Budget of every lane, steps").fill("40")                           # for the test alone
    page.get_by_test_id("race").click()
    specs = raced(page, app, visitor)
    assert [[spec["variant"] for spec in lane] for lane in specs] == [["gan"], ["lsgan"], ["wgan_gp"], ["began"]]
    assert {(spec["data"], spec["preset"], spec["seed"], spec["steps"]) for lane in specs for spec in lane} == {("ring8", "quick", 1, 40)}


def test_lanes_by_keys_alone(arrive, app):
    visitor = arrive()
    visitor.page.goto(f"{visitor.url}/{SETUP}")
    page, keys, lanes = visitor.page, visitor.page.keyboard, visitor.page.get_by_role("list", name="Lanes").get_by_role("listitem")
    page.get_by_role("button", name="Twin of lane 1").focus()
    keys.press("Enter")
    expect(lanes).to_have_count(3)
    expect(lanes.nth(1)).to_contain_text("the same as lane 1")
    expect(lanes.nth(1).locator("[data-knob] input").first).to_be_focused()
    keys.press("PageUp")
    expect(lanes.nth(1).get_by_test_id("lane-changes").locator("b")).to_have_count(1)
    expect(lanes.nth(1).locator("[data-knob] .why").first).to_contain_text("lane 1 has")
    page.get_by_role("button", name="Take lane 1 out").focus()
    keys.press("Enter")
    expect(lanes).to_have_count(2)
    expect(page.get_by_role("button", name="Take lane 1 out")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Variant of lane 2")).focus()
    keys.type("wgan-gp")
    keys.press("Enter")
    expect(lanes.nth(1)).to_contain_text("WGAN-GP")
    page.get_by_role("button", name="Knobs of lane 2").focus()
    keys.press("Enter")
    batch = lanes.nth(1).locator("[data-knob=batch]").get_by_role("textbox")
    visitor.write(batch, "7000")
    page.get_by_test_id("race").click()                                     # what cannot be read is not sent
    expect(batch).to_be_focused()
    visitor.write(batch, "16")
    page.get_by_label("Seeds of every lane").fill("3, 5")
    page.get_by_label("Budget of every lane, steps").fill("30")
    keys.press("Tab")
    address = page.url
    page.reload()                                                           # its address has it all
    expect(lanes.nth(1)).to_contain_text("16")
    expect(page.get_by_label("Seeds of every lane")).to_have_value("3, 5")
    assert page.url == address
    page.get_by_test_id("race").focus()
    keys.press("Enter")
    first, second = raced(page, app, visitor)
    assert [spec["variant"] for spec in (*first, *second)] == ["ebgan"] * 2 + ["wgan_gp"] * 2
    assert [spec["seed"] for spec in first] == [3, 5]
    assert second[0]["knobs"]["batch"] == 16


def test_a_refusal_stands_beside_its_lane(arrive):
    visitor = arrive()
    page = visitor.page
    page.goto(f"{visitor.url}/{SETUP}&lane=gan&lane=gan,quick,regulariser_weight:3")
    second = page.get_by_role("list", name="Lanes").get_by_role("listitem").nth(1)
    expect(second.locator("[data-knob=regulariser_weight]").get_by_role("alert")).to_contain_text("needs a regularizer")
    page.get_by_test_id("race").click()
    expect(second.locator("[data-knob=regulariser_weight]").get_by_role("alert")).to_contain_text("needs a regularizer")
    assert "race=" not in page.url


def test_ways_in_from_play(arrive, app):
    visitor = arrive().open("/?variant=lsgan&data=moons&knobs=lr_d:0.004&seed=5&steps=777")
    page, lanes = visitor.page, visitor.page.get_by_role("list", name="Lanes").get_by_role("listitem")
    page.get_by_test_id("twin").click()
    expect(lanes).to_have_count(2)
    expect(lanes.nth(1)).to_contain_text("the same as lane 1")
    expect(lanes.first).to_contain_text("4e-3")
    expect(page.get_by_label("Budget of every lane, steps")).to_have_value("777")
    expect(page.get_by_label("Seeds of every lane")).to_have_value("5")
    expect(page.get_by_role("button", name="Two moons")).to_have_attribute("aria-pressed", "true")
    visitor.tab("Play").click()
    visitor.variant.click()
    page.get_by_role("button", name="Race several: mark them").click()
    marked = page.get_by_role("listbox", name="Variants").get_by_role("option", selected=True)
    expect(marked).to_have_count(1)                                         # what was chosen is the first
    search = page.get_by_role("combobox", name="Search variants")
    for name in ("wgan-gp", "began", "wgan-gp", "ebgan"):                   # the second time takes the mark away
        search.fill(name)
        page.keyboard.press("Enter")
    search.fill("")
    expect(marked).to_have_count(3)
    sound(page, "aria-required-children")
    page.get_by_role("button", name="Race these 3").click()
    expect(lanes).to_have_count(3)
    names = lanes.get_by_test_id("lane-variant").locator("b")
    assert names.all_inner_texts() == ["LSGAN", "BEGAN", "EBGAN"]
    expect(page.get_by_role("button", name="Two moons")).to_have_attribute("aria-pressed", "true")


@SIZES
def test_runs_are_chosen_and_compared(arrive, size):
    visitor = arrive(**size)
    ids = [visitor.made(20, variant=variant) for variant in ("gan", "lsgan")]
    visitor.open(f"/?run={ids[0]}")
    visitor.bar.get_by_label("Export").click()
    visitor.page.get_by_test_id("compare-with").click()
    bar = visitor.page.locator(".chosen-runs")
    expect(bar).to_contain_text("1 chosen: GAN on 8 Gaussians. Choose what to compare it with.")
    expect(visitor.page.get_by_test_id("compare-runs")).to_be_disabled()
    box = visitor.row(ids[1]).get_by_role("checkbox")
    box.tap() if size is PHONE else box.press("Space")
    expect(bar).to_contain_text("2 chosen: GAN on 8 Gaussians, LSGAN on 8 Gaussians")
    sound(visitor.page, "label", "list")
    visitor.page.get_by_test_id("compare-runs").click()
    expect(visitor.page).to_have_url(f"{visitor.url}/?tab=compare&runs={ids[0]},{ids[1]}")
