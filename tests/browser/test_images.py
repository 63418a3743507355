"""Pictures of faces, and the end of a run."""

import re

from playwright.sync_api import expect

DISTINCT = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), seen = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3]) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return seen.size;
}"""


def test_faces_by_lsgan_fill_the_grid(visitor):
    visitor.choose("LSGAN")
    visitor.data("Pixel faces")
    expect(visitor.settings.get_by_text("Pixel faces", exact=True)).to_be_visible()
    visitor.train()
    grid = visitor.picture.get_by_role("img", name=re.compile(r"64 samples at step \d"))
    expect(grid).to_be_visible()
    expect(visitor.shown).to_have_text(re.compile("step [1-9]"))
    assert grid.evaluate(DISTINCT) > 100
    side = grid.evaluate("canvas => canvas.width")
    assert side == grid.evaluate("canvas => canvas.height") > 100
    before = visitor.shown.inner_text()
    expect(visitor.shown).not_to_have_text(before)
    visitor.stop()
    for way in ("lerp", "slerp"):
        strip = visitor.strip.get_by_test_id(f"strip-{way}")
        expect(strip).to_be_visible()
        assert strip.evaluate("async image => { await image.decode(); return image.naturalWidth / image.naturalHeight; }") > 7      # nine in a row
    expect(visitor.strip.get_by_role("img", name=re.compile(r"^\|z\| from one latent to the other: lerp .*; slerp"))).to_be_visible()


def test_a_run_ends_as_finished_and_then_it_is_quiet(visitor):
    visitor.write(visitor.budget, "50")
    visitor.button("Train it live").click()
    expect(visitor.rate).to_have_text("finished")
    expect(visitor.at).to_have_text("50")
    expect(visitor.shown).to_have_text("step 50")
    for name in ("One step", "Stop"):
        expect(visitor.button(name)).to_be_disabled()
    expect(visitor.button("Play it back")).to_be_enabled()
    expect(visitor.strip).to_be_visible()
    expect(visitor.strip.get_by_role("img")).to_be_visible()
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.wait_for_timeout(3000)
    assert len(asked) <= 1
