"""A real server, a real Chromium, and visitors whose pages may neither complain nor ask another host for anything."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from hubbing import standing_in
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving_app import App
from visitor import Visitor, Watch, voided

DESK = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "no-preference"}
PATIENCE = 60_000                          # milliseconds: a busy machine is no fault
expect.set_options(timeout=PATIENCE)


def context_of(browser: Browser, **options) -> BrowserContext:
    """A browser of somebody's own, which remembers nothing yet."""
    made = browser.new_context(**DESK | options)
    made.set_default_timeout(PATIENCE)
    return made


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with standing_in() as hub:
        made = App(tmp_path_factory.mktemp("browser"), HF_ENDPOINT=hub.url).start()
        made.hub = hub
        yield made
    made.process.terminate()
    assert made.process.wait(PATIENCE / 1000) == 0
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


def leave(context: BrowserContext, server: App) -> None:
    """Close all pages of ours; what they have written in the browser is gone, what they have fetched stays in its cache."""
    context.set_offline(False)
    for page in context.pages:
        page.close()                                    # none of ours is left that would go elsewhere, or write again
    last = context.new_page()
    last.goto(f"{server.url}/play/static/styles/tokens.css")
    last.evaluate("localStorage.clear()")
    last.close()


@pytest.fixture(scope="session")
def idle(browser: Browser) -> Iterator[dict[str, list[BrowserContext]]]:
    """Browsers that somebody has left, by their options: who has the page's files already is there in half the time."""
    left: dict[str, list[BrowserContext]] = {}
    yield left
    for context in chain(*left.values()):
        context.close()


@pytest.fixture
def arrive(app: App, browser: Browser, idle: dict[str, list[BrowserContext]]) -> Iterator[Callable[..., Visitor]]:
    """arrive(viewport=..., color_scheme=..., server=...) is somebody with a browser of their own, not yet on the page."""
    came: list[tuple[str, Visitor, App]] = []

    def come(server: App = app, **options) -> Visitor:
        kind, left = json.dumps(options, sort_keys=True), idle.setdefault(json.dumps(options, sort_keys=True), [])
        context = left.pop() if left else context_of(browser, **options)
        made = Visitor(context.new_page(), server.url, Watch(context))
        assert context.request.get(server.url).ok                       # from here on the server knows who that is
        came.append((kind, made, server))
        return made

    yield come
    for kind, visitor, server in came:
        if server is app and visitor.context.pages:
            leave(visitor.context, server)
            visitor.context.clear_cookies()
            idle[kind].append(visitor.context)
        else:
            visitor.context.close()
        visitor.watch.end()
    for server in {server.url: server for server in (app, *(server for *_, server in came))}.values():
        if server.process.poll() is None:
            server.stop_all()
    assert [fault for _, visitor, server in came for fault in visitor.watch.faults if not voided(fault, server.url)] == []


@pytest.fixture(scope="session")
def home(app: App, browser: Browser) -> Iterator[BrowserContext]:
    """One browser for all who just come by: it has the page's files already, which halves the wait."""
    context = context_of(browser)
    assert context.request.get(app.url).ok              # from here on the server knows who that is
    yield context
    context.close()


@pytest.fixture
def guest(app: App, home: BrowserContext) -> Iterator[Visitor]:
    """Somebody who is about to come, and of whom the browser remembers nothing."""
    watch = Watch(home)
    yield Visitor(home.new_page(), app.url, watch)
    leave(home, app)
    watch.end()
    app.stop_all()
    assert [fault for fault in watch.faults if not voided(fault, app.url)] == []


@pytest.fixture(scope="session")
def over() -> dict[str, str]:
    """The ids of runs of the guests' that have ended, by what they are."""
    return {}


@pytest.fixture
def made(guest: Visitor, over: dict[str, str]) -> Callable[..., str]:
    """made(steps, **spec) is a run of the guest's that has ended: one for all tests that leave it as it is."""
    def find(steps: int = 20, **spec) -> str:
        kind = json.dumps([steps, spec], sort_keys=True)
        if kind not in over:
            over[kind] = guest.made(steps, **spec)
        return over[kind]

    return find


@pytest.fixture
def visitor(guest: Visitor) -> Visitor:
    """Somebody who has just come to the page."""
    return guest.open()


@pytest.fixture(scope="module")
def scripts(app: App, browser: Browser) -> Iterator[Page]:
    """An empty page at the server's address: for the page's modules alone, each by its import."""
    context = context_of(browser)
    watch, page = Watch(context), context.new_page()
    page.route(f"{app.url}/empty", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(f"{app.url}/empty")
    yield page
    context.close()
    assert watch.faults == []
