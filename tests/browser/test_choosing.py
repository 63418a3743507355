"""Choosing what to train: a variant by its name or idea, data by their picture, and what is said of the two together."""

import json
import re

from playwright.sync_api import expect


def catalogue(app) -> tuple[dict, dict]:
    told = app.call("catalogue", {})
    return {v["id"]: v for v in told["variants"]}, {d["id"]: d for d in told["data"]}


def test_a_variant_is_found_by_keys_alone(visitor, app):
    variants, _ = catalogue(app)
    keys, listed = visitor.page.keyboard, visitor.page.get_by_role("listbox", name="Variants")
    options = listed.get_by_role("option")
    visitor.variant.focus()
    keys.press("ArrowDown")
    expect(listed).to_be_visible()
    assert options.count() == len(variants)
    families = [group.inner_text() for group in listed.locator(".family").all()]
    assert families == list(dict.fromkeys(v["family"] for v in variants.values()))
    expect(listed.get_by_role("option", selected=True)).to_contain_text("BEGAN")

    keys.type("zzz")
    expect(options).to_have_count(0)
    expect(visitor.page.get_by_text("No variant answers to")).to_be_visible()
    keys.press("Enter")                                         # nothing to take
    search = visitor.page.get_by_role("combobox", name="Search variants")
    search.fill("least squ")                                    # an idea and no name
    expect(options).to_have_count(1)
    keys.press("Escape")
    expect(listed).to_be_hidden()
    expect(visitor.variant).to_be_focused()
    expect(visitor.variant).to_contain_text("BEGAN")

    keys.type("gan")                                            # a letter on the closed button begins a search; the very name comes first
    expect(search).to_have_value("gan")
    lit = visitor.page.locator(".option.lit")
    expect(lit).to_have_attribute("data-variant", "gan")
    expect(search).to_have_attribute("aria-activedescendant", lit.get_attribute("id"))
    keys.press("ArrowDown")
    expect(lit).not_to_have_attribute("data-variant", "gan")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(listed).to_be_hidden()
    expect(visitor.variant).to_have_accessible_name(re.compile("Variant GAN"))
    assert visitor.run is None


def test_what_is_known_of_a_variant_stands_under_it_and_a_warning_where_it_fails(visitor, app):
    variants, data = catalogue(app)
    for id in ("lsgan", "began"):
        known = variants[id]
        visitor.choose(known["title"])
        expect(visitor.variant).to_contain_text(known["family"])
        expect(visitor.settings.get_by_role("paragraph").filter(has_text=known["summary"])).to_be_visible()
        assert visitor.settings.get_by_role("group", name="Formula").locator("math").count() >= len(known["formula"])
        expect(visitor.settings.get_by_role("link")).to_have_attribute("href", known["paper"]["url"])
        told = visitor.page.get_by_test_id("advice")
        for word, text in (("good at", known["good"]), ("weak at", known["bad"])):
            expect(told.locator("dt", has_text=word)).to_be_visible()
            expect(told.get_by_text(text)).to_be_visible()
    warned = next((v, d) for v in variants.values() for d in v["warns"] if data[d]["group"] == "Points")
    visitor.choose(warned[0]["title"])
    visitor.data(data[warned[1]]["title"], "Points")
    warning = visitor.page.get_by_test_id("warning")
    expect(warning).to_contain_text(warned[0]["warns"][warned[1]])
    silent = next(d for d in data.values() if d["id"] not in warned[0]["warns"] and d["group"] in ("Points", "Pictures"))
    visitor.data(silent["title"], silent["group"])
    expect(warning).to_be_hidden()


def test_options_of_the_data_outlast_another_variant_and_reach_the_run(visitor, app):
    visitor.data("Pixel faces")
    visitor.settings.get_by_role("radio", name="32 px").check(force=True)
    visitor.option("flip").get_by_role("switch").check()
    visitor.option("colour").get_by_role("combobox").select_option("grey")
    visitor.write(visitor.knob("noise of the data"), "0.1")
    visitor.choose("LSGAN")
    for name, low in (("width g", "4"), ("width d", "4"), ("batch", "8")):
        if not visitor.knob(name).is_visible():
            visitor.settings.get_by_text("Advanced").click()
        visitor.write(visitor.knob(name), low)
    id = visitor.train()
    spec = json.loads((app.folder / "runs" / id / "run.json").read_text())["spec"]
    assert (spec["data"], spec["size"], spec["options"]) == ("pixel_faces", 32, {"noise": 0.1, "flip": True, "colour": "grey"})
    visitor.option("flip").get_by_role("switch").uncheck()
    expect(visitor.option("flip")).to_contain_text("this run has on")
    visitor.write(visitor.knob("noise of the data"), "7")
    expect(visitor.option("noise").get_by_role("alert")).to_contain_text("must be a number between")
    visitor.button("Stop this run and start new").click()             # what cannot be read is not sent
    expect(visitor.option("noise").get_by_role("alert")).to_be_visible()
    assert visitor.run == id

    visitor.page.reload()
    expect(visitor.knob("noise of the data")).to_have_value("0.1")
    expect(visitor.option("flip").get_by_role("switch")).to_be_checked()
    expect(visitor.settings.get_by_role("radio", name="32 px")).to_be_checked()
    visitor.data("Two moons", "Points")                         # other data, their own options
    expect(visitor.knob("noise of the data")).to_have_value("0")
    expect(visitor.option("flip")).to_have_count(0)


def test_what_has_no_picture_yet_says_what_it_needs(visitor, app):
    _, data = catalogue(app)
    bare = [d for d in data.values() if d["needs"] == "network"]
    assert bare
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    for given in bare:
        visitor.data(given["title"], given["group"])
        expect(visitor.settings.get_by_text("needs a network")).to_be_visible()
        if not given["thumb"]:
            expect(visitor.button(given["title"])).to_have_text(given["title"])
    assert not [url for url in asked if "/thumb/" in url]


def test_a_late_estimate_does_not_wipe_the_refusal_of_a_start(visitor):
    late = []

    def hold(route):
        name = route.request.post_data_json["fn_name"]
        if name == "estimate":
            late.append(route)
        elif name == "start":
            route.fulfill(json={"error": {"field": "any", "message": "two runs are waiting already"}})
        else:
            route.continue_()

    visitor.page.route(re.compile("component_server"), hold)
    with visitor.page.expect_request(lambda request: '"estimate"' in (request.post_data or "")):
        visitor.write(visitor.seed, "5")
    visitor.button("Start a new run").click()
    said = visitor.settings.get_by_role("alert").filter(has_text="two runs are waiting already")
    expect(said).to_be_visible()
    with visitor.page.expect_response(lambda response: '"estimate"' in (response.request.post_data or "")):
        for route in late:
            route.continue_()
    visitor.page.wait_for_timeout(300)                          # nothing is to come of it
    expect(said).to_be_visible()
    visitor.page.unroute(re.compile("component_server"))
    visitor.write(visitor.seed, "6")                            # a new question is answered again
    expect(said).to_be_hidden()


def test_what_does_not_fit_is_greyed_out_with_the_reason_and_cannot_be_taken(visitor, app):
    variants, data = catalogue(app)
    listed, misfits = visitor.page.get_by_role("listbox", name="Variants"), visitor.page.get_by_test_id("misfits")
    for need in ("labels", "images"):
        picky = next(v for v in variants.values() if v["needs"] == [need])
        bare, fine = (next(d for d in data.values() if (need in d["provides"]) is there and d["kind"] == kind and not d["needs"])
                      for there, kind in ((False, "points"), (True, "images")))
        visitor.choose("LSGAN")
        visitor.data(bare["title"], bare["group"])
        expect(misfits).to_be_hidden()                              # what needs nothing fits all
        visitor.variant.click()
        refused = listed.locator(f"[data-variant={picky['id']}]")
        expect(refused).to_have_attribute("aria-disabled", "true")
        expect(refused).to_contain_text(f"needs {need}; {bare['title']} has none")
        refused.click(force=True)                                         # by hand and by key nothing is taken, and the list stays open
        visitor.page.get_by_role("combobox", name="Search variants").fill(picky["title"])
        visitor.page.keyboard.press("Enter")
        expect(listed).to_be_visible()
        visitor.page.keyboard.press("Escape")
        expect(visitor.variant).to_contain_text("LSGAN")

        visitor.data(fine["title"], fine["group"])
        visitor.choose(picky["title"])
        visitor.settings.get_by_role("radio", name=bare["group"], exact=True).check(force=True)
        expect(misfits).to_have_text(f"Greyed out: {picky['title']} needs {need}.")
        greyed = visitor.settings.locator("[data-data][aria-disabled=true]")
        assert {button.get_attribute("data-data") for button in greyed.all()} == {d["id"] for d in data.values() if need not in d["provides"]}
        expect(visitor.button(bare["title"])).to_have_accessible_description(re.compile(f"needs {need}"))
        visitor.button(bare["title"]).click(force=True)
        expect(visitor.button(bare["title"])).not_to_have_attribute("aria-pressed", "true")
        own = visitor.settings.get_by_role("radio", name="Your own", exact=True)
        own.check(force=True)
        expect(misfits).to_be_visible(visible=need == "labels")     # pictures that people send have no labels
