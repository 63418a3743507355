"""Images of one's own: chosen or dropped, sent, looked at, trained on, renamed, dropped, by a hand and by a finger."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from picturing import painted, png, pngs, zipped
from playwright.sync_api import expect
from sizes import DESK_FIRST, LOOKS

DROP = """([zone, files]) => {
    const data = new DataTransfer();
    for (const [name, body] of files) data.items.add(new File([Uint8Array.from(body)], name, {type: "image/png"}));
    zone.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
}"""


def file(name: str, body: bytes, kind: str = "image/png") -> dict:
    return {"name": name, "mimeType": kind, "buffer": body}


def archive(name: str = "bars.zip", n: int = 60, **more: bytes) -> dict:
    return file(name, zipped(pngs(n) | more), "application/zip")


def begin(visitor):
    """The dialog for what is to be sent."""
    visitor.settings.get_by_role("radio", name="Your own", exact=True).check(force=True)
    visitor.settings.get_by_role("button", name=re.compile("^Add")).click()
    dialog = visitor.page.get_by_role("dialog", name="Your own images")
    expect(dialog).to_be_visible()
    return dialog


def chosen(visitor, *files: dict) -> None:
    visitor.page.get_by_test_id("own-files").set_input_files(list(files))


def sent(visitor, *files: dict, name: str = "", licence: str = ""):
    """The dialog of the set that they have become."""
    dialog = begin(visitor)
    chosen(visitor, *files)
    if name:
        dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Licence").fill(licence)
    dialog.get_by_role("button", name="Send them").click()
    expect(dialog).to_be_hidden()
    about = visitor.page.get_by_role("dialog")
    expect(about.get_by_test_id("own-facts")).to_contain_text("to train on")
    return about


@DESK_FIRST
def test_a_zip_is_sent_looked_at_and_trained_on(arrive, app, size):
    visitor = arrive(**size).open()
    about = sent(visitor, archive(**{"broken.png": png(painted(1))[:60], "<img src=x onerror=alert(1)>": b"x"}), licence="CC0, mine")
    expect(about.get_by_role("heading")).to_have_text("bars")               # as the zip is called
    expect(about.get_by_test_id("own-facts")).to_have_text("60 pictures, cut about the middle: 48 to train on, 12 held out. 737 kB kept.")
    about.get_by_text("2 files were left out").click()
    left = ("broken.png", "<img src=x onerror=alert\\(1\\)>")
    expect(about.get_by_role("listitem")).to_have_text([re.compile(f"^{name}.*no whole picture") for name in left])
    picture = about.get_by_role("presentation").first
    assert picture.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])") == [512, 192]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == size["viewport"]["width"]
    about.get_by_role("button", name="Train on these").click()
    visitor.page.wait_for_url(re.compile(r"\?run=[0-9a-f]{32}$"))            # it does
    expect(visitor.button("bars")).to_have_attribute("aria-pressed", "true")
    expect(visitor.settings.get_by_text("60 pictures, 48 to train on; CC0, mine")).to_be_visible()
    expect(visitor.knob("batch")).to_have_value("48")                       # the preset's 64 are more than there are
    expect(visitor.page.get_by_test_id("changed")).to_be_hidden()
    visitor.settings.get_by_role("radio", name="16 px").check(force=True)
    visitor.write(visitor.knob("batch"), "8")
    first = visitor.run
    assert app.record(first)["spec"]["options"]["set"]
    visitor.write(visitor.budget, "20000")
    visitor.button("Stop this run and start new").click()
    expect(visitor.page).not_to_have_url(re.compile(first))
    id = visitor.run
    spec = app.record(id)["spec"]
    assert (spec["data"], spec["size"], spec["knobs"]["batch"]) == ("own", 16, 8)
    assert [one["id"] for one in visitor.call("sets", {})["sets"]] == [spec["options"]["set"]]
    expect(visitor.picture.get_by_text("16 × 16")).to_be_visible()

    visitor.page.reload()                                                   # the run has them
    expect(visitor.button("bars")).to_have_attribute("aria-pressed", "true")
    visitor.button("Look, rename or delete").click()
    about.get_by_role("button", name="Delete this set").click()
    about.get_by_role("button", name="Delete it").click()
    expect(about.get_by_role("alert")).to_have_text("a run on these pictures is under way: stop it first")
    visitor.page.keyboard.press("Escape")
    visitor.stop()
    visitor.button("Look, rename or delete").click()
    about.get_by_role("button", name="Delete this set").click()
    about.get_by_role("button", name="Delete it").click()
    expect(about).to_be_hidden()
    expect(visitor.settings.get_by_text("These images are not yours, or not there any more.")).to_be_visible()
    visitor.button("Start a new run").click()
    expect(visitor.settings.get_by_role("alert").filter(has_text="dropped them")).to_be_visible()
    assert visitor.call("sets", {})["sets"] == []


def test_many_files_are_dropped_shown_and_sent_whole(visitor):
    dialog = begin(visitor)
    zone = visitor.page.get_by_test_id("own-zone")
    visitor.page.evaluate(DROP, [zone.element_handle(), [[f"{i}.png", list(png(painted(i)))] for i in range(45)]])
    expect(visitor.page.get_by_test_id("own-chosen")).to_contain_text("45 files")
    expect(zone.locator("img")).to_have_count(8)
    expect(zone.locator("img").first).to_have_css("object-fit", "cover")
    dialog.get_by_role("radio", name="Whole, on white").check(force=True)
    expect(zone.locator("img").first).to_have_css("object-fit", "contain")
    dialog.get_by_label("Name").fill("Bars")
    dialog.get_by_role("button", name="Send them").click()
    expect(visitor.page.get_by_test_id("own-facts")).to_contain_text("45 pictures, whole, on white: 36 to train on")
    about = visitor.page.get_by_role("dialog", name="Bars")
    about.get_by_label("Name").fill("Stripes")
    about.get_by_label("Name").press("Tab")
    expect(visitor.page.get_by_role("dialog", name="Stripes")).to_be_visible()
    field = visitor.page.get_by_role("dialog").get_by_label("Name")
    field.fill("turned \u202e round")
    field.press("Tab")
    expect(visitor.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("marks of direction")
    visitor.button("Train on these").click()
    expect(visitor.rate).to_contain_text("steps/s")
    assert [one["name"] for one in visitor.call("sets", {})["sets"]] == ["Stripes"]
    visitor.data("8 Gaussians", "Points")
    visitor.settings.get_by_role("radio", name="Your own", exact=True).check(force=True)
    expect(visitor.button("Stripes")).to_have_attribute("aria-pressed", "false")
    visitor.call("drop_set", {"set": visitor.call("sets", {})["sets"][0]["id"]})


@pytest.mark.parametrize(("files", "said"), [
    ([file(f"{i}.png", b"x") for i in range(5)], "5 pictures are too few: at least 40 are needed."),
    ([archive(n=3)], "there are 3 different pictures; at least 40 are needed"),
    ([file("x.zip", b"hello", "application/zip")], "send a zip of pictures, or pictures as the files of a form"),
])
def test_what_cannot_be_used_is_said_and_can_be_mended(visitor, files, said):
    dialog = begin(visitor)
    send = dialog.get_by_role("button", name="Send them")
    expect(send).to_be_disabled()
    chosen(visitor, *files)
    if send.is_enabled():
        send.click()
    expect(dialog.get_by_role("alert")).to_have_text(said)
    chosen(visitor, archive())
    expect(dialog.get_by_role("alert")).to_be_hidden()
    expect(send).to_be_enabled()


def test_a_lost_connection_is_said(visitor):
    dialog = begin(visitor)
    chosen(visitor, archive())
    visitor.watch.cut = True
    visitor.context.set_offline(True)
    dialog.get_by_role("button", name="Send them").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The connection was lost")
    visitor.context.set_offline(False)
    dialog.get_by_role("button", name="Send them").click()
    expect(visitor.page.get_by_test_id("own-facts")).to_contain_text("60 pictures")
    visitor.call("drop_set", {"set": visitor.call("sets", {})["sets"][0]["id"]})


@LOOKS
def test_both_dialogs_suit_those_who_do_not_see(arrive, size, theme):
    visitor = arrive(color_scheme=theme, reduced_motion="reduce", **size).open()
    begin(visitor)
    chosen(visitor, file("a.png", png(painted(1))))
    assert Axe().run(visitor.page).response["violations"] == []
    visitor.page.keyboard.press("Escape")
    about = sent(visitor, archive(**{"notes.txt": b"x"}))
    about.get_by_text("1 file was left out").click()
    about.get_by_role("button", name="Delete this set").click()
    assert Axe().run(visitor.page).response["violations"] == []
