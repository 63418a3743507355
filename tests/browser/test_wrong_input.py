"""What cannot be is refused in words, where it was written, and nothing starts."""

import re

from playwright.sync_api import expect


def test_seed_and_budget_that_the_server_refuses(visitor, app):
    before = app.runs()
    for label, name, text in (("Seed", "seed", "abc"), ("Budget, steps", "steps", "0")):
        field = visitor.settings.get_by_label(label, exact=True)
        good = field.input_value()
        visitor.write(field, text)
        said = visitor.settings.get_by_role("alert").filter(has_text=f"{name} must be a whole number")
        expect(said).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        assert abs(said.bounding_box()["y"] - field.bounding_box()["y"]) < 60
        for button in ("Train it live", "Start a new run"):
            with visitor.page.expect_response(re.compile("component_server")):
                visitor.button(button).click()
            expect(said).to_be_visible()
        visitor.write(field, good)
        expect(said).to_be_hidden()
        expect(field).not_to_have_attribute("aria-invalid", "true")
    assert visitor.run is None
    assert app.runs() == before


def test_knobs_beyond_their_range(visitor, app):
    before = app.runs()
    for name, text, words in (("gamma", "99", "must be a number between 0 and 4"), ("batch", "7.5", "must be a whole number")):
        field, said = visitor.knob(name), visitor.under(name).get_by_role("alert")
        good = field.input_value()
        visitor.write(field, text)
        expect(said).to_contain_text(words)
        expect(field).to_have_attribute("aria-invalid", "true")
        for button in ("Train it live", "Start a new run"):
            visitor.button(button).click()
        visitor.page.wait_for_timeout(600)              # nothing is to come of it
        expect(said).to_contain_text(words)
        assert visitor.run is None
        visitor.write(field, good)
        expect(said).to_be_hidden()
    assert app.runs() == before


def test_a_wrong_tune_changes_nothing(visitor, app):
    id = visitor.train(button="Train it live")
    visitor.write(visitor.knob("gamma"), "99")
    said = visitor.under("gamma").get_by_role("alert")
    expect(said).to_be_visible()
    visitor.moves()
    expect(said).to_be_visible()
    expect(visitor.page.get_by_test_id("tune-mark")).to_have_count(0)
    assert not any("tune" in event for event in app.journal(id))
