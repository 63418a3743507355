"""Forking from the page: from where, with what, what is refused, and the way to the child beside its parent."""

import re

import pytest
from playwright.sync_api import expect
from sound import sound_all_ways

BEGAN = {"variant": "began", "data": "ring8", "preset": "quick",
         "knobs": {"width_g": 8, "width_d": 8, "batch": 16, "gamma": 0.5, "lr_g": 2e-4, "lr_d": 2e-4}}
TOLD = ("([run, name]) => fetch('/play/poll', {method: 'POST', body: JSON.stringify({run})})"
        ".then((answer) => answer.json()).then((news) => news[name])")


def dialog(visitor):
    return visitor.page.get_by_role("dialog", name="Fork")


def opened(visitor):
    """The dialog, once it knows the checkpoints."""
    visitor.page.get_by_test_id("fork").click()
    expect(visitor.page.get_by_test_id("fork-go")).to_be_enabled()
    return dialog(visitor)


def forked(visitor, parent: str) -> str:
    visitor.page.get_by_test_id("fork-go").click()
    visitor.page.wait_for_url(re.compile(rf"\?run=(?!{parent})[0-9a-f]{{32}}$"))
    expect(visitor.page.get_by_test_id("origin")).to_be_visible()
    return visitor.run


@pytest.fixture
def parent(made) -> str:
    """A run of the guest's that is over."""
    return made(300, **BEGAN)


def show(visitor, id: str) -> None:
    visitor.open(f"/?run={id}")
    expect(visitor.rate).to_have_text("finished")


def test_an_unchanged_fork_begins_at_a_checkpoint_and_shows_the_whole_past(guest, app, parent):
    show(guest, parent)
    steps = guest.call("checkpoints", {"run": parent})["steps"]
    box = opened(guest)
    at, slider = guest.page.get_by_test_id("fork-step"), box.get_by_role("slider", name="From step")
    expect(at).to_have_text(f"{steps[-1]:,}")
    expect(box.get_by_label("Steps in all")).to_have_value(str(steps[-1] + 300))       # it would be over at once otherwise
    slider.focus()
    guest.page.keyboard.press("Home")
    expect(at).to_have_text(f"{steps[0]:,}")
    guest.page.keyboard.press("End")
    box.get_by_label("Steps in all").fill("400")
    expect(guest.page.get_by_test_id("fork-go")).to_have_text("Fork unchanged")
    child = forked(guest, parent)
    expect(guest.page.get_by_test_id("origin")).to_contain_text(f"Forked at step {steps[-1]:,} from its parent.")
    expect(guest.rate).to_have_text("finished")
    record = app.record(child)
    assert (record["parent"], record["forked"], record["spec"]["steps"]) == (parent, steps[-1], 400)
    assert record["spec"]["knobs"] == app.record(parent)["spec"]["knobs"]
    expect(guest.page.get_by_test_id("fork-mark")).to_have_count(1)
    past = [f for f in guest.page.evaluate(TOLD, [parent, "frames"]) if f <= steps[-1]]
    assert past == [f for f in guest.page.evaluate(TOLD, [child, "frames"]) if f <= steps[-1]]
    guest.page.get_by_test_id("origin").get_by_role("link", name="its parent", exact=True).click()
    guest.page.wait_for_url(re.compile(parent))
    expect(guest.page.get_by_test_id("origin")).to_have_count(0)


def test_the_checkpoint_nearest_to_where_one_stands_is_offered(guest, parent):
    show(guest, parent)

    def few(route):
        route.fulfill(json={"steps": [0, 90, 200, 300]}) if route.request.post_data_json["fn_name"] == "checkpoints" else route.continue_()

    guest.page.route(re.compile("component_server"), few)
    box = guest.page.get_by_role("slider", name="Timeline").bounding_box()
    guest.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    held = guest.step
    assert 130 < held < 170
    opened(guest)
    expect(guest.page.get_by_test_id("fork-step")).to_have_text("90")
    expect(dialog(guest)).to_contain_text(f"The newest checkpoint at or before step {held}.")


def test_a_running_run_is_forked_now_with_other_knobs_and_makes_room(visitor, app):
    visitor.choose("BEGAN")
    parent = visitor.train(20_000)
    visitor.moves()
    before = visitor.knob("gamma").input_value()
    box = opened(visitor)
    expect(visitor.page.get_by_test_id("fork-step")).to_have_text("now")
    gamma = box.get_by_role("textbox", name="Diversity ratio", exact=True)
    gamma.fill("77")
    gamma.press("Tab")
    expect(box.get_by_role("alert").filter(has_text="must be a number between")).to_be_visible()
    gamma.fill("0.25")
    gamma.press("Tab")
    expect(visitor.page.get_by_test_id("fork-changes")).to_have_text(f"Diversity ratio γ {before} → 0.25")
    expect(box).to_contain_text(f"its parent has {before}")
    box.get_by_role("textbox", name="Learning rate of G", exact=True).fill("1e-3")
    box.get_by_role("textbox", name="Learning rate of G", exact=True).press("Tab")
    expect(visitor.page.get_by_test_id("fork-go")).to_have_text("Fork with these 2 changes")
    assert visitor.knob("gamma").input_value() == before                                # the parent's own are as they were
    child = forked(visitor, parent)
    expect(visitor.rate).to_contain_text("steps/s")                                     # its parent rests
    assert visitor.page.evaluate(TOLD, [parent, "status"]) in ("paused", "interrupted", "stopped")
    expect(visitor.knob("gamma")).to_have_value("0.25")
    assert app.record(child)["forked"] > 0
    assert app.record(parent)["spec"]["knobs"]["gamma"] == float(before)
    assert not [e for e in app.journal(parent) if "tune" in e]


def test_another_variant_if_its_networks_fit(guest, app, parent):
    show(guest, parent)
    box = opened(guest)
    box.get_by_label("Variant").select_option("gan")
    expect(guest.page.get_by_test_id("fork-changes")).to_contain_text("as GAN")
    guest.page.get_by_test_id("fork-go").click()
    expect(box.get_by_role("alert").filter(has_text="another network")).to_be_visible()
    assert guest.run == parent
    box.get_by_label("Variant").select_option("ebgan")
    expect(box).to_contain_text("its parent has none")
    box.get_by_label("Steps in all").fill("350")
    child = forked(guest, parent)
    assert app.record(child)["spec"]["variant"] == "ebgan"
    expect(guest.variant).to_contain_text("EBGAN")


def test_the_key_the_dialog_and_what_cannot_be_forked(visitor, arrive):
    expect(visitor.page.get_by_test_id("fork")).to_be_disabled()                        # the recorded run has no checkpoints
    parent = visitor.made(300, **BEGAN)
    show(visitor, parent)
    visitor.seed.focus()
    visitor.page.keyboard.press("f")
    expect(dialog(visitor)).to_be_hidden()
    visitor.page.get_by_role("heading", name="GAN Playground").click()
    visitor.page.keyboard.press("f")
    expect(dialog(visitor)).to_be_visible()
    before = visitor.step
    visitor.page.keyboard.press("[")                                                    # the page beneath hears nothing
    expect(visitor.at).to_have_text(f"{before:,}")
    visitor.page.keyboard.press("Escape")
    expect(dialog(visitor)).to_be_hidden()
    visitor.page.mouse.click(700, 300)
    visitor.page.keyboard.press("Control+f")
    expect(dialog(visitor)).to_be_hidden()
    other = arrive()
    show(other, parent)
    expect(other.page.get_by_test_id("fork")).to_be_disabled()
    visitor.call("keep", {"run": parent, "published": True})
    expect(other.page.get_by_test_id("fork")).to_be_enabled()
    opened(other)
    child = forked(other, parent)
    assert child != parent


def test_axe_finds_nothing_in_the_dialogs(guest, parent):
    show(guest, parent)
    box = opened(guest)
    box.get_by_text("Advanced").click()
    box.get_by_role("textbox", name="Diversity ratio", exact=True).fill("0.2")
    box.get_by_role("textbox", name="Diversity ratio", exact=True).press("Tab")
    expect(guest.page.get_by_test_id("fork-changes")).to_be_visible()
    sound_all_ways(guest.page, "label")
    guest.page.keyboard.press("Escape")
    guest.button("Draw your own").click()
    guest.page.get_by_role("dialog", name="Draw your own points").get_by_text("Paste a table", exact=True).click()
    guest.button("Read it").click()
    expect(guest.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("nothing to read")
    sound_all_ways(guest.page, "label")


def test_beside_its_parent_leads_to_both_at_one_step(guest, parent):
    child = guest.call("fork", {"run": parent, "step": 0, "knobs": {"gamma": 0.3, "lr_g": 1e-4}, "steps": 250})["run"]
    show(guest, child)
    guest.page.get_by_role("link", name="Beside its parent").click()
    expect(guest.page).to_have_url(f"{guest.url}/?tab=compare&runs={child},{parent}")
    row = guest.page.get_by_role("row").filter(has_text="diversity ratio")
    expect(row.get_by_role("cell")).to_have_text([re.compile("0.3"), "0.5"])
    frames = [guest.page.evaluate(TOLD, [run, "frames"]) for run in (child, parent)]
    slider = guest.page.get_by_role("slider", name="Timeline of all lanes")
    expect(guest.page.get_by_test_id("lane-step-1")).to_have_text("step 300")
    slider.focus()
    guest.page.keyboard.press("Home")
    guest.page.keyboard.press("ArrowRight")
    step = float(slider.input_value())
    for i, steps in enumerate(frames):
        expect(guest.page.get_by_test_id(f"lane-step-{i}")).to_have_text(f"step {max(f for f in steps if f <= step):,}")
    guest.page.go_back()
    expect(guest.page.get_by_test_id("origin")).to_contain_text("Forked at step 0")


def test_a_look_at_pictures_is_never_newer_than_the_samples_that_it_lies_under(scripts):
    seen = scripts.evaluate("""async () => {
        const {RunHistory} = await import("/play/static/core/run_history.js"), history = new RunHistory();
        const empty = history.frameAndSnapshot("images", 5);
        history.append({frames: [0, 10, 20], looks: [0, 8, 15]});
        return [empty, history.frameAndSnapshot("images", 19), history.frameAndSnapshot("points", 19), history.frameAndSnapshot("images")];
    }""")
    assert seen == [[None, None], [10, 8], [10, 15], [20, 15]]
