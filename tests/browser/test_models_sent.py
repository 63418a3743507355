"""Models that come as files and from the Hub, and go there; and whether those who do not see can do it too."""

import pickle

from axe_playwright_python.sync_playwright import Axe
from hubbing import READS, WRITES
from modelling import packed
from playwright.sync_api import expect
from sizes import LOOKS, SIZES

from models.kit.batch import Shape
from playground.artifacts.model_file import unpack

FORGOTTEN = "() => [...document.querySelectorAll('[type=password]')].every(field => !field.value)"


def bring(visitor, *file):
    """The dialog that brings models in, and the button that does it."""
    visitor.button("Import model").click()
    asked = visitor.page.get_by_role("dialog", name="Import model")
    for buffer in file:
        asked.get_by_test_id("model-file").set_input_files({"name": "some.safetensors", "mimeType": "application/octet-stream", "buffer": buffer})
    return asked, asked.get_by_role("button", name="Import", exact=True)


@SIZES
def test_a_file_is_brought_in_or_refused_in_words(arrive, size):
    visitor = arrive(**size).open("/")
    visitor.tab("Gallery").click()
    asked, send = bring(visitor)
    expect(send).to_be_disabled()
    visitor.page.keyboard.press("Escape")
    visitor.watch.cut = True                                # the browser itself notes that a file was refused
    asked, send = bring(visitor, pickle.dumps({"a": 1}))
    asked.get_by_label("Name").fill("from a friend")
    send.click()
    expect(asked.get_by_role("alert")).to_contain_text("this is a pickle, which can hold code that runs when it is opened")
    visitor.watch.cut = False
    asked.get_by_test_id("model-zone").evaluate("""(zone, bytes) => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array(bytes)], "dropped.safetensors"));
      zone.dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
    }""", list(packed("lsgan", name="as the file says", step=1234)))
    expect(asked.get_by_test_id("model-chosen")).to_contain_text("dropped.safetensors")
    expect(asked.get_by_role("alert")).to_be_hidden()
    send.click()
    expect(visitor.heading("from a friend")).to_be_visible()
    expect(visitor.page.get_by_text("LSGAN on 8 Gaussians · yours", exact=True)).to_be_visible()
    expect(visitor.page.get_by_test_id("facts")).to_contain_text("1,234")


def test_a_model_goes_to_the_hub_and_comes_from_there(guest, app):
    id = guest.keeps(packed("lsgan", name="shown"))
    guest.page.goto(f"{guest.url}/?tab=gallery&model={id}")
    guest.button("To the Hub").click()
    asked = guest.page.get_by_role("dialog", name="To the Hugging Face Hub")
    repo, token, send = asked.get_by_label("Repository"), asked.get_by_label("Access token"), asked.get_by_role("button", name="Send it")
    expect(token).to_have_attribute("type", "password")
    repo.fill("nobody")
    send.click()
    expect(repo).to_have_attribute("aria-invalid", "true")
    expect(asked.get_by_role("alert")).to_contain_text("as somebody/some-model")
    expect(repo).to_be_focused()
    repo.fill("ada/shown")
    for given, words in (("", "sign in, or give an access token of the Hub"), (READS, "it needs the right to write")):
        token.fill(given)
        send.click()
        expect(token).to_have_attribute("aria-invalid", "true")
        expect(asked.get_by_role("alert")).to_contain_text(words)
    token.fill(WRITES)
    app.hub.broken = 503
    send.click()
    expect(asked.get_by_role("alert")).to_contain_text("the Hub answered 503 and did nothing")
    app.hub.broken = 0
    expect(token).to_have_value(WRITES)
    send.click()
    expect(asked.get_by_role("link", name=f"{app.hub.url}/ada/shown")).to_be_visible()
    expect(token).to_have_value("")
    assert unpack(app.hub.repos["ada/shown"]["model.safetensors"]).about.variant == "lsgan"
    token.fill(WRITES)
    guest.page.keyboard.press("Escape")
    guest.page.wait_for_function(FORGOTTEN)               # now that it is closed
    assert WRITES not in guest.page.evaluate("JSON.stringify([localStorage, sessionStorage, location.href])")

    guest.page.get_by_role("link", name="All models").click()
    asked, send = bring(guest)
    asked.get_by_role("radio", name="The Hub").check(force=True)
    repo, revision, token = (asked.get_by_label(name) for name in ("Repository", "Revision", "Access token"))
    repo.fill("ada/shown")
    token.fill(READS)
    revision.fill("v7")
    send.click()
    expect(revision).to_have_attribute("aria-invalid", "true")
    expect(asked.get_by_role("alert")).to_have_text("ada/shown has no such revision on the Hub")
    revision.fill("main")
    send.click()
    expect(guest.heading("shown")).to_be_visible()
    assert id not in guest.page.url


@LOOKS
def test_models_suit_those_who_do_not_see(arrive, size, theme):
    visitor = arrive(color_scheme=theme, reduced_motion="reduce", **size).open()

    def sound() -> None:
        found = Axe().run(visitor.page).response
        assert {rule["id"] for rule in found["passes"]} >= {"button-name", "color-contrast"}
        assert [(rule["impact"], rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []

    id = visitor.keeps(packed("began", Shape(3, 16), data="pixel_faces", quality={"quality/sw": {"value": 0.1, "floor": 0.05}}), "faces")
    visitor.tab("Gallery").click()
    expect(visitor.page.get_by_role("listitem").filter(has_text="faces").first).to_be_visible()
    sound()
    asked, _ = bring(visitor)
    asked.get_by_role("radio", name="The Hub").check(force=True)
    asked.get_by_role("button", name="Import", exact=True).click()
    expect(asked.get_by_role("alert")).to_be_visible()
    sound()
    visitor.page.goto(f"{visitor.url}/?tab=gallery&model={id}")
    expect(visitor.heading("faces")).to_be_visible()
    visitor.page.get_by_text("Knobs", exact=True).last.click()
    sound()
    visitor.button("To the Hub").click()
    sound()
