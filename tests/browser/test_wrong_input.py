"""What cannot be is refused in words, where it was written, and nothing starts."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(("label", "name", "text"), [("Seed", "seed", "abc"), ("Budget, steps", "steps", "0")])
def test_a_number_that_the_server_refuses(visitor, app, label, name, text):
    before, field, words = app.runs(), visitor.settings.get_by_label(label, exact=True), f"{name} must be a whole number"
    good = field.input_value()
    visitor.write(field, text)
    said = visitor.settings.get_by_role("alert").filter(has_text=words)
    expect(said).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert abs(said.bounding_box()["y"] - field.bounding_box()["y"]) < 60
    for button in ("Train it live", "Start a new run"):
        with visitor.page.expect_response(re.compile("component_server")):
            visitor.button(button).click()
        expect(said).to_be_visible()
    assert visitor.run is None
    assert app.runs() == before
    visitor.write(field, good)
    expect(said).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(("knob", "text", "words"), [("gamma", "99", "must be a number between 0 and 4"), ("batch", "7.5", "must be a whole number")])
def test_a_knob_beyond_its_range(visitor, app, knob, text, words):
    before, field = app.runs(), visitor.knob(knob)
    good = field.input_value()
    visitor.write(field, text)
    said = visitor.under(knob).get_by_role("alert")
    expect(said).to_contain_text(words)
    expect(field).to_have_attribute("aria-invalid", "true")
    visitor.button("Start a new run").click()
    visitor.page.wait_for_timeout(500)                  # nothing is to come of it
    expect(said).to_contain_text(words)
    assert visitor.run is None
    assert app.runs() == before
    visitor.write(field, good)
    expect(said).to_be_hidden()


def test_a_wrong_tune_changes_nothing(visitor, app):
    id = visitor.train(button="Train it live")
    visitor.write(visitor.knob("gamma"), "99")
    expect(visitor.under("gamma").get_by_role("alert")).to_be_visible()
    visitor.moves()
    expect(visitor.under("gamma").get_by_role("alert")).to_be_visible()
    expect(visitor.page.get_by_test_id("tune-mark")).to_have_count(0)
    assert not any("tune" in event for event in app.journal(id))
