"""The landscape under the points: lines where they should lie, colours, layers, what a pointer reads, the surface, the histogram."""

import math
import re

from playwright.sync_api import expect
from sizes import PHONE
from sound import sound_all_ways

CONTOUR = """async () => {
  const {contours} = await import("/play/static/canvas/contours.js"), n = 96, cell = 6 / n, at = (i) => (i + 0.5) * cell - 3, grid = [];
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) grid.push((at(x) ** 2 + at(y) ** 2) / 2);
  return contours(grid, n, 2).map((line) => line.map((v) => (v + 0.5) * cell - 3));
}"""
BOWL = """async () => {
  const {survey, scoreAt: probe, shareBelow: under, toUnit: part, fromUnit: score, drawLevels: lines} =
    await import("/play/static/canvas/score_landscape.js");
  const n = 96, at = (i) => (i + 0.5) * 6 / n - 3;
  const levels = [{name: "margin", symbol: "m", value: 2, past: false}];
  const look = {view: 3, range: [0.01, 9], scale: "log", rising: true, unit: "energy", levels, arrays: {}};
  look.arrays.score = Object.assign(new Uint8Array(n * n), {shape: [n, n]});
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++)
    look.arrays.score[y * n + x] = Math.round(255 * Math.min(1, Math.max(0, part(look, (at(x) ** 2 + at(y) ** 2) / 2))));
  const found = survey(look);
  const past = [0.5, 1.125, 1.15, 3.125].map((value) => ({name: "a margin before", symbol: "m", value, past: true}));
  const had = survey({...look, levels: [...past, ...levels]}), X = (x) => 300 + 100 * x;
  const g = Object.assign(document.createElement("canvas"), {width: 600, height: 600}).getContext("2d");
  g.fillRect(0, 0, 600, 600);
  lines(g, had, X, (y) => X(-y));
  const {data} = g.getImageData(300, 300, 300, 1), white = Array.from({length: 300}, (_, x) => data[4 * x]);
  const peaks = [...white.keys()].filter((x) => white[x] > 60 && white[x] >= white[x - 1] && white[x] > white[x + 1]);
  return {drawn: peaks.map((x) => [x / 100, white[x] > 200]), kept: had.levels.map(({value}) => value),
    read: [probe(found, 1, 1), probe(found, -2, 0.5), probe(found, 3.2, 0)],
    share: under(found, [0, 0, 1, 1, 2.5, 0, -2.5, 1]).share,
    radii: found.levels[0].lines.map(([x, y]) => Math.hypot(x, y)), back: score(look, part(look, 0.3)), quiet: found.quiet.length};
}"""
FEW = """async () => {
  const {ScoreHistogram} = await import("/play/static/charts/score_histogram.js"), made = new ScoreHistogram();
  const bins = (found) => Array.from({length: 40}, (_, i) => found[i] ?? 0);
  made.begin();
  made.element.classList.add("few");
  document.querySelector(".play").append(made.element);
  made.showSnapshot({unit: "energy", rising: true, levels: [],
    hist: {bins: 40, scale: "log", range: [0.01, 1], mean: {real: 0.02, held: 0.5, fake: 0.3},
    real: bins({3: 20, 4: 30}), held: bins({30: 2, 35: 1}), fake: bins({20: 256})}});
}"""
COLOURS = """(canvas) => {
  const {data} = canvas.getContext("2d").getImageData(40, 10, canvas.width - 60, 60);
  return [0, 1, 2].map((i) => data.filter((_, at) => at % 4 === i).reduce((sum, v) => sum + v, 0) / data.length * 4);
}"""


def test_a_contour_of_a_bowl_is_a_circle(scripts):
    lines = scripts.evaluate(CONTOUR)
    radii = [math.hypot(*end) for x0, y0, x1, y1 in lines for end in ((x0, y0), (x1, y1))]
    assert max(abs(r - 2) for r in radii) < 2e-3
    length = sum(math.dist(line[:2], line[2:]) for line in lines)
    assert abs(length - 4 * math.pi) < 0.02                                 # once around, and nothing else


def test_a_surveyed_bowl_reads_as_one(scripts):
    found = scripts.evaluate(BOWL)
    assert abs(found["read"][0] - 1) < 0.03
    assert abs(found["read"][1] - 2.125) < 0.05
    assert found["read"][2] is None
    assert found["share"] == 0.5
    assert max(abs(r - 2) for r in found["radii"]) < 0.03
    assert abs(found["back"] - 0.3) < 1e-9
    assert found["quiet"] > 100
    assert found["kept"] == [2, 3.125, 1.15, 0.5]                           # 1.125 would lie on a newer one
    assert [round(r, 1) for r, _ in found["drawn"]] == [1, 1.5, 2, 2.5]     # sqrt(2 U): each is drawn once
    assert [now for _, now in found["drawn"]] == [False, False, True, False]


def test_the_recorded_run_shows_its_landscape_and_layers(visitor):
    page, picture = visitor.page, visitor.page.get_by_test_id("picture").first
    expect(page.get_by_role("heading", name="Energy landscape")).to_be_visible()
    expect(page.get_by_test_id("colour-bar").first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("slider", name="Timeline").fill("2400")
    expect(visitor.shown).to_have_text(re.compile(r"step 2,3\d\d|step 2,400"))
    red, _, blue = picture.evaluate(COLOURS)
    assert red > blue + 40                                                  # yellow hills far from the data
    picture.hover(position={"x": 300, "y": 300})
    expect(page.get_by_test_id("probe").first).to_have_text(re.compile(r"^energy [\d.]+ at −?\d\.\d, −?\d\.\d$"))
    layers = page.get_by_role("toolbar", name="Layers").first
    land = layers.get_by_role("button", name="landscape")
    land.click()
    expect(land).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("heading", name="Samples in the plane")).to_be_visible()
    expect(page.get_by_test_id("colour-bar").first).to_be_hidden()
    red, _, blue = picture.evaluate(COLOURS)
    assert abs(red - blue) < 20                                             # paper
    level, drawn = layers.get_by_role("button", name="mean real energy"), picture.evaluate("(c) => c.toDataURL()")
    level.click()
    assert picture.evaluate("(c) => c.toDataURL()") != drawn                # its line is there without the map, too
    level.click()
    land.click()
    for name in ("force", "Latent grid", "mean real energy"):
        before = picture.evaluate("(c) => c.toDataURL()")
        layers.get_by_role("button", name=name).click()
        assert picture.evaluate("(c) => c.toDataURL()") != before, name
    expect(picture).to_have_attribute("aria-label", re.compile(r"energy from [\d.]+ to [\d.]+; \d+% of the fakes lie under"))
    layers.get_by_role("button", name="fake").click()                       # the map and real points are left
    for name in ("force", "Latent grid"):
        if layers.get_by_role("button", name=name).get_attribute("aria-pressed") == "true":
            layers.get_by_role("button", name=name).click()
    late, other = picture.evaluate("(c) => c.toDataURL()"), "([c, was]) => c.toDataURL() !== was"
    page.get_by_role("slider", name="Timeline").fill("300")
    page.wait_for_function(other, arg=[picture.element_handle(), late])
    page.get_by_role("slider", name="Timeline").fill("2400")
    page.wait_for_function(other.replace("!==", "==="), arg=[picture.element_handle(), late])


def test_the_landscape_can_be_turned_once_it_stands_still(visitor):
    page = visitor.page
    expect(page.get_by_role("button", name="3-D")).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="3-D").first.click()
    surface = page.get_by_role("dialog", name="The landscape as a surface")
    expect(surface).to_contain_text("Drag to turn")
    expect(surface.locator("canvas").first).to_be_visible()
    sound_all_ways(page, "role-img-alt")
    page.keyboard.press("Escape")
    expect(surface).to_be_hidden()


def test_what_could_not_be_fetched_is_said(guest):
    page, guest.watch.cut = guest.page, True
    for part in ("**/play/runs/*/real*", "**/play/plotly/*"):
        page.route(part, lambda route: route.abort())
    guest.open()
    expect(guest.picture).to_contain_text("the held-out points could not be fetched, 512 of G's")
    page.unroute("**/play/runs/*/real*")
    expect(guest.picture).to_contain_text("1,000 held-out points, 512 of G's")            # with one of the next frames
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="3-D").first.click()
    expect(page.get_by_role("dialog", name="The landscape as a surface")).to_contain_text("could not be fetched: connection lost. Try again.")


def test_energies_of_samples_stand_on_one_axis(visitor):
    told = visitor.page.get_by_test_id("histogram")
    expect(told).to_have_attribute("aria-label", re.compile(r"^energy: real [\d.]+ in the mean, held-out [\d.]+ in the mean, fake [\d.]+ in"))
    expect(visitor.page.get_by_test_id("memory")).to_contain_text("does not overfit")
    visitor.button("Pause").click()
    tables = {}
    for name in ("energies of samples", "the phase plot"):
        visitor.button(f"Table of {name}").click()
        rows = visitor.page.get_by_role("group", name=f"Numbers of {name}").get_by_role("row")
        tables[name] = [row.inner_text().split("\t") for row in rows.all()]
    (head, *bins), (steps, *way) = tables.values()
    assert head == ["energy from", "real", "held-out", "fake"]
    assert [sum(int(row[i]) for row in bins) for i in (1, 2, 3)] == [256, 256, 256]
    assert [row[0] for row in bins] == sorted((row[0] for row in bins), key=float)
    assert steps == ["step", "U(x)", "U(G(z))"]
    last = visitor.readings.get_by_role("group", name="Chart: phase").get_by_role("img").get_attribute("aria-label")
    assert last.startswith(f"At step {way[-1][0]} U(G(z)) is {way[-1][2]} over U(x) {way[-1][1]},")
    sound_all_ways(visitor.page)


def test_few_samples_are_strokes_and_prove_nothing(visitor):
    visitor.page.evaluate(FEW)
    few = visitor.page.locator(".few")
    expect(few.get_by_test_id("memory")).to_have_text("3 held-out, a stroke each: too few for a shape, and to tell whether D overfits.")
    assert few.locator("path.held").get_attribute("d").count("M") == 2            # two of the three are in one bin
    assert few.locator("path.held").get_attribute("d").count("V") == 0
    assert few.locator("path.real").get_attribute("d").count("V") > 4


def test_a_finger_reads_the_landscape_and_leaves_a_cross(arrive):
    visitor = arrive(**PHONE).open()
    page, picture, probe = visitor.page, visitor.page.get_by_test_id("picture").first, visitor.page.get_by_test_id("probe").first
    expect(page.get_by_role("heading", name="Energy landscape")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    before = picture.evaluate("(c) => c.toDataURL()")
    picture.tap(position={"x": 100, "y": 120})
    expect(probe).to_have_text(re.compile(r"^energy [\d.]+ at −\d\.\d, \d\.\d$"))
    page.wait_for_function("([c, was]) => c.toDataURL() !== was", arg=[picture.element_handle(), before])
    page.get_by_role("heading", name="Readings").tap()
    expect(probe).to_have_text(re.compile("^energy"))                          # the finger is gone, what it read is not
    picture.tap(position={"x": 104, "y": 118})
    expect(probe).to_have_text("")
    page.wait_for_function("([c, was]) => c.toDataURL() === was", arg=[picture.element_handle(), before])


def test_a_critic_has_its_landscape_and_memory_is_told(guest):
    guest.open(f"/?run={guest.made(30)}")
    expect(guest.page.get_by_role("heading", name="The critic's landscape")).to_be_visible()
    memory = guest.page.evaluate("""async () => {
      const {memorises} = await import("/play/static/charts/score_histogram.js");
      const of = (scale, range, real, held) => ({scale, range, mean: {real, held, fake: 1}});
      return [memorises(of("log", [0.01, 1], 0.02, 0.05), true), memorises(of("log", [0.01, 1], 0.02, 0.022), true),
        memorises(of("linear", [-2, 2], 1.5, 0.2), false), memorises(of("linear", [-2, 2], 0.3, 0.2), false)];
    }""")
    assert memory == [True, False, True, False]


def test_energies_lie_under_the_samples_unless_they_are_left_out(guest):
    guest.open(f"/?run={guest.made(20, data='digits', size=16)}")
    picture, under = guest.page.get_by_test_id("picture").first, guest.page.get_by_role("button", name="score under each")
    expect(under).to_have_attribute("aria-pressed", "true")
    expect(guest.picture).to_contain_text("bar: score, short and dark is real")
    barred = picture.evaluate("(c) => c.toDataURL()")
    under.click()
    expect(under).to_have_attribute("aria-pressed", "false")
    assert picture.evaluate("(c) => c.toDataURL()") != barred
    bars = guest.page.evaluate("""async () => {
      const {drawTiles: tiles} = await import("/play/static/canvas/image_grid.js"), {css} = await import("/play/static/canvas/cividis.js");
      const [canvas, sheet] = [0, 1].map(() => document.createElement("canvas")), g = canvas.getContext("2d");
      Object.assign(sheet, {width: 17, height: 8});
      tiles(canvas, sheet, 8, 2, 100, 10, [0.25, 1]);
      const at = (x) => { const [r, green, b] = g.getImageData(x, 44, 1, 1).data; return `rgb(${r} ${green} ${b})`; };
      return [at(5) === css(0.25), at(20) === css(0.25), at(95) === css(1), canvas.height];
    }""")
    assert bars == [True, False, True, 50]                                  # a quarter of a tile 40 px wide, and all of one
