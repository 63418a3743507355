"""A real server, a real Chromium, and visitors whose pages may neither complain nor ask another host for anything."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from hubbing import standing_in
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from serving_app import App
from visitor import Visitor, Watch

DESK = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "no-preference"}
expect.set_options(timeout=60_000)         # a busy machine is no fault


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with standing_in() as hub:
        made = App(tmp_path_factory.mktemp("browser"), HF_ENDPOINT=hub.url).start()
        made.hub = hub
        yield made
    made.process.terminate()
    assert made.process.wait(20) == 0
    assert "Traceback" not in made.said.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright itself takes the shell: the whole browser costs half as much again for a page. Without either, what Playwright has installed.
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        root = hasattr(os, "getuid") and os.getuid() == 0
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        yield made
        made.close()


@pytest.fixture
def arrive(app: App, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """arrive(viewport=..., color_scheme=..., server=...) is somebody with a browser of their own, not yet on the page."""
    watches, contexts, servers = [], [], [app]

    def come(server: App = app, **options) -> Visitor:
        context = browser.new_context(**DESK | options)
        contexts.append(context)
        servers.append(server)
        watches.append(Watch(context))
        return Visitor(context.new_page(), server.url, watches[-1])

    yield come
    for context in contexts:
        context.close()
    for server in set(servers):
        if server.process.poll() is None:
            server.stop_all()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture(scope="session")
def home(browser: Browser) -> Iterator[BrowserContext]:
    """One browser for all who just come by: it has the page's files already, which halves the wait."""
    context = browser.new_context(**DESK)
    yield context
    context.close()


@pytest.fixture
def visitor(app: App, home: BrowserContext) -> Iterator[Visitor]:
    """Somebody who has just come to the page, and of whom the browser remembers nothing."""
    watch = Watch(home)
    came = Visitor(home.new_page(), app.url, watch).open()
    yield came
    home.set_offline(False)
    for page in home.pages[1:]:
        page.close()
    home.pages[0].goto(f"{app.url}/play/static/styles/tokens.css")     # no page of ours is left that would write again
    home.pages[0].evaluate("localStorage.clear()")
    home.pages[0].close()
    watch.end()
    app.stop_all()
    assert watch.faults == []
