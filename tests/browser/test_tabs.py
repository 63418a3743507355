"""The shell: tabs by mouse, keys and address; what is out of view asks for nothing."""

import re

from playwright.sync_api import expect

from playground.specs.presets import RECORDED

LISTS = {"Compare": "?tab=compare", "Runs": "?tab=runs", "Gallery": "?tab=gallery"}


def selected(visitor, name: str) -> None:
    expect(visitor.page.get_by_role("tab", selected=True)).to_have_text(name)
    expect(visitor.page.get_by_role("tabpanel")).to_have_count(1)
    expect(visitor.page.get_by_role("tabpanel", name=name)).to_be_visible()


def test_each_tab_has_an_address_and_back_and_forward_go_between_them(visitor):
    page = visitor.page
    expect(page).to_have_title("BEGAN on 8 Gaussians · GAN Playground")
    for name, address in LISTS.items():
        visitor.tab(name).click()
        selected(visitor, name)
        expect(page).to_have_url(f"{visitor.url}/{address}")
        expect(page).to_have_title(f"{name} · GAN Playground")
        expect(visitor.bar).to_be_hidden()
    page.go_back()
    selected(visitor, "Runs")
    page.go_back()
    selected(visitor, "Compare")
    page.go_back()
    selected(visitor, "Play")
    expect(visitor.bar).to_be_visible()
    expect(page).to_have_title("BEGAN on 8 Gaussians · GAN Playground")
    visitor.moves()                                         # it stood still meanwhile, and goes on
    page.go_forward()
    page.go_forward()
    selected(visitor, "Runs")
    page.reload()
    selected(visitor, "Runs")
    visitor.tab("Play").click()                             # built now, for the first time
    expect(visitor.shown).to_have_text(re.compile(r"step \d"))
    page.goto(f"{visitor.url}/?tab=nonsense")
    selected(visitor, "Play")


def test_the_run_in_play_is_still_there_after_a_look_elsewhere(visitor):
    id = visitor.train(button="Train it live")
    visitor.tab("Gallery").click()
    expect(visitor.page).to_have_url(f"{visitor.url}/?tab=gallery")
    visitor.tab("Play").click()
    assert visitor.run == id
    visitor.moves()
    visitor.page.go_back()
    visitor.page.go_back()
    assert visitor.run == id
    visitor.moves()


def test_tabs_by_keys(visitor):
    keys, tabs = visitor.page.keyboard, visitor.page.get_by_role("tab")
    assert [tab.get_attribute("tabindex") for tab in tabs.all()] == ["0", "-1", "-1", "-1"]
    visitor.tab("Play").focus()
    for key, name in (("Right", "Compare"), ("Right", "Runs"), ("Right", "Gallery"), ("Right", "Play"), ("Left", "Gallery"), ("Home", "Play"),
                      ("End", "Gallery")):
        keys.press(f"Arrow{key}" if key in ("Right", "Left") else key)
        expect(visitor.tab(name)).to_be_focused()
        selected(visitor, name)
    assert [tab.get_attribute("tabindex") for tab in tabs.all()] == ["-1", "-1", "-1", "0"]
    keys.press("Tab")                                       # past the other tabs
    expect(visitor.page.get_by_role("button", name="Keys", exact=True)).to_be_focused()
    keys.press("Tab")
    expect(visitor.page.get_by_role("button", name="Light or dark")).to_be_focused()
    keys.press("Tab")
    expect(visitor.page.get_by_role("link", name="Models", exact=True)).to_be_focused()


def test_a_tab_out_of_view_asks_for_nothing_and_hears_no_keys(visitor, app):
    visitor.train(button="Train it live")
    asked = []
    visitor.page.on("request", lambda request: asked.append((request.post_data_json or {}).get("fn_name", request.url.rsplit("/play/", 1)[-1])))
    with visitor.page.expect_response(lambda response: '"runs"' in (response.request.post_data or "")):
        visitor.tab("Runs").click()
    visitor.page.wait_for_timeout(300)                      # what was under way
    asked.clear()
    visitor.page.locator("body").click(position={"x": 5, "y": 400})
    visitor.page.keyboard.press("Space")
    with visitor.page.expect_request(lambda request: '"runs"' in (request.post_data or "")):
        visitor.page.wait_for_timeout(2000)                 # every 3 s
    assert not {name for name in asked if name in ("poll", "act") or "/frames/" in name}
    assert app.call("live", {})["runs"][0]["status"] == "running"
    visitor.tab("Play").click()
    visitor.moves()
    asked.clear()
    with visitor.page.expect_request(lambda request: request.url.endswith("/play/poll")):
        visitor.moves()
    assert "runs" not in asked


def test_the_recorded_run_is_in_the_gallery_and_opens_in_play(arrive):
    visitor = arrive()
    visitor.page.goto(f"{visitor.url}/?tab=gallery&list=runs")
    tile = visitor.page.get_by_role("listitem").filter(has_text="recorded")
    expect(tile).to_contain_text("BEGAN on 8 Gaussians")
    canvas = tile.locator("canvas")
    drawn = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    expect(canvas).not_to_have_js_property("width", 300)    # drawn at its size, not the default
    assert canvas.evaluate(drawn) > 20
    before = canvas.screenshot()
    visitor.button("Light or dark").click()
    assert canvas.screenshot() != before                    # in the colours of the theme
    tile.get_by_role("link").click()
    selected(visitor, "Play")
    assert visitor.run == RECORDED
    expect(visitor.button("Train it live")).to_be_visible()
    visitor.page.go_back()
    expect(tile).to_be_visible()
