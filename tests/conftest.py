"""Shared by all tests: one torch thread (two on two busy cores are slower), small sets to train on, and a real app that is started once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from apps import ADMIN_KEY, App
from running import EAGER, misbehave
from suited import suited

from models.kit.batch import POINTS, Shape
from playground.engine.engine import Engine

torch.set_num_threads(1)
os.environ.setdefault("PLAYGROUND_THREADS", "1")        # the number that is faster at the moment is not always the same, nor are a run's bits then


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="the whole product: tests marked `full`, too")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full: repeats, on other values, what the default suite tests already; runs with --all (tests/README.md)")


LONGEST = ("browser", "models", "abuse", "http", "engine", "worker", "config", "inspection")
"""Folders whose files take long come first, so that no process is left alone with one of them at the end; `./check` keeps that order."""


def late(item: pytest.Item) -> int:
    """How late a test comes, by its folder."""
    folder = item.path.parent.name
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST) + (folder != "tests")


@pytest.hookimpl(tryfirst=True)           # before xdist writes the groups into the tests' names
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A variant of images alone is asked about no points. Processes (`-n 2 --dist loadgroup --no-loadscope-reorder`) share the tests file by file;
    each has an app and a browser of its own once it needs them."""
    unasked = [item for item in items if not suited(item.callspec.params if hasattr(item, "callspec") else {})
               or (item.get_closest_marker("full") and not config.getoption("--all"))]
    config.hook.pytest_deselected(items=unasked)
    gone = set(map(id, unasked))
    items[:] = sorted((item for item in items if id(item) not in gone), key=late)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if item.path.parent.name == "browser":          # a server, a browser and a test that run as the machine lets them
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The first failure of whatever was tried once more: it may have found something, whatever came of the second try."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"tried once more: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


SHAPES = [POINTS, Shape(1, 16)]


@pytest.fixture(params=SHAPES, ids=["points", "images"])
def shape(request: pytest.FixtureRequest) -> Shape:
    return request.param


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """In a hurry, with one worker, and with the variants that misbehave."""
    misbehave(monkeypatch)
    made = Engine(tmp_path / "data", workers=1, intervals=EAGER)
    yield made
    made.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """On localhost, with an admin's key. Whatever is done to it, it says nothing of a fault and goes with exit code 0."""
    made = App(tmp_path_factory.mktemp("app") / "data", PLAYGROUND_ADMIN_KEY=ADMIN_KEY).start()
    yield made
    code, _ = made.end()
    said = [line[:300] for line in made.said.read_text().splitlines()]
    assert (code, [line for line in said if "Traceback" in line]) == (0, []), "\n".join(said[-40:])
