"""What is measured now and then, beside what is logged at every step; phases; gaps."""

import re

from playwright.sync_api import expect

COLUMNS = """async () => {
    const {RunHistory} = await import("/play/static/core/run_history.js"), {thinned} = await import("/play/static/charts/axis_range.js");
    const {dots} = await import("/play/static/charts/chart_options.js");
    const history = new RunHistory(), values = [1, null, null, 2, 3, null, 4];
    history.append({rows: {step: [1, 2, 3, 4, 5, 6, 7], "loss/g": [values, values, values]}});
    const drawn = thinned(history, ["loss/g"], null)[1];
    return [drawn, dots(drawn, false), history.value("loss/g")];
}"""
LATE = """async () => {
    const {RunHistory} = await import("/play/static/core/run_history.js"), history = new RunHistory();
    history.append({measures: [{step: 0, "sample/std": 1}, {step: 20, "sample/std": 2}]});
    history.append({measures: [{step: 20, "sample/std": 2}, {step: 30, "sample/std": 3}]});         // told twice
    history.append({measures: [{step: 10, "quality/fd": 9}, {step: 20, "quality/fd": 8}]});         // took their time
    for (let step = 31; step < 1500; step++) history.append({measures: [{step, "sample/std": 3}]});
    const fd = history.measures.filter((m) => "quality/fd" in m);
    return [history.measures.slice(0, 3), fd.map((m) => m.step), history.lastMeasure("quality/fd"), history.measures.length < 1300];
}"""
HASTE = """() => {                  // how long the page waits is written down; for its clock no time passes, so that a slow machine is no fault
    const real = window.setTimeout.bind(window), now = performance.now();
    performance.now = () => now;
    window.waits = [];
    window.setTimeout = (act, ms, ...more) => { window.waits.push(ms); return real(act, ms, ...more); };
}"""
PHASES = """async () => {
    const {RunHistory} = await import("/play/static/core/run_history.js"), history = new RunHistory();
    history.append({phases: [{step: 0, phase: "warm-up"}, {step: 90, phase: "play"}, {step: 200, phase: "measure"}]});
    return history.phaseSpans().map(({phase, from, to}) => [phase, from, to === Infinity ? null : to]);
}"""


def test_gaps_late_measures_and_phases(scripts):
    drawn, dots, value = scripts.evaluate(COLUMNS)
    assert drawn == [1, None, None, 2, 3, None, 4]              # a number that a step did not log is a gap
    assert dots == [0, 6]                                       # alone between gaps: no line would show them
    assert value == 3                                           # the mean of the newest, gaps left out
    first, fd, newest, few = scripts.evaluate(LATE)
    assert first == [{"step": 0, "sample/std": 1}, {"step": 10, "quality/fd": 9}, {"step": 20, "sample/std": 2, "quality/fd": 8}]
    assert (fd, newest, few) == ([10, 20], 8, True)             # rare ones are kept when the many are thinned
    assert scripts.evaluate(PHASES) == [["warm-up", 0, 90], ["measure", 200, None]]


def test_measures_of_points_stand_beside_what_real_data_reach(visitor, app):
    id = visitor.train(button="Train it live")
    chart = visitor.readings.get_by_role("group", name="Chart: distance/energy")
    expect(chart).to_be_visible()
    chart.scroll_into_view_if_needed()                          # what is out of sight is not drawn
    expect(chart).to_contain_text(re.compile(r"distance energy [\d.e−]+, Best possible \(real vs real\) [\d.e−]+"))
    expect(visitor.readings.get_by_text("Measured on 2,000 fakes of seed 1.")).to_be_visible()
    expect(chart.locator(".cap")).to_have_attribute("title", re.compile("n = 2,000, seed 1"))
    expect(visitor.readings.get_by_role("definition").last).to_have_text(re.compile(r"\d of 8"))
    visitor.pause()
    chart.hover()
    chart.get_by_role("button", name="Table of distance/energy").click()
    shown = {int(cell.replace(",", "")) for cell in chart.get_by_role("rowheader").all_inner_texts()}
    assert shown
    assert shown <= {e["step"] for e in app.journal(id) if "distance/energy" in e.get("measure", {})}


def test_digits_by_magan_have_phases_and_a_distance_in_features(visitor, app):
    visitor.choose("MAGAN")
    visitor.data("Digits")
    visitor.settings.get_by_text("Advanced").click()
    for name, value in (("width g", "8"), ("width d", "8"), ("batch", "16")):
        visitor.write(visitor.knob(name), value)
    id = visitor.train()
    labels = visitor.readings.locator("dt")
    expect(labels.filter(has_text="FD")).to_be_visible()
    expect(labels.filter(has_text="precision, recall")).to_be_visible()
    reading = visitor.readings.locator("[data-reading='quality/fd']")
    expect(reading).to_have_text(re.compile(r"[\d.]+ Best possible \(real vs real\) [\d.]+ ± [\d.]+$"))
    source = visitor.readings.get_by_text("Measured on 1,000 fakes")
    told = next(e["quality"] for e in app.journal(id) if "quality" in e)
    expect(source).to_contain_text(f"extractor {told['extractor']}")
    assert re.fullmatch("[0-9a-f]{12}", told["extractor"])
    first = next(e for e in app.journal(id) if "phase" in e)
    expect(visitor.page.get_by_test_id("phases")).to_have_text(re.compile(rf"^{first['phase']} (now|to step \d).*; then the game itself"))


def test_after_an_action_the_page_asks_in_haste(visitor):
    visitor.train(button="Train it live")
    visitor.moves()
    visitor.page.evaluate(HASTE)
    visitor.button("Pause").click()
    visitor.page.wait_for_function("() => window.waits.filter((ms) => ms === 100).length >= 4")       # 500, if nobody were in a hurry
