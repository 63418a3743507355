"""A race in the tab Compare while it trains: who may steer it, one lane tuned, a lane that ends alone, and the card that brings it back."""

import re

from comparing import BEGAN, GAN
from playwright.sync_api import expect
from sizes import PHONE

LONG = 100_000          # steps: such a run rests after each
SMALL = {"width_g": 8, "width_d": 8, "batch": 16}
WILD = {"lr_g": 0.1, "lr_d": 0.1, "width_g": 32, "width_d": 32, "batch": 64}


def raced(visitor, *lanes: dict, data: str = "ring8", seeds: tuple[int, ...] = (1,), budget: int = LONG) -> dict:
    """A race of this person's, {"race", "runs"}."""
    return visitor.call("race", {"clock": "steps", "budget": budget, "data": data, "seeds": list(seeds),
                                 "lanes": [{"variant": lane["variant"], "preset": "quick", "knobs": lane["knobs"]} for lane in lanes]})


def status(visitor, lane: int):
    return visitor.page.get_by_test_id(f"lane-status-{lane}")


def all_are(visitor, words: str, lanes: int = 2) -> None:
    for i in range(lanes):
        expect(status(visitor, i)).to_contain_text(words)


def test_its_owner_steers_all_lanes_and_tunes_one(guest, arrive, app):
    made = raced(guest, {"variant": "began", "knobs": SMALL}, {"variant": "gan", "knobs": SMALL}, seeds=(1, 2))
    page = guest.page
    page.goto(f"{guest.url}/?tab=compare&race={made['race']}")
    all_are(guest, "trains")
    expect(page.get_by_test_id("newest")).to_have_text("Live")
    expect(page.get_by_test_id("lanes-rate")).to_contain_text("steps/s in all")
    other = arrive(**PHONE)
    other.page.goto(f"{other.url}/?tab=compare&race={made['race']}")        # whoever has the link may watch
    all_are(other, "at step")
    for button in ("lanes-stop", "lanes-step", "lanes-resume", "tune-0"):
        expect(other.page.get_by_test_id(button)).to_be_hidden()
    page.get_by_test_id("tune-0").click()
    rate = page.locator("[data-lane='0'] [data-knob=lr_g] input.num")
    guest.write(rate, "5e-4")
    expect(page.get_by_test_id("lane-tunes-0")).to_contain_text("→ 5e-4 at step")
    expect(page.get_by_test_id("lane-tunes-1")).to_be_hidden()
    for seeds, tuned in zip(made["runs"], (1, 0), strict=True):
        for run in seeds:                                                   # all seeds of the one, none of the other
            assert len([e for e in app.journal(run) if "tune" in e]) == tuned
    guest.write(rate, "9")
    expect(page.locator("[data-lane='0']").get_by_role("alert").filter(has_text="must be a number between")).to_be_visible()
    page.get_by_role("button", name="Pause all lanes").click()
    all_are(guest, "paused at step")
    all_are(other, "paused at step")
    before = [status(guest, i).inner_text() for i in range(2)]
    page.get_by_test_id("lanes-step").click()
    for i, text in enumerate(before):
        expect(status(guest, i)).not_to_have_text(text)
    all_are(guest, "paused at step")
    page.get_by_role("button", name="Go on with all lanes").click()
    all_are(guest, "trains")
    page.get_by_test_id("lanes-stop").click()
    all_are(guest, "stopped at step")
    expect(page.get_by_test_id("lanes-resume")).to_be_visible()
    expect(page.get_by_role("button", name="Play it back")).to_be_visible()


def test_a_lane_that_explodes_ends_alone_and_says_so(guest):
    made = raced(guest, {"variant": "began", "knobs": WILD}, GAN, data="moons")
    guest.page.goto(f"{guest.url}/?tab=compare&race={made['race']}")
    expect(status(guest, 0)).to_contain_text(re.compile(r"(diverged|exploded) at step [\d,]+: "))
    expect(status(guest, 0)).to_have_class(re.compile("wrong"))
    expect(status(guest, 1)).to_contain_text("trains, step")
    text = status(guest, 1).inner_text()
    expect(status(guest, 1)).not_to_have_text(text)                         # it races on
    expect(guest.page.get_by_test_id("lane-step-0")).to_contain_text(re.compile("diverged|exploded"))


def test_a_card_brings_a_comparison_back_and_its_settings_once_the_runs_are_gone(guest):
    made = raced(guest, BEGAN, GAN, budget=30)
    page, (first, second) = guest.page, [run for lane in made["runs"] for run in lane]
    page.goto(f"{guest.url}/?tab=compare&race={made['race']}&at=20")
    all_are(guest, "finished at step 30")
    page.get_by_label("Export the comparison").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Card with settings, PNG").click()
    card = saved.value.path()
    page.goto(f"{guest.url}/?tab=compare")
    page.get_by_test_id("card-file").set_input_files(card)
    page.wait_for_url(re.compile(rf"runs={first},{second}&at=20"))
    all_are(guest, "finished at step 30")
    expect(page.get_by_test_id("position")).to_have_text("20")
    for run in (first, second):
        guest.call("delete", {"run": run})
    guest.tab("Compare").click()
    page.get_by_test_id("card-file").set_input_files(card)
    page.wait_for_url(re.compile(r"tab=compare&data=ring8.*lane=began.*lane=gan"))
    guest.watch.cut = True                                                  # what is refused is told on the console, too
    page.get_by_test_id("card-file").set_input_files(files=[{"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}])
    expect(page.locator(".card-opener").get_by_role("alert")).to_be_visible()
