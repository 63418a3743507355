"""The x-ray beneath the samples: what D reconstructs and what that costs, in order, in front, and the plane through three."""

import re

import pytest
from playwright.sync_api import expect
from sound import sound, sound_all_ways

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
KINDS = {"real": 6, "held-out": 6, "fake": 6, "noise": 1}
ENERGY = {"variant": "ebgan", "data": "digits", "size": 16, "knobs": {"batch": 16}}
CRITIC = {"variant": "gan", "data": "digits", "size": 16, "knobs": {"batch": 16}}
RECOLOURED = """async () => {
  const {loadSheet: sheet} = await import("/play/static/inspector/inspector_sheet.js"), {RAMP} = await import("/play/static/canvas/cividis.js");
  const from = Object.assign(document.createElement("canvas"), {width: 16, height: 24}), g = from.getContext("2d");
  ["#123456", "#808080", "#000000", "#ffffff"].forEach((colour, i) => { g.fillStyle = colour; g.fillRect(i % 2 * 8, i < 2 ? 0 : 16, 8, 8); });
  const file = new Uint8Array(await (await new Promise((done) => from.toBlob(done, "image/png"))).arrayBuffer());
  const {canvas, rows} = await sheet({size: 8, decoder: true, tiles: [{}, {}], arrays: {sheet: file}});
  const at = (x, y) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
  return {rows, first: at(4, 4), low: at(4, 20), high: at(12, 20), ends: [[...RAMP.slice(0, 4)], [...RAMP.slice(-4)]]};
}"""
UNREAD = """async () => {
  const {CriticInspector} = await import("/play/static/inspector/critic_inspector.js"), made = new CriticInspector({});
  document.querySelector(".play").append(made.element);
  made.begin("a run");
  await made.showSnapshot({kind: "images", step: 7, size: 8, decoder: true, tiles: [{}], arrays: {sheet: new Uint8Array([1, 2, 3])}});
}"""
ORDERS = """async () => {
  const {arrangeTiles: arranged} = await import("/play/static/inspector/inspector_sheet.js");
  const tiles = [["real", 3], ["real", 1], ["held", 2], ["fake", 0.5], ["fake", 9], ["noise", 5]].map(([of, score], index) => ({of, index, score}));
  const which = (rising, sort) => arranged({tiles, rising}, sort).flat().flatMap((group) => group.tiles);
  return [which(true, "given"), which(true, "within"), which(true, "all"), which(false, "all")];
}"""


class XRay:
    """A run of pictures that has ended, with its x-ray in view."""

    def __init__(self, visitor, id: str) -> None:
        self.visitor, self.page = visitor.open(f"/?run={id}"), visitor.page
        self.element = self.page.get_by_role("region", name="X-ray")
        expect(self.element).to_be_visible()
        self.tiles = self.element.get_by_role("group", name="Pictures").get_by_role("button")
        self.pinned = self.element.get_by_role("group", name="Pinned picture")

    def tile(self, name: str):
        return self.tiles.and_(self.page.get_by_role("button", name=re.compile(f"^{name}, ")))

    def labels(self) -> list[str]:
        return [tile.get_attribute("aria-label") for tile in self.tiles.all()]

    def scores(self) -> list[float]:
        return [float(label.rpartition(" ")[2].replace("−", "-").replace(",", "")) for label in self.labels()]

    def order(self, name: str) -> None:
        self.element.get_by_role("radio", name=name).check(force=True)
        self.page.mouse.move(2, 2)


@pytest.fixture
def energies(guest, made) -> XRay:
    return XRay(guest, made(8, **ENERGY))


def test_maps_are_recoloured_and_pictures_are_not(scripts):
    found = scripts.evaluate(RECOLOURED)
    assert found["rows"] == 3
    assert found["first"] == [0x12, 0x34, 0x56, 255]
    assert [found["low"], found["high"]] == found["ends"]


def test_pictures_that_cannot_be_read_are_said(visitor):
    visitor.page.evaluate(UNREAD)
    expect(visitor.page.get_by_text("The x-ray of step 7 came, but its pictures cannot be read here.")).to_be_visible()


def test_orders_go_from_what_d_likes_best(scripts):
    assert scripts.evaluate(ORDERS) == [[0, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5], [3, 1, 2, 0, 5, 4], [4, 5, 0, 2, 1, 3]]


def test_pictures_have_their_energies_and_their_order(energies):
    labels = energies.labels()
    for kind, n in KINDS.items():
        assert len([label for label in labels if re.match(rf"{kind}(?: \d)?, energy [\d.]+(?:e−\d)?$", label)]) == n, kind
    expect(energies.element).to_contain_text("cannot reconstruct")
    expect(energies.element).to_contain_text(re.compile(r"one scale for all residuals0 to [\d.]+ and more"))
    expect(energies.element).to_contain_text("|x − D(x)|")
    energies.order("In groups")
    scores = energies.scores()
    assert all(part == sorted(part) for part in (scores[:6], scores[6:12], scores[12:18]))
    energies.order("Over all")
    assert energies.scores() == sorted(scores)
    assert sorted(energies.labels()) == sorted(labels)


def test_a_picture_is_kept_in_front_by_hand_and_by_keys(energies):
    page, pinned = energies.page, energies.pinned
    expect(pinned).to_be_hidden()
    energies.tile("held-out 2").click()
    expect(energies.tile("held-out 2")).to_have_attribute("aria-pressed", "true")
    expect(pinned).to_contain_text("held-out 2")
    names = [image.get_attribute("aria-label") for image in pinned.get_by_role("img").all()]
    assert names[:3] == ["x of held-out 2", "D(x) of held-out 2", "|x − D(x)| of held-out 2"]
    assert pinned.get_by_role("img", name="x of held-out 2", exact=True).bounding_box()["width"] == 6 * 16
    page.keyboard.press("ArrowRight")
    expect(energies.tile("held-out 3")).to_be_focused()
    page.keyboard.press("Enter")
    expect(pinned).to_contain_text("held-out 3")
    expect(energies.tile("held-out 2")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("End")
    expect(energies.tile("noise")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(energies.tile("held-out 1")).to_be_focused()         # the one above
    pinned.get_by_role("button", name="Unpin").click()
    expect(pinned).to_be_hidden()
    expect(energies.tile("held-out 3")).to_be_focused()         # not lost


def test_the_x_ray_follows_the_timeline_and_remembers_what_was_seen(guest, made):
    xray = XRay(guest, made(60, **ENERGY))
    xray.tile("real 1").click()
    last, shown = xray.scores()[0], xray.page.get_by_test_id("xray-step")
    newest = shown.inner_text()
    slider = xray.page.get_by_role("slider", name="Timeline")
    slider.fill("0")
    expect(shown).to_have_text("step 0")
    told = re.compile(r"^energy at the \d+ steps seen so far, 0 to \d+: from [\d.]+ to [\d.]+$")
    expect(xray.page.get_by_test_id("score-so-far")).to_have_attribute("aria-label", told)
    assert xray.scores()[0] != last
    slider.press("End")
    expect(shown).to_have_text(newest)
    assert xray.scores()[0] == last


def test_a_critic_shows_what_would_change_its_mind(guest, made):
    xray = XRay(guest, made(8, **CRITIC))
    expect(xray.element).to_contain_text("saliency: what would change D’s mind")
    expect(xray.element).to_contain_text("|∂D/∂x|")
    expect(xray.element).not_to_contain_text("residual")
    assert all(re.search(r", score −?[\d.]+(e−\d)?$", label) for label in xray.labels())
    xray.order("Over all")
    assert xray.scores() == sorted(xray.scores(), reverse=True)


def test_a_slice_goes_through_three_chosen_pictures(energies):
    page, element = energies.page, energies.element
    start, cut = element.get_by_role("button", name="Slice through three"), element.get_by_role("group", name="Slice")
    start.click()
    expect(start).to_have_attribute("aria-pressed", "true")
    for i, name in enumerate(("real 1", "held-out 4", "noise")):
        expect(element).to_contain_text(f"Choose three pictures: {i} of 3")
        energies.tile(name).click()
        expect(energies.tile(name)).to_have_attribute("aria-pressed", "true")
    expect(cut).to_contain_text("A 2-D slice through three pictures, not the whole landscape. Step 8.")
    picture = page.get_by_test_id("slice")
    expect(picture).to_have_attribute("aria-label", re.compile(r"^Slice of D's energy through real 1, [\d.]+; held-out 4, [\d.]+; noise, [\d.]+$"))
    sound_all_ways(page, "role-img-alt")
    picture.hover(position={"x": 150, "y": 120})
    expect(page.get_by_test_id("slice-probe")).to_have_text(re.compile(r"^energy [\d.]+ here$"))
    expect(energies.pinned).to_be_hidden()
    newest, slider = picture.evaluate("(c) => c.toDataURL()"), page.get_by_role("slider", name="Timeline")
    slider.fill("1")
    expect(cut).to_contain_text(re.compile(r"Step (0, the one nearest to step 1 whose networks are kept|1)\."))     # it may have kept 1
    assert picture.evaluate("(c) => c.toDataURL()") != newest
    slider.press("End")
    expect(cut).to_contain_text("landscape. Step 8.")
    assert picture.evaluate("(c) => c.toDataURL()") == newest
    energies.visitor.watch.cut = True
    energies.visitor.context.set_offline(True)
    for name in ("real 1", "real 2", "real 3"):
        energies.tile(name).click()
    expect(cut).to_contain_text("Not done")
    expect(picture).to_be_hidden()
    start.click()
    expect(cut).to_be_hidden()


def test_on_a_phone_only_the_pictures_go_sideways(arrive, made):
    phone = arrive(**PHONE)
    xray = XRay(phone, made(8, **ENERGY))
    xray.tile("real 1").tap()
    lines = xray.element.get_by_role("group", name="Pictures")
    assert lines.evaluate("(box) => box.scrollWidth > box.clientWidth + 100")
    assert phone.page.evaluate("[document.documentElement, document.querySelector('.page')].every((box) => box.scrollWidth <= 390)")
    assert min(xray.tile("fake 1").bounding_box()[side] for side in ("width", "height")) >= 44
    xray.order("Over all")
    sound(phone.page)
