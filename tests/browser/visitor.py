"""A person at the page: what they can see, and what they press."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import BrowserContext, Locator, Page, expect

TINY = {"variant": "gan", "data": "ring8", "preset": "quick", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}}
HERE = ("127.0.0.1", "")        # "" is data:, blob: and file:
OFFLINE = re.compile("Failed to load resource|net::ERR_|Failed to fetch|Could not connect|NetworkError")


class Watch:
    """Writes down what no page may do: complain on the console, or ask another host for something. `cut`: the connection is cut on purpose."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.cut, self.context = False, context
        self.ears = {
            "console": lambda said: said.type == "error" and self.fault(f"{said.text} ({said.location['url']})"),
            "weberror": lambda error: self.fault(str(error.error)),
            "request": lambda request: urlsplit(request.url).hostname not in (*HERE, None) and self.fault(f"asked {request.url}"),
        }
        for event, heard in self.ears.items():
            context.on(event, heard)

    def end(self) -> None:
        """Listen no more."""
        for event, heard in self.ears.items():
            self.context.remove_listener(event, heard)

    def fault(self, text: str) -> None:
        if not (self.cut and OFFLINE.search(text)):
            self.faults.append(text)


def voided(fault: str, url: str) -> bool:
    """Whether it is of a picture that was asked for just when its run went back to before that step."""
    asked = re.search(r"404.*/play/runs/([0-9a-f]{32})/(?:frames|looks)/\d+\?e=(\d+)\)$", fault)
    if not asked:
        return False
    now = httpx.post(f"{url}/play/poll", json={"run": asked[1]}, headers={"Origin": url}).json()
    return now.get("epoch", 0) > int(asked[2])


class Visitor:
    """One page of one context. Everything is found by its role and name, where it has them."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        self.page, self.url, self.watch, self.context = page, url, watch, page.context
        self.bar = page.get_by_role("group", name="Transport")
        self.settings = page.get_by_role("region", name="Settings")
        self.picture = page.get_by_role("region", name="Picture")
        self.readings = page.get_by_role("region", name="Readings")
        self.strip = page.get_by_role("region", name="Between two latents")
        self.at, self.shown, self.rate = page.get_by_test_id("step"), page.get_by_test_id("frame-step").first, page.get_by_test_id("rate")
        self.variant = page.get_by_test_id("variant")
        self.banner = page.get_by_test_id("banner")
        self.seed, self.budget = page.get_by_label("Seed", exact=True), page.get_by_label("Budget, steps")

    def open(self, path: str = "/") -> "Visitor":
        self.page.goto(self.url + path)
        expect(self.shown).to_have_text(re.compile(r"step \d"))
        return self

    def call(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        """One of the page's functions, without the page, as this person."""
        web = self.context.request
        if name in ("poll", "updates"):
            return web.post(f"{self.url}/play/{name}", data=message).json()
        part = next(c["id"] for c in web.get(f"{self.url}/config", max_retries=2).json()["components"] if c["type"] == "html")
        body = {"data": message, "component_id": part, "fn_name": name, "session_hash": "test"}
        return web.post(f"{self.url}/gradio_api/component_server", data=body).json()

    def made(self, steps: int = 20, **spec: Any) -> str:
        """A small run of this person that has ended."""
        id = self.call("start", {"spec": TINY | spec | {"steps": steps, "seed": 1}})["run"]
        while self.call("poll", {"run": id})["status"] in ("queued", "running"):
            self.page.wait_for_timeout(50)
        return id

    def keeps(self, file: bytes, name: str = "") -> str:
        """The id of a model of this person's, from a file."""
        return self.context.request.post(f"{self.url}/play/upload/model", params={"name": name}, data=file).json()["model"]["id"]

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name)

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name)

    def row(self, id: str) -> Locator:
        """A run's line in the list."""
        return self.page.locator(f"li.run[data-run='{id}']")

    def does(self, id: str, what: str) -> Locator:
        """A button of that line."""
        return self.row(id).get_by_role("button", name=re.compile(f"^{what} "))

    def choose(self, variant: str) -> None:
        """Search for a variant and take the first that is found."""
        self.variant.click()
        self.page.get_by_role("combobox", name="Search variants").fill(variant)
        self.page.keyboard.press("Enter")
        expect(self.variant).to_contain_text(variant)

    def data(self, title: str, group: str = "Pictures") -> None:
        """Take a data set from its group."""
        self.settings.get_by_role("radio", name=group, exact=True).check(force=True)
        self.button(title).click()
        expect(self.button(title)).to_have_attribute("aria-pressed", "true")

    def option(self, name: str):
        """A whole row of the data's options."""
        return self.settings.locator(f"[data-option={name}]")

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)

    def knob(self, name: str):
        """The number field of a knob."""
        return self.under(name).get_by_role("textbox")

    def under(self, name: str):
        """A knob's whole row, with what is said beneath it, by the words of its declared name: "lambda k", or "noise of the data" for an option."""
        declared, option, _ = name.partition(" of the data")
        return self.settings.locator(f"[data-{'option' if option else 'knob'}={declared.replace(' ', '_')}]")

    @property
    def step(self) -> int:
        """Where the run stands, as the bar says it."""
        return int(self.at.inner_text().replace(",", ""))

    @property
    def run(self) -> str | None:
        """The run that the address names."""
        return parse_qs(urlsplit(self.page.url).query).get("run", [None])[0]

    def write(self, field, text: str) -> None:
        field.fill(text)
        field.press("Tab")

    def train(self, budget: int = 100_000, button: str = "Start a new run") -> str:
        """Start what is set, see it train, and say its id."""
        self.write(self.budget, str(budget))
        self.button(button).click()
        self.page.wait_for_url(re.compile(r"\?run=[0-9a-f]{32}$"))
        expect(self.rate).to_contain_text("steps/s")
        return self.run

    def moves(self) -> None:
        """The run's numbers change."""
        before = self.at.inner_text()
        expect(self.at).not_to_have_text(before)

    def stands_still(self, ms: int = 900) -> None:
        """Nothing changes for a while, which nobody can see without waiting."""
        before = self.at.inner_text()
        self.page.wait_for_timeout(ms)
        assert self.at.inner_text() == before

    def pause(self) -> None:
        self.button("Pause").click()
        expect(self.button("Go on")).to_be_visible()
        expect(self.rate).to_have_text("paused")

    def stop(self) -> None:
        self.button("Stop").click()
        expect(self.rate).to_have_text("stopped")
