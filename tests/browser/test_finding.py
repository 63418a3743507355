"""A run belongs to the server: whoever comes to its address sees it."""

import json
import re

from playwright.sync_api import expect


def sees(visitor, id: str, gamma: str) -> None:
    expect(visitor.rate).to_contain_text("steps/s")
    expect(visitor.page.get_by_test_id("tune-mark")).to_have_count(1)
    expect(visitor.knob("gamma")).to_have_value(gamma)
    expect(visitor.under("gamma")).to_contain_text("until step")
    visitor.moves()


def test_reload_second_tab_and_another_browser_find_the_run(visitor, arrive):
    id = visitor.train(button="Train it live")
    visitor.write(visitor.knob("gamma"), "2.5")
    expect(visitor.page.get_by_test_id("tune-mark")).to_have_count(1)
    before = visitor.step

    visitor.page.reload()
    sees(visitor, id, "2.5")
    assert visitor.run == id
    assert visitor.step >= before

    tab = type(visitor)(visitor.context.new_page(), visitor.url, visitor.watch).open()      # the address without a run: this browser's last
    sees(tab, id, "2.5")

    other = arrive().open(f"/?run={id}")
    sees(other, id, "2.5")
    tab.write(tab.knob("lambda k"), "0.01")                                                 # what its owner does, all see
    for watching in (visitor, other):
        expect(watching.page.get_by_test_id("tune-mark")).to_have_count(2)
        expect(watching.knob("lambda k")).to_have_value("0.01")
    tab.pause()
    for watching in (visitor, other):
        expect(watching.rate).to_have_text("paused")


def test_back_and_forward_go_between_runs(visitor):
    seed = visitor.seed.input_value()
    first = visitor.train(button="Train it live")
    visitor.write(visitor.seed, "80")
    visitor.button("Stop this run and start new").click()
    expect(visitor.page).not_to_have_url(f"{visitor.url}/?run={first}")
    second = visitor.run
    expect(visitor.rate).to_contain_text("steps/s")
    visitor.page.go_back()
    expect(visitor.rate).to_have_text("stopped")            # it was replaced
    expect(visitor.seed).to_have_value(seed)
    assert visitor.run == first
    visitor.page.go_forward()
    expect(visitor.rate).to_contain_text("steps/s")
    expect(visitor.seed).to_have_value("80")
    assert visitor.run == second


def test_an_answer_to_what_was_asked_before_one_went_and_came_back_counts_no_more(visitor):
    """It tells only what was new to the page then, and not what the run is."""
    seed = visitor.seed.input_value()
    first = visitor.train(button="Train it live")
    expect(visitor.rate).to_contain_text("steps/s")
    held, holding = [], True

    def meet(route) -> None:
        asked = json.loads(route.request.post_data)
        return held.append((route, asked)) if holding and asked["run"] == first else route.continue_()

    visitor.page.route(re.compile("/play/poll"), meet)
    visitor.write(visitor.seed, "80")
    while not held:
        visitor.page.wait_for_timeout(20)
    visitor.button("Stop this run and start new").click()
    visitor.page.wait_for_function("run => localStorage.getItem('gan-playground.run') !== run", arg=first)
    visitor.page.go_back()
    while len(held) < 2:
        visitor.page.wait_for_timeout(20)
    assert [asked["cursor"] >= 0 for _, asked in held] == [True, False]
    with visitor.page.expect_response(re.compile("/play/poll")):
        held[0][0].continue_()
    visitor.page.wait_for_timeout(200)
    holding = False
    held[1][0].continue_()
    expect(visitor.rate).to_have_text("stopped")
    expect(visitor.seed).to_have_value(seed)
