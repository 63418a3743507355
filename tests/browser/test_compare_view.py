"""Ended runs side by side in the tab Compare: one position for all, charts and legend, scoreboard, keys, what is bad or gone."""

import re

import pytest
from comparing import BEGAN, GAN, come
from playwright.sync_api import expect
from sound import sound_all_ways

TOLD = ("([run, name]) => fetch('/play/poll', {method: 'POST', body: JSON.stringify({run})})"
        ".then((answer) => answer.json()).then((news) => news[name])")


@pytest.fixture
def runs(made) -> list[str]:
    """Three runs of the guest's that are over: BEGAN of 300 steps and of 200, and GAN of 300 steps and twice the batch."""
    return [made(300, **BEGAN), made(200, **BEGAN), made(300, **GAN)]


def shown(visitor, lane: int):
    """What is said of the picture of a lane."""
    return visitor.page.get_by_test_id(f"lane-step-{lane}").first


def slider(visitor):
    return visitor.page.get_by_role("slider", name="Timeline of all lanes")


def newest(steps: list[int], step: float) -> str:
    return re.compile(rf"step {max(f for f in steps if f <= step):,}\b")


def test_one_slider_moves_all_lanes_by_steps_samples_or_seconds(guest, runs):
    come(guest, *runs)
    page, frames = guest.page, [guest.page.evaluate(TOLD, [run, "frames"]) for run in runs]
    expect(page).to_have_title(re.compile("Compare: BEGAN, 200 steps|Compare: BEGAN"))
    for i, steps in enumerate(frames):
        expect(shown(guest, i)).to_have_text(newest(steps, 300))
    expect(page.get_by_test_id("said-of")).to_contain_text("Not the same batch size")
    expect(page.get_by_role("region", name="What differs")).to_contain_text("batch size")
    slider(guest).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")                                       # a busy machine shows little of so short a run: the first is early
    step = float(slider(guest).input_value())
    assert 0 < step < 200
    for i, steps in enumerate(frames):
        expect(shown(guest, i)).to_have_text(newest(steps, step))
    page.get_by_test_id("align").select_option("images")
    expect(slider(guest)).to_have_value(str(int(16 * step)))                # where the first lane stood
    expect(shown(guest, 0)).to_have_text(newest(frames[0], step))
    expect(shown(guest, 2)).to_have_text(newest(frames[2], step / 2))       # which takes twice as many a step
    page.wait_for_url(re.compile(rf"&v=1&align=images&at={int(16 * step)}$"))
    page.reload()
    expect(shown(guest, 2)).to_have_text(newest(frames[2], step / 2))
    page.get_by_test_id("align").select_option("seconds")
    expect(slider(guest)).to_have_attribute("aria-valuetext", re.compile(r"^second [\d.]+ s of [\d.]+ s$"))
    expect(shown(guest, 0)).to_have_text(newest(frames[0], step))
    page.get_by_test_id("newest").click()
    expect(slider(guest)).to_have_attribute("aria-valuetext", re.compile("the newest"))
    expect(shown(guest, 0)).to_have_text(newest(frames[0], 300))
    page.get_by_test_id("align").select_option("step")
    at = page.get_by_test_id("position")
    page.get_by_role("button", name="Play it back").click()
    expect(at).not_to_have_text("300")
    page.get_by_role("button", name="Pause playing back").click()
    slider(guest).fill("250")
    expect(shown(guest, 1)).to_contain_text("ended there")                  # that of 200 steps
    page.get_by_test_id("newest").click()
    page.get_by_role("list", name="Lanes").get_by_role("link").nth(2).click()
    expect(page).to_have_url(f"{guest.url}/?run={runs[2]}")
    guest.tab("Compare").click()                                            # is where it was left
    expect(shown(guest, 2)).to_have_text(newest(frames[2], 300))
    guest.tab("Compare").click()
    expect(page).to_have_url(f"{guest.url}/?tab=compare")
    expect(page.get_by_test_id("begin")).to_be_attached()


def test_charts_share_what_means_the_same_and_the_legend_makes_a_lane_stand_out(guest, runs):
    come(guest, f"{runs[0]}.{runs[1]}", runs[2])
    page, charts = guest.page, guest.page.get_by_role("group", name="Chart of all lanes")
    expect(charts.first).to_be_visible()
    names = charts.evaluate_all("all => all.map((chart) => chart.dataset.chart)")
    assert {"modes/found", "sample/std", "steps/s"} <= set(names)
    assert not {"loss/d", "grad/g", "energy/real", "balance/k"} & set(names)
    expect(page.get_by_test_id("charts-apart")).to_contain_text("losses, gradients")
    expect(page.get_by_role("region", name="Charts")).to_contain_text("the mean of n = 1 and 2 seeds")
    keys = charts.first.locator(".key")
    expect(keys).to_have_count(2)
    faint = "() => document.querySelectorAll('.lane-plane')[0].checkVisibility({opacityProperty: true}) && " \
            "[...document.querySelectorAll('.lane-plane')].map((e) => Number(getComputedStyle(e).opacity))"
    assert page.evaluate(faint) == [1, 1]
    page.get_by_role("list", name="Lanes").get_by_role("listitem").last.hover()
    assert page.evaluate(faint) == [0.3, 1]
    page.mouse.move(700, 20)
    assert page.evaluate(faint) == [1, 1]
    page.get_by_role("list", name="Lanes").get_by_role("link").first.focus()
    assert page.evaluate(faint) == [1, 0.3]
    charts.first.hover()
    expect(charts.first).to_contain_text(re.compile(r"at \d+"))
    charts.first.get_by_role("button", name="Table of").click()
    expect(charts.first.get_by_role("columnheader")).to_have_text(["step", re.compile("^1 BEGAN"), "2 GAN"])


def test_the_scoreboard_says_no_more_than_its_seeds(guest, runs):
    come(guest, runs[0], runs[2])
    page, board = guest.page, guest.page.get_by_test_id("scoreboard")
    expect(board.get_by_role("row")).to_have_count(3)
    expect(page.get_by_test_id("verdicts")).to_contain_text("not told apart yet: too few seeds")
    expect(board.get_by_role("rowheader").first).to_contain_text("n = 1")
    board.get_by_label("Measure").select_option("modes/share")
    expect(board).to_contain_text("Higher is better")
    guest.write(board.get_by_label("target"), "0.01")
    expect(board.get_by_role("cell").filter(has_text="samples")).not_to_have_count(0)
    page.wait_for_url(re.compile("measure=modes/share&target=0.01$"))
    guest.write(board.get_by_label("target"), "much")
    expect(board.get_by_role("alert")).to_have_text("A target is a number from 0 on.")


def test_by_keys_alone(guest, runs):
    come(guest, runs[0], runs[2])
    page, keys = guest.page, guest.page.keyboard
    guest.tab("Compare").focus()
    seen: list[str] = []
    for _ in range(24):
        keys.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"))
        if seen[-1] == "Timeline of all lanes":
            break
    assert {"Play it back", "Timeline of all lanes"} <= set(seen)
    assert seen.index("BEGAN") < seen.index("Play it back")
    keys.press("Home")
    expect(page.get_by_test_id("position")).to_have_text("0")
    page.get_by_role("radio", name="Grid").focus()
    keys.press("ArrowRight")
    expect(page.get_by_test_id("divider")).to_be_visible()
    page.get_by_role("heading", name="GAN Playground").click()              # then wherever one is
    keys.press("]")
    expect(page.get_by_test_id("position")).not_to_have_text("0")
    keys.press("[")
    expect(page.get_by_test_id("position")).to_have_text("0")


def test_axe_finds_nothing_in_any_of_its_views(guest, runs):
    come(guest, f"{runs[0]}.{runs[1]}", runs[2])
    guest.page.get_by_text("Formulas", exact=True).click()
    expect(guest.page.get_by_test_id("verdicts")).to_contain_text("not told apart")
    sound_all_ways(guest.page, "label", "select-name")
    for view in ("Two", "Time × z"):
        guest.page.get_by_role("radio", name=view, exact=True).check(force=True)
        sound_all_ways(guest.page, "label", "select-name")


def test_what_is_bad_in_an_address_is_named_and_what_is_gone_does_not_stop_the_others(guest):
    first, second, third = (guest.made(30, **BEGAN) for _ in range(3))
    page, problems = guest.page, guest.page.get_by_test_id("address-problems")
    page.goto(f"{guest.url}/?tab=compare&runs={first},{second},x<b>y,{'0' * 32}&view=wide&at=10&z=<script>alert(1)</script>")
    expect(problems).to_contain_text("“x<b>y” is no run")
    expect(problems).to_contain_text("view is “wide”: allowed is grid, two, time")
    expect(problems).to_contain_text("z is “<script>alert(1)</script>”")
    expect(problems).to_contain_text("run 000000… is not there")
    expect(page.get_by_test_id("position")).to_have_text("10")
    expect(page.get_by_test_id("lane-status-2")).to_have_text("there is no such run any more")
    expect(page.get_by_test_id("lane-status-1")).to_contain_text("finished")
    guest.call("delete", {"run": second})
    expect(page.get_by_test_id("lane-status-1")).to_have_text("there is no such run any more")
    expect(page.get_by_test_id("lane-status-0")).to_contain_text("finished")
    page.goto(f"{guest.url}/?run={first}&beside={third}")                   # as it was written once
    expect(page).to_have_url(f"{guest.url}/?tab=compare&runs={first},{third}")
    expect(page.get_by_test_id("lane-status-1")).to_contain_text("finished")
