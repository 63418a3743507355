"""How it stands: the phase plot, bands, answers, and what it means."""

import re

import pytest
from playwright.sync_api import expect
from sound import sound_all_ways

from models import ZOO

PAIRS = """async (catalogue) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js"), {variants} = expandCatalogue(catalogue);
    const {pairing, sideMeanings: sides} = await import("/play/static/charts/phase_scale.js");
    const told = (pair, v) => pair && [pair.real, pair.slope, pair.series, pair.level, ...sides(pair, v)];
    return Object.fromEntries(variants.map((v) => [v.id, told(pairing(v.scalars), v)]));
}"""
PLANE = """async () => {
    const {Plane, axisRanges: ranges} = await import("/play/static/charts/phase_scale.js");
    const way = (n, real, fake) => Array.from({length: n}, (_, i) => ({step: i, real: real(i), fake: fake(i)}));
    const pair = {slope: "gamma"}, flat = ranges(way(40, () => 0.02, (i) => 0.1 - i / 1000), 3.8, pair, {}), plane = new Plane(flat, 248, 196);
    const steep = ranges(way(40, (i) => 2 * 0.85 ** i, (i) => 9 * 0.8 ** i), 1, {level: "margin"}, {}), logs = new Plane(steep, 248, 196);
    const straight = (p, slope, x) => {
        const [[x0, y0], [x1, y1]] = p.line(slope), t = (p.X(x) - x0) / (x1 - x0);
        return y0 + t * (y1 - y0) - p.Y(slope * x);
    };
    const next = ranges(way(41, () => 0.02, (i) => 0.1 - i / 1010), 3.8, pair, flat), tens = logs.xs.map(Math.log10);
    return {origin: [plane.X(0) - plane.left, plane.Y(0) - plane.top - plane.height], flat: flat.log, steep: steep.log,
        same: String(steep.x) === String(steep.y), kept: String(next.y) === String(flat.y),
        on: [straight(plane, 3.8, 0.011), straight(logs, 1, 0.7), straight(logs, 3, 0.3)],
        tens: tens.length > 1 && tens.every((v) => Number.isInteger(Math.round(v * 1e6) / 1e6))};
}"""
WORDS = """async () => {
    const {dotted, places} = await import("/play/static/charts/label_placement.js"), edges = {left: 0, top: 0, right: 200, bottom: 100}, kept = {};
    const corners = [[5, 15], [195, 15, "end"], [5, 90]], way = (from, to) => dotted([[from, 12], [to, 12]], () => 1);
    const word = (key, at = corners) => ({key, wide: 80, at});
    const alone = places([word("a")], [], edges, {}), all = places([word("a"), word("b"), word("c"), word("d")], [], edges, {});
    const a = (ink) => places([word("a")], ink, edges, kept).a.x;
    return {n: way(0, 90).length, alone: alone.a.x, three: Object.fromEntries(Object.entries(all).map(([key, at]) => [key, [at.x, at.y]])),
        over: a(way(0, 90)), stays: a([]), moves: a(way(110, 200)), out: places([word("a", [[150, 15], [5, 5]])], [], edges, {})};
}"""
PAST = """async () => {
    const {lineValues: past} = await import("/play/static/charts/phase_scale.js"), {RunHistory} = await import("/play/static/core/run_history.js");
    const history = new RunHistory(), all = (v) => [v, v, v], margin = [[1, 9, 9, 7, 4, 4], [1, 9, 9, 4, 4, 4], [1, 9, 9, 9, 4, 4]];
    history.append({rows: {step: [1, 2, 3, 4, 5, 6], "energy/fake": all([null, 5, 5, 5, 5, 5]), "energy/margin": margin},
        marks: [{step: 3, knob: "gamma", from: 1.5, to: 2}, {step: 5, knob: "gamma", from: 2, to: 3.8}]});
    const of = (pair, step = Infinity) => past({fake: "energy/fake", ...pair}, history, {knobs: {gamma: 3.8}}, step);
    return [of({slope: "gamma"}), of({slope: "gamma"}, 4), of({series: "energy/margin"}), of({series: "energy/margin"}, 3), of({})];
}"""
BANDS = """async (charts) => {
    const {Chart} = await import("/play/static/charts/chart.js"), {RunHistory} = await import("/play/static/core/run_history.js");
    return charts.map(([scalars, columns, knobs, marks]) => {
        const names = Object.keys(scalars), history = new RunHistory();
        const chart = new Chart({key: "k", kind: names[0].split("/")[0], names}, scalars, {}, {});
        history.append({marks});
        Object.assign(chart, {history, spec: {knobs}, data: [[1, 2, 3, 4], ...columns.flatMap((column) => [column, column, column])]});
        return [chart.bandEdges().map(({low, high, colour}) => [colour, low, high]), chart.showsWhole, chart.lanes, chart.says];
    });
}"""


def declared(variant, *names):
    return {name: vars(ZOO[variant].all_scalars()[name]) for name in names}


CHARTS = [[declared("gan", "prob/real", "prob/fake"), [[]] * 2, {}, []], [declared("gan", "acc/real", "acc/fake"), [[]] * 2, {}, []],
          [declared("magan", "criteria/below", "criteria/less"), [[]] * 2, {}, []],
          [declared("began", "balance/ratio"), [[5, 5, 3, 2]], {"gamma": 2.0}, [{"step": 3, "knob": "gamma", "from": 4.0, "to": 2.0}]],
          [declared("ebgan", "energy/real", "energy/fake"), [[0.1, 0.2, 0.3, None], [1, 1, 1, 1]], {"margin": 2.0}, []],
          [declared("lsgan", "score/real", "score/fake"), [[]] * 2, {"scheme": "-1, 1, 0"}, []],
          [declared("gan", "grad/d", "grad/g"), [[1, 3, None, 2], [5, 5, 5, 1]], {}, []]]
RUNS = r"^At step \d.* U\(G\(z\)\) is [\d.]+ over U\(x\) [\d.]+, (above|below) the line γ 4: here k (falls|rises)\.$"
SAID = [{"id": "k-zero", "says": "k is 0 and the ratio is above γ.", "rule": "k < 0.001 (it is 0)",
         "remedies": [{"label": "Raise γ", "kind": "tune", "knobs": {"gamma": 3.0}},
                      {"label": "Begin with more k", "kind": "fork", "knobs": {"k0": 0.25}}]},
        {"id": "spread", "says": "The fakes spread too little.", "rule": "spread < 0.3", "remedies": []}]


@pytest.fixture
def phase(visitor):
    return visitor.readings.get_by_role("group", name="Chart: phase")


@pytest.fixture
def advised():
    """advised(page): what the server would advise, said by every poll."""
    pages = []

    def poll(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "advice": SAID})

    def say(page):
        pages.append(page)
        page.route("**/play/poll", poll)

    yield say
    for page in pages:
        page.unroute_all(behavior="ignoreErrors")          # one may be under way still


def test_what_can_be_plotted_is_read_from_declarations(scripts, app):
    found = scripts.evaluate(PAIRS, app.call("catalogue", {}))
    assert found["rgan"] is None                                                # its scores mean nothing by themselves
    assert found["began"] == ["energy/real", "gamma", None, None, "here {k} falls", "here {k} rises"]
    assert found["ebgan"][:4] == ["energy/real", None, None, "margin"]
    assert found["magan"][:4] == ["energy/real", None, "energy/margin", None]
    assert found["gan"] == ["score/real", None, None, None, None, "{D} tells them apart"]
    assert found["ls_gan"] == ["score/real", None, None, None, "{D} tells them apart", None]        # there a fake should score higher


def test_lines_run_where_they_should(scripts):
    seen = scripts.evaluate(PLANE)
    assert seen["origin"] == [pytest.approx(0), pytest.approx(0)]               # y = γ x begins in the corner
    assert seen["on"] == [pytest.approx(0, abs=1e-6)] * 3                       # straight between its ends, by powers of ten too
    assert (seen["flat"], seen["steep"], seen["same"], seen["tens"]) == (False, True, True, True)
    assert seen["kept"]                                                         # the axes do not creep
    assert scripts.evaluate(PAST) == [[1.5, 2, 3.8], [1.5, 2], [9, 4], [9], []]


def test_words_lie_neither_on_each_other_nor_on_the_way_and_do_not_jump(scripts):
    seen = scripts.evaluate(WORDS)
    assert seen["n"] == 23                                                   # 4 px apart
    assert seen["alone"] == "5.0"                                               # the best place
    assert seen["three"] == {"a": ["5.0", "15.0"], "b": ["195.0", "15.0"], "c": ["5.0", "90.0"]}        # and no room for the fourth
    assert seen["over"] == "195.0"                                              # where it hides least
    assert (seen["stays"], seen["moves"]) == ("195.0", "5.0")
    assert seen["out"] == {}


def test_bands_answers_and_sentences(scripts):
    prob, acc, criteria, *moving = scripts.evaluate(BANDS, CHARTS)
    assert prob == [[["real", [0.5] * 4, [0.8] * 4], ["fake", [0.2] * 4, [0.5] * 4]], True, False, "both near ½: D cannot tell"]     # each its own
    assert acc[0] == [["trace", [0.55] * 4, [0.9] * 4]]                         # one for both
    assert (criteria[0], criteria[2]) == ([], True)
    assert "epoch" in criteria[3]
    ratio, energy, score, gradients = (bands for bands, *_ in moving)
    assert ratio == [["trace", pytest.approx([3.2, 3.2, 1.6, 1.6]), pytest.approx([4.8, 4.8, 2.4, 2.4])]]           # as γ was tuned
    assert energy == [["real", [0] * 4, [1] * 4], ["fake", [0.1, 0.2, 0.3, None], [2] * 4]]                            # between real ones and m
    assert score == [["real", [0] * 4, pytest.approx([0.6] * 4)], ["fake", pytest.approx([-0.6] * 4), [0] * 4]]        # by the scheme
    assert [band[1] for band in gradients] == [pytest.approx([0.01, 0.03, 0.03, 0.02]), pytest.approx([0.05] * 4)]       # about their medians so far


def test_the_phase_plot_follows_the_run_its_tunes_and_the_timeline(visitor, phase):
    visitor.train(button="Train it live")
    plot = phase.get_by_role("img")
    expect(plot).to_have_attribute("aria-label", re.compile(RUNS))
    for _ in range(3):
        visitor.moves()
    visitor.write(visitor.knob("gamma"), "1.5")
    expect(plot.locator("text").filter(has_text="γ 1.5")).to_be_visible()
    expect(plot.locator("path.line")).to_have_count(2)
    assert plot.locator("path.line.was").count() == 1
    visitor.pause()
    newest = plot.get_attribute("aria-label")
    visitor.page.keyboard.press("[")
    expect(plot).not_to_have_attribute("aria-label", newest)
    held = int(re.match(r"At step ([\d,]+)", plot.get_attribute("aria-label"))[1].replace(",", ""))
    assert held < visitor.step or held == int(visitor.shown.inner_text().removeprefix("step ").replace(",", ""))
    at = plot.evaluate("plot => plot.querySelector('circle.now').getBoundingClientRect().toJSON()")      # in one go: it may be drawn again
    visitor.page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)      # no hover(), which fails when it is drawn again meanwhile
    expect(phase.locator(".dashed")).to_have_text("Dashed: diversity ratio γ")
    expect(phase.locator(".cap .note")).to_have_text(re.compile(r"^step [\d,]+: [\d.e−]+ / [\d.e−]+$"))
    expect(plot.locator("circle.ring")).to_be_visible()


def test_criteria_are_answers_and_the_margin_is_a_line(visitor):
    visitor.choose("MAGAN")
    visitor.settings.get_by_text("Advanced").click()
    for name, value in (("width g", "8"), ("width d", "8"), ("pretrain", "20"), ("epoch len", "20")):
        visitor.write(visitor.knob(name), value)
    visitor.train()
    chart = visitor.readings.get_by_role("group", name="Chart: criteria/below, criteria/less, criteria/rose")
    expect(chart).to_be_attached()
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".key")).to_have_text([re.compile(f"{name} (yes|no)$") for name in ("Sx < m", "Sx < Sg", "Sg rose")])
    plot = visitor.readings.get_by_role("group", name="Chart: phase").get_by_role("img")
    expect(plot).to_have_attribute("aria-label", re.compile("the line m [^:]*: (fakes here are left alone|D lifts fakes here)"))


def test_advice_has_its_rule_and_its_remedies_act(visitor, app, advised):
    advised(visitor.page)
    id = visitor.train(button="Train it live")
    advice = visitor.page.get_by_role("region", name="What it means")
    expect(advice.locator(".saying").first).to_contain_text("k is 0 and the ratio is above γ.")
    expect(advice.get_by_test_id("advice-aloud")).to_have_text(SAID[0]["says"])
    expect(advice.get_by_text("k < 0.001 (it is 0)")).to_be_hidden()
    advice.get_by_text("the rule").first.click()
    expect(advice.get_by_text("k < 0.001 (it is 0)")).to_be_visible()
    expect(advice.locator(".saying").last).to_be_hidden()
    advice.get_by_role("button", name="and 1 more").click()
    expect(advice.locator(".saying").last).to_have_text(re.compile("^The fakes spread too little."))
    expect(advice.locator(".saying").last).to_be_visible()
    sound_all_ways(visitor.page)
    advice.get_by_role("button", name="Raise γ").click()
    expect(visitor.page.get_by_test_id("tune-mark")).to_have_count(1)
    assert [e["tune"] for e in app.journal(id) if "tune" in e] == [{"gamma": [4.0, 3.0]}]
    advice.get_by_role("button", name="Begin with more k").click()
    visitor.page.wait_for_url(re.compile(rf"\?run=(?!{id})[0-9a-f]{{32}}$"))
    assert app.record(visitor.run)["spec"]["knobs"]["k0"] == 0.25


def test_who_only_watches_is_told_but_not_offered(visitor, arrive, advised):
    id = visitor.train(button="Train it live")
    other = arrive()
    advised(other.page)
    other.open(f"/?run={id}")
    advice = other.page.get_by_role("region", name="What it means")
    expect(advice.locator(".saying").first).to_contain_text("k is 0 and the ratio is above γ.")
    expect(advice.get_by_role("button", name="Raise γ")).to_have_count(0)
    expect(advice.get_by_role("button", name="Begin with more k")).to_have_count(0)


def test_a_recording_is_not_advised_on_before_its_end(guest, advised):
    advised(guest.page)
    guest.open()
    expect(guest.at).not_to_have_text("0")
    expect(guest.page.get_by_role("region", name="What it means")).to_be_hidden()
    guest.button("Pause").click()
    guest.page.get_by_role("slider", name="Timeline").evaluate("(range) => { range.value = range.max; range.dispatchEvent(new Event('input')); }")
    expect(guest.page.locator(".saying").first).to_contain_text(SAID[0]["says"])
