"""Parts of the tab Compare alone: addresses, the common axis, which numbers share a chart, and means over seeds."""

from math import inf

import pytest

A, B, C = (digit * 32 for digit in "abc")


@pytest.fixture
def modules(scripts):
    """modules(path, body): what a function's body gives that has the module `m`."""
    return lambda path, body, given=None: scripts.evaluate(
        f"async (given) => {{ const m = await import('/play/static/compare/{path}.js'); {body} }}", given)


READ = """const address = new URLSearchParams(given), {race, lanes, problems} = m.readAddress(address);
          const read = m.readView(address, lanes.length);
          return {race, lanes, view: read.view, problems: [...problems, ...read.problems], again: m.writeAddress({race, lanes}, read.view)};"""


def test_an_address_is_read_and_written_again(modules):
    runs = f"tab=compare&runs={A}.{B},{C}"
    plain = modules("view_address", READ, runs)
    assert (plain["lanes"], plain["problems"], plain["again"]) == ([[A, B], [C]], [], f"?{runs}")
    full = f"?{runs}&v=1&view=two&align=seconds&at=12.5&pair=1,0&mode=blink&z=9&lane=1&seed=1&measure=quality/fd&target=0.5"
    found = modules("view_address", READ, full)
    assert (found["problems"], found["again"]) == ([], full)
    assert found["view"] == {"view": "two", "align": "seconds", "at": 12.5, "pair": [1, 0], "mode": "blink", "z": 9, "lane": 1, "seed": 1,
                             "measure": "quality/fd", "target": 0.5}


@pytest.mark.parametrize("part", [
    "view=grids", "view=", "align=steps", "at=-1", "at=1e9", "at=NaN", "at=Infinity", "pair=0,2", "pair=0,0", "pair=0", "z=64", "z=-1", "z=1.5",
    "lane=2", "seed=5", "measure=__proto__", "measure=<img src=x onerror=alert(1)>", "target=much", "mode=wipe", "v=2", "nonsense=1",
    "constructor=1", "__proto__=1", f"at={'9' * 400}"])
def test_a_bad_part_is_named_and_left_out(modules, part):
    found = modules("view_address", READ, f"tab=compare&runs={A},{B}&z=3&{part}")
    assert len(found["problems"]) == 1
    assert part.split("=")[0] in found["problems"][0] or "version" in found["problems"][0]
    assert len(found["problems"][0]) < 160
    assert found["again"] == f"?tab=compare&runs={A},{B}&v=1" + ("&z=3" if not part.startswith("z=") else "") or part.startswith("z=")
    assert found["view"]["view"] == "grid"


def test_runs_that_are_none_or_too_many_are_named_and_left_out(modules):
    bad = modules("view_address", READ, f"runs={A},nothing,{A}.{B},{'.'.join(f'{i:032x}' for i in range(6))}")
    assert bad["lanes"] == [[A], [B], [f"{i:032x}" for i in range(5)]]
    assert [text.split(":")[0] for text in bad["problems"]] == ["“nothing” is no run", "run aaaaaa… is named twice", "a lane shows at most 5 runs"]
    many = modules("view_address", READ, f"runs={','.join(f'{i:032x}' for i in range(9))}")
    assert len(many["lanes"]) == 8
    assert "at most 8" in many["problems"][0]
    race = modules("view_address", READ, f"race={A}&runs={B}")
    assert (race["race"], race["lanes"]) == (A, [])
    assert "only the race" in race["problems"][0]
    assert modules("view_address", READ, "race=mine&runs=")["race"] is None


RUN = """const run = (steps, seconds, batch, state = {}) => ({spec: {knobs: {batch}},
             history: {steps, seconds, drawn: steps.map((s) => s * batch), frames: steps, end: steps.at(-1)},
             state: {step: steps.at(-1), elapsed: seconds.at(-1), status: "finished", budget: steps.at(-1), eta: null, ...state}});"""


def test_one_position_is_a_step_of_each_lane(modules):
    found = modules("alignment", RUN + """
        const fast = run([10, 20, 30, 40], [1, 2, 3, 4], 8), slow = run([10, 20], [4, 10], 16);
        const at = (position, axis) => [fast, slow].map((r) => m.stepAt(r, position, axis));
        return {step: at(15, "step"), images: at(160, "images"), seconds: at(3, "seconds"), late: at(12, "seconds"),
                there: m.positionOf(slow, 15, "seconds"), start: m.positionOf(fast, 0, "seconds"),
                ends: ["step", "images", "seconds"].map((axis) => m.commonEnd([fast, slow], axis)),
                stops: m.stops([fast, slow], "images")};""")
    assert (found["step"], found["images"], found["seconds"]) == ([15, 15], [20, 10], [30, 7])
    assert (found["late"], found["there"], found["start"]) == ([inf, inf], 7, 0)            # the newest
    assert found["ends"] == [40, 320, 10]
    assert found["stops"] == [80, 160, 240, 320]


def test_while_lanes_train_the_end_of_the_axis_stays_for_as_long_as_it_is_about_right(modules):
    ends = modules("alignment", RUN + """
        const live = (eta) => run([10, 20], [1, 2], 8, {status: "running", budget: 100, eta});
        const first = m.commonEnd([live(9)], "seconds");
        return [first, ...[8.2, 11, 1].map((eta) => m.commonEnd([live(eta)], "seconds", first)), m.commonEnd([live(1)], "step")];""")
    assert ends == [12, 12, 15, 3, 100]


GROUPS = """const variant = (id, formula, scalars) => ({id, formula: [formula], forms: [], mixes: [], scalars});
    const lane = (index, data, variant, knobs = {}) => ({index, ready: [{variant, spec: {data, size: 0, options: {}, knobs}}]});
    const loss = {unit: "loss", help: "what D minimises"}, share = {unit: "share", help: "share of fakes"}, other = {unit: "share", help: "of pairs"};
    const began = variant("began", "U", {"loss/d": loss, "balance/ratio": {unit: "ratio", help: "r"}, "acc/fake": share});
    const gan = variant("gan", "log", {"loss/d": loss, "acc/fake": share}), ragan = variant("ragan", "rel", {"loss/d": loss, "acc/fake": other});
    const measures = {"modes/found": {unit: "modes", help: ""}, "quality/fd": {unit: "f", help: ""}};
    const told = (lanes) => { const {charts, apart} = m.overlayGroups(lanes, measures); return [charts.map((c) => [c.name, c.lanes]), apart]; };"""


def test_charts_hold_only_what_means_the_same(modules):
    same, mixed, apart = modules("charts/overlay_groups", GROUPS + """
        return [told([lane(0, "ring8", began, {gamma: 1}), lane(1, "ring8", began, {gamma: 2})]),
                told([lane(0, "ring8", began), lane(1, "ring8", gan), lane(2, "ring8", ragan), lane(3, "ring8", began)]),
                told([lane(0, "ring8", gan), lane(1, "moons", gan)])];""")
    assert same == [[["modes/found", [0, 1]], ["quality/fd", [0, 1]], ["balance/ratio", [0, 1]], ["acc/fake", [0, 1]], ["steps/s", [0, 1]],
                     ["loss/d", [0, 1]]], []]
    assert [chart for chart in mixed[0] if chart[0] in ("loss/d", "acc/fake")] == [["acc/fake", [0, 1, 3]], ["loss/d", [0, 3]]]
    assert mixed[1] == ["losses", "D’s accuracy"]
    assert [name for name, _ in apart[0]] == ["acc/fake", "steps/s", "loss/d"]              # measured against other data


def test_seeds_become_a_mean_and_a_band_where_there_are_several(modules):
    sampled, places, data = modules("charts/overlay_data", """
        const run = (ys) => ({history: {steps: [10, 20, 30], seconds: [1, 2, 3], drawn: [], series: {a: {mid: ys}}, measures: []}});
        const lanes = [{ready: [run([1, 2, 3]), run([3, 6, 9])]}, {ready: [run([5, null, 5])]}];
        const [xs, ...rest] = m.overlayData(lanes, {name: "a", measured: false}, "step", [0, 30]);
        const at = (x) => rest.map((values) => values[xs.findIndex((v) => v >= x - 1e-6)]);
        const places = m.placesBetween(0, 140, [3.5, 200]);
        return [m.sampled([10, 20, 40], [1, null, 4], [0, 10, 15, 20, 25, 40, 50]), places.length, [at(30), at(15), at(3)]];""")
    assert sampled == [None, 1, 1.5, 2, 2.5, 4, None]
    assert places == 142
    assert data[0] == [6, 3, 9, 5, None, None]
    assert data[1][:4] == pytest.approx([3, 1.5, 4.5, 5], rel=0.05)
    assert data[2] == [None] * 6
