"""The tab Runs: name, find, order, keep, resume, delete and bring back."""

import json
import re
import shutil

import pytest
from playwright.sync_api import expect
from visitor import TINY

COUNT = re.compile(r"\d+ (of \d+ )?runs?$")


@pytest.fixture
def person(arrive):
    """Somebody with no runs yet."""
    came = arrive()
    came.page.goto(f"{came.url}/?tab=runs")
    expect(came.page.get_by_text("Nothing of yours has run here yet.")).to_be_visible()
    return came


def shows(visitor, *runs: str) -> None:
    """These, in this order, soon: a list is asked for again every few seconds."""
    visitor.page.wait_for_function("ids => [...document.querySelectorAll('li.run')].map((row) => row.dataset.run).join() === ids", arg=",".join(runs))


def counts(visitor, text: str) -> None:
    expect(visitor.page.get_by_role("status").filter(has_text=COUNT)).to_have_text(text)


def test_with_nothing_there_is_a_button_that_trains(person):
    person.page.get_by_role("button", name="Train the first one").click()
    expect(person.rate).to_contain_text("steps/s")
    id = person.run
    person.tab("Runs").click()
    row = person.row(id)
    expect(row).to_contain_text("BEGAN on 8 Gaussians")
    expect(row).to_contain_text(re.compile(r"training, \d+%"))
    expect(row).to_contain_text(re.compile(r"\d+ of 2,500 steps"))
    before = row.inner_text()
    expect(row).not_to_have_text(before)                    # it goes on while one looks
    person.does(id, "Stop").click()
    expect(row).to_contain_text(re.compile(r"stopped at \d+%"))
    expect(person.does(id, "Stop")).to_be_hidden()
    person.does(id, "Resume").click()
    expect(row).to_contain_text("training")


def test_a_name_is_written_in_place(person, app):
    id = person.made()
    row, keys = person.row(id), person.page.keyboard
    person.does(id, "Rename").click()
    field = row.get_by_role("textbox")
    expect(field).to_be_focused()
    keys.type("<b>γ</b> first")
    keys.press("Enter")
    expect(row.get_by_role("button", name="Rename <b>γ</b> first")).to_be_focused()
    expect(row).to_contain_text("GAN on 8 Gaussians")
    assert app.record(id)["name"] == "<b>γ</b> first"

    keys.press("Enter")
    field.fill("other")
    keys.press("Escape")
    expect(row.get_by_role("button", name="Rename <b>γ</b> first")).to_be_focused()
    keys.press("Enter")
    field.fill("turned \u202E round")
    keys.press("Enter")
    expect(row.get_by_role("alert")).to_be_visible()        # in words, and what was written stays
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("second")
    person.page.get_by_role("searchbox").click()            # leaving it keeps it
    expect(person.does(id, "Rename")).to_have_text("second")
    expect(row.get_by_role("alert")).to_be_hidden()
    person.page.reload()
    expect(person.does(id, "Rename")).to_have_text("second")
    row.get_by_role("link", name="Open second").click()
    expect(person.page.get_by_test_id("run-name").first).to_have_text("second")
    expect(person.page).to_have_title("second · GAN Playground")


def test_search_filters_and_orders(person):
    ring, moons, long = person.made(), person.made(variant="lsgan", data="moons"), person.made(steps=60)
    person.call("rename", {"run": moons, "name": "Zebra 10"})
    person.call("rename", {"run": long, "name": "zebra 9"})
    page, search = person.page, person.page.get_by_role("searchbox", name="Search runs")
    status, variant, order = (page.get_by_role("combobox", name=name) for name in ("Status", "Variant", "Order"))
    counts(person, "3 runs")
    shows(person, long, moons, ring)
    for words, found in (("zebra", [long, moons]), ("LSGAN moons", [moons]), ("gaussians finished", [long, ring]), ("finished", [long, moons, ring])):
        search.fill(words)
        shows(person, *found)
    order.select_option("name")
    shows(person, ring, long, moons)                        # 9 before 10
    order.select_option("steps")
    shows(person, long, moons, ring)
    search.fill("")
    variant.select_option("lsgan")
    shows(person, moons)
    counts(person, "1 of 3 runs")
    status.select_option("failed")
    expect(page.get_by_text("Nothing here is of that kind.")).to_be_visible()
    search.fill("nowhere")
    expect(page.get_by_text("Nothing here answers to “nowhere”.")).to_be_visible()
    person.button("Show all").click()
    counts(person, "3 runs")
    expect(search).to_be_focused()
    person.does(ring, "Pin").click()
    expect(person.does(ring, "Pin")).to_have_attribute("aria-pressed", "true")
    status.select_option("pinned")
    shows(person, ring)

    person.row(ring).get_by_role("link", name=re.compile("^Open ")).click()
    expect(person.shown).to_have_text("step 20")
    assert person.run == ring
    page.go_back()                                          # to the list as it was
    counts(person, "1 of 3 runs")
    expect(status).to_have_value("pinned")


@pytest.mark.parametrize("size", [{}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}], ids=["1440", "390"])
def test_a_finished_run_trains_on_from_its_line(arrive, app, size):
    person = arrive(**size)
    person.page.goto(f"{person.url}/?tab=runs")
    id, stopped = person.made(40), person.call("start", {"spec": TINY | {"steps": 100_000, "seed": 1}})["run"]
    person.call("act", {"run": stopped, "do": "stop"})
    expect(person.row(stopped)).to_contain_text("stopped")
    if size:
        for run in (id, stopped):
            person.does(run, "More for").click()
    expect(person.does(stopped, "Resume")).to_be_visible()
    expect(person.does(stopped, "Train on")).to_be_hidden()
    person.does(id, "Train on").click()
    asked = person.page.get_by_role("dialog", name="Train on")
    steps = asked.get_by_label("Steps in all")
    expect(steps).to_have_value("80")
    steps.fill("40")
    asked.get_by_role("button", name="Train on").click()
    expect(asked.get_by_role("alert").filter(visible=True)).to_contain_text("steps must be a whole number between 41 and")
    steps.fill("30000")
    asked.get_by_role("button", name="Train on").click()
    expect(asked).to_be_hidden()
    expect(person.row(id)).to_contain_text("of 30,000 steps")
    expect(person.does(id, "Train on")).to_be_hidden()
    expect(person.row(id).get_by_role("link", name=re.compile("^Open "))).to_be_focused()
    person.does(id, "Stop").click()
    expect(person.row(id)).to_contain_text(re.compile(r"stopped at \d+%"))
    assert app.record(id)["spec"]["steps"] == 30_000


def test_delete_and_undo(person, app):
    first, second, third = (person.made() for _ in range(3))
    for run in (first, second, third):
        expect(person.row(run)).to_contain_text("finished")
    used = person.page.get_by_test_id("disk").inner_text()
    person.does(second, "Delete").click()
    expect(person.row(second)).to_have_count(0)
    toast = person.page.get_by_role("status").filter(has_text="Deleted")
    expect(toast).to_contain_text("GAN on 8 Gaussians")
    expect(person.does(first, "Delete")).to_be_focused()    # the next one
    assert second not in app.runs()
    person.tab("Gallery").click()                           # it can be undone from anywhere
    with person.page.expect_response(re.compile("component_server")):
        toast.get_by_role("button", name="Undo").click()
    expect(toast).to_have_count(0)
    person.tab("Runs").click()
    expect(person.row(second)).to_be_visible()
    shows(person, third, second, first)
    assert second in app.runs()
    person.page.reload()
    expect(person.row(second)).to_be_visible()
    person.does(second, "Delete").click()
    expect(person.row(second)).to_have_count(0)
    person.page.reload()
    counts(person, "2 runs")
    expect(person.page.get_by_test_id("disk")).to_have_text(re.compile(f"^{used.split(' used')[0]} used"))        # what can be brought back counts
    person.page.goto(f"{person.url}/?run={second}")
    expect(person.page.get_by_text("There is no run of that address here.")).to_be_visible()


def test_a_run_that_trains_is_stopped_and_deleted(person, app):
    id = person.call("start", {"spec": {"variant": "gan", "data": "ring8", "preset": "quick", "steps": 100_000, "seed": 1}})["run"]
    expect(person.row(id)).to_contain_text("training")
    person.does(id, "Delete").click()
    expect(person.row(id)).to_have_count(0)
    assert id not in app.runs()
    assert id not in [run["id"] for run in app.call("live", {})["runs"]]


def test_a_list_that_has_not_changed_is_not_sent_again(person):
    person.made()
    sizes = []
    person.page.on("response", lambda answer: '"runs"' in (answer.request.post_data or "") and sizes.append(len(answer.body())))
    for _ in range(3):
        with person.page.expect_response(lambda answer: '"runs"' in (answer.request.post_data or "")):
            pass
    person.page.wait_for_timeout(100)
    assert min(sizes[1:]) < 200


def test_many_runs_come_a_page_at_a_time(person, app):
    known = person.made()
    record, ids = app.record(known), [f"{n:032x}" for n in range(1, 251)]
    try:
        for n, id in enumerate(ids):
            (app.folder / "runs" / id).mkdir()
            told = record | {"id": id, "name": f"old {n}", "created": record["created"] - 60 - n}
            (app.folder / "runs" / id / "run.json").write_text(json.dumps(told))
        counts(person, "251 runs")
        expect(person.page.locator("li.run")).to_have_count(100)
        more = person.button("Show 100 more (151 left)")
        more.click()
        expect(person.page.locator("li.run")).to_have_count(200)
        expect(person.page.locator("li.run").nth(100).get_by_role("link").first).to_be_focused()
        person.button("Show 51 more (51 left)").click()
        expect(person.page.locator("li.run")).to_have_count(251)
        person.page.get_by_role("searchbox").fill("old 249")
        shows(person, ids[249])
    finally:
        for id in ids:
            shutil.rmtree(app.folder / "runs" / id, ignore_errors=True)


def test_a_lost_connection_is_said_and_nothing_is_done_twice(person, app):
    id = person.made()
    expect(person.row(id)).to_be_visible()
    person.watch.cut = True
    person.context.set_offline(True)
    person.does(id, "Pin").click()
    expect(person.row(id).get_by_role("alert")).to_contain_text("Not done: connection lost")
    expect(person.page.get_by_text("Connection lost, retrying.")).to_be_visible()
    person.context.set_offline(False)
    expect(person.page.get_by_text("Connection lost, retrying.")).to_be_hidden()
    expect(person.does(id, "Pin")).to_have_attribute("aria-pressed", "false")
    person.does(id, "Pin").click()
    expect(person.does(id, "Pin")).to_have_attribute("aria-pressed", "true")
    assert app.record(id)["pinned"]
