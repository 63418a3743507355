"""axe-core finds nothing to complain of, on any tab, wide and narrow, light and dark."""

import re

from playwright.sync_api import expect
from sizes import LOOKS, PHONE
from sound import sound


@LOOKS
def test_every_tab(arrive, size, theme):
    visitor = arrive(color_scheme=theme, reduced_motion="reduce", **size).open()
    visitor.settings.get_by_text("Advanced").click()
    sound(visitor.page, "aria-valid-attr-value", "label", "select-name")
    visitor.variant.click()
    expect(visitor.page.get_by_role("listbox", name="Variants")).to_be_visible()
    sound(visitor.page, "aria-required-children")
    visitor.page.keyboard.press("Escape")

    kept, gone, named = visitor.made(), visitor.made(), visitor.made(data="moons")
    visitor.tab("Runs").click()
    for id in (kept, gone):
        if size is PHONE:
            visitor.does(id, "More for").tap()
    visitor.does(kept, "Pin").click()
    expect(visitor.does(kept, "Pin")).to_have_attribute("aria-pressed", "true")
    sound(visitor.page, "list", "listitem", "label", "select-name", "link-name")
    visitor.does(gone, "Delete").click()
    expect(visitor.button("Undo")).to_be_visible()
    visitor.does(named, "Rename").click()
    visitor.page.keyboard.type("turned \u202E round")
    visitor.page.keyboard.press("Enter")
    expect(visitor.row(named).get_by_role("alert")).to_be_visible()
    sound(visitor.page, "label")
    visitor.page.get_by_role("searchbox").fill("nowhere")
    expect(visitor.button("Show all")).to_be_visible()
    sound(visitor.page)

    visitor.tab("Gallery").click()
    visitor.page.get_by_role("link", name="Runs that ended").click()
    expect(visitor.page.get_by_role("listitem").filter(has_text="yours")).to_have_count(2)
    sound(visitor.page, "list", "link-name")
    visitor.page.get_by_role("listitem").filter(has_text=re.compile("yours")).first.get_by_role("link").click()
    expect(visitor.strip).to_be_visible()
    visitor.bar.get_by_label("Export").click()
    sound(visitor.page, "role-img-alt")
