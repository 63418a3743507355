"""A real server, a real Chromium, and visitors whose pages may neither complain nor ask another host for anything."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from serving_app import App
from visitor import Visitor, Watch

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = App(tmp_path_factory.mktemp("browser")).start()
    yield made
    made.process.terminate()
    assert made.process.wait(20) == 0
    assert "Traceback" not in made.said.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")         # else the one that Playwright has installed
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
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "no-preference"} | options)
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


@pytest.fixture
def visitor(arrive: Callable[..., Visitor]) -> Visitor:
    """Somebody who has just come to the page."""
    return arrive().open()
