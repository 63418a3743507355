"""The studio of latents as somebody sees it, and two small runs to be looked at there."""

from functools import cache

from playwright.sync_api import expect
from visitor import TINY

SMALL = {"variant": "lsgan", "data": "digits", "knobs": {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}}
INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) hash = (31 * hash + data[i] + 7 * data[i + 1] + 13 * data[i + 2]) | 0;
    return hash;
}"""


@cache
def rested(app) -> dict[str, str]:
    """The ids of a run on pictures and of one on points, both over; made once."""
    app.web.timeout = 60                                                    # the first to train loads torch, on a busy machine slowly
    specs = {"pictures": TINY | SMALL | {"steps": 3, "seed": 1}, "points": TINY | {"steps": 20, "seed": 1}}
    made = {name: app.call("start", {"spec": spec})["run"] for name, spec in specs.items()}
    while any(app.record(run)["status"] != "finished" for run in made.values()):
        app.web.get(f"{app.url}/play/static/styles/tokens.css")
    return made


class Studio:
    """The studio of one source, as somebody sees it."""

    def __init__(self, visitor, address: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.page.goto(f"{visitor.url}/?tab=gallery&{address}")
        self.it = self.page.get_by_role("region", name="Latents", exact=True)
        self.pins = self.it.get_by_role("list", name="Pinned samples").get_by_role("button")
        expect(self.samples.first).to_be_visible()            # the first who comes waits for the network to be read

    @property
    def samples(self):
        return self.group("Samples").get_by_role("button")

    @property
    def tool(self):
        return self.it.get_by_role("tabpanel")

    @property
    def says(self):
        return self.tool.locator(".says-of")

    def group(self, name: str):
        return self.it.get_by_role("group", name=name, exact=True)

    def go(self, name: str) -> None:
        self.it.get_by_role("tab", name=name, exact=True).click()

    def write(self, label: str, text: str):
        field = self.tool.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Tab")
        return field

    def pin(self, *which: int) -> None:
        for i in which:
            self.samples.nth(i).click(force=True)                           # on points what is pressed is the plane, beside a point
            expect(self.samples.nth(i)).to_have_attribute("aria-pressed", "true")


def pressed(*buttons) -> None:
    for button in buttons:
        expect(button).to_have_attribute("aria-pressed", "true")
