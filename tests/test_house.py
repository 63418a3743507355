"""The house's rules: who may import whom, how long a file may be, what must not appear."""

import ast
import os
import re
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "models", "playground")
BASE = {"types", "requester", "errors", "validate", "units"}        # modules at the top of `playground`, which every room may use
KIT = {"models.kit"}                                           # which BASE may use: `validate` checks knobs
ZOO = {"models", "models.kit"}

# What a room may import beside itself and BASE. A room's rule holds for the rooms in it that have none of their own. Downwards only: no room
# stands in the rule of one that stands in its own.
MAY: dict[str, set[str]] = {
    "models.kit": set(),
    "models": KIT,
    "config": set(),
    "config.cpu": {"config.machine"},
    "config.limits": {"config.machine"},
    "store": {"config.file_handles"},
    "render": set(),
    "render.decoder": {"config.limits.memory_cache", "config.limits.shares"},
    "data": {"config", "config.limits", "store", "render.decoder", *KIT},
    "training": {"data", "store", *ZOO},
    "evaluation": {"config", "config.cpu", "data", "evaluation.metrics", "training", *KIT},
    "evaluation.metrics": set(),
    "specs": {"config", "data", "evaluation", "training", *ZOO},
    "inspection": {"data", "evaluation", "evaluation.metrics", "render", "store", "training", *ZOO},
    "guidance": {"config.file_handles", "config.limits", "data", "store", *ZOO},
    "comparison.export": {"comparison", "data", "evaluation", "render", "render.decoder", "store", *ZOO},
    "comparison": {"data", "evaluation", "render", "specs", "store", "training", *ZOO},
    "explorer": {"config.limits", "data", "evaluation.metrics", "explorer.latents", "render", "store", "training", *KIT},
    "explorer.latents": set(),
    "worker": {"config", "config.cpu", "data", "evaluation", "inspection", "store", "training", *ZOO},
    "artifacts": {"config.file_handles", "config.limits", "data", "evaluation", "explorer.latents", "render", "store", "training", *ZOO},
    "engine": {"config", "config.cpu", "data", "evaluation", "render.decoder", "specs", "store", "training", "worker", *ZOO},
    "tools": {"artifacts", "config", "data", "engine", "evaluation", "specs", "store", "training", "worker", *ZOO},
    "ui.requests": {"artifacts", "config", "config.limits", "store"},
    "ui.handlers": {"artifacts", "comparison", "comparison.export", "config", "config.limits", "data", "engine", "evaluation", "explorer",
                    "explorer.latents", "guidance", "inspection", "render", "render.decoder", "specs", "store", "training", "ui.requests", *ZOO},
    "ui.http": {"artifacts", "config", "config.limits", "data", "render", "store", "ui.handlers", "ui.requests"},
    "model": {"artifacts"},
    "api": {"artifacts", "config", "data", "explorer", "explorer.latents", "render", "store"},
    "__main__": {"api", "artifacts", "render"},
    "app": {"config", "data", "engine", "store", "ui.handlers", "ui.http", "ui.requests"},
}


def test_processes_share_tests_by_group(request: pytest.FixtureRequest):
    """Else both would have a browser and every server: it happened without a word."""
    assert ("PYTEST_XDIST_WORKER" in os.environ) == request.node.nodeid.endswith("@test_house")


@cache
def modules() -> dict[str, Path]:
    files = [ROOT / "app.py", *(ROOT / "models").rglob("*.py"), *(ROOT / "playground").rglob("*.py")]
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


@cache
def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def room_of(name: str) -> str:
    """The longest entry of MAY that a module lies in; "" for the base."""
    short = name.removeprefix("playground.")
    return max((room for room in MAY if within(short, room)), key=len, default="")


@cache
def edges() -> dict[str, set[str]]:
    """Each of our modules, and those of ours that it imports."""
    known = modules()
    found = {name: imported(path) for name, path in known.items()}
    return {name: {other for other in others if other in known and other != name} for name, others in found.items()}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_only_what_its_room_may(name: str) -> None:
    room = room_of(name)
    for other in edges()[name]:
        short, there = other.removeprefix("playground."), room_of(other)
        if short in BASE or short in ("playground", "models") or there == room != "":
            continue
        may = MAY[room] if room else KIT
        assert short in may or there in may, f"{name} may not import {other}"
    names = {n.split(".")[0] for n in imported(modules()[name])}
    assert "gradio" not in names or name == "playground.ui.http.gradio_hooks"


def test_no_circles() -> None:
    """Neither of modules nor of rooms' rules: each can be read before what stands on it."""
    for graph in (edges(), {room: {other for other in may if other in MAY} for room, may in MAY.items()}):
        left = {name: set(others) for name, others in graph.items()}
        while free := [name for name, others in left.items() if not others]:
            for name in free:
                del left[name]
            for others in left.values():
                others.difference_update(free)
        assert not left


def test_rooms_are_small() -> None:
    """At the top at most 8 modules and 16 rooms, in a room at most 14 modules and a README; files about 100 lines."""
    top = ROOT / "playground"
    rooms = [f.parent for f in top.rglob("__init__.py")]
    assert len(list(top.glob("*.py"))) <= 9             # __init__ is none
    assert len([room for room in rooms if room.parent == top]) <= 16
    files = [f for f in (*top.rglob("*.py"), *(top / "ui" / "live").rglob("*.js")) if "vendor" not in f.parts and f.name != "__init__.py"]
    for folder in {f.parent for f in files} - {top}:
        assert len([f for f in files if f.parent == folder]) <= 14, folder
    assert not {str(f): n for room in rooms if (f := room / "README.md").is_file() and room != top and (n := f.read_text().count("\n")) > 40}
    assert median(f.read_text().count("\n") for f in files) <= 110


def test_variants_import_the_kit_and_at_most_one_sibling() -> None:
    for name, path in modules().items():
        if name.count(".") == 1 and name.startswith("models."):
            siblings = {n.split(".")[1] for n in imported(path) if re.fullmatch(r"models\.(?!kit)\w+", n)}
            assert len(siblings) <= 1, f"{name} imports {siblings}"


def test_files_are_short() -> None:
    source = [f for folder in ("models", "playground", "tests", "bench") for f in (ROOT / folder).rglob("*") if f.suffix in (".py", ".js", ".css")]
    long = {str(f.relative_to(ROOT)): n for f in [*source, ROOT / "app.py"] if "vendor" not in f.parts and (n := f.read_text().count("\n")) > 250}
    assert not long
    assert all(f.read_text().count("\n") <= 120 for f in (ROOT / "models").glob("*.py"))


def test_pictures_from_outside_are_decoded_in_processes_of_their_own() -> None:
    """Whoever opens pictures elsewhere opens what this playground made itself, or ships."""
    opens = {name for name, path in modules().items() if re.search(r"\bImage\.open\(", path.read_text())}
    assert opens == {"playground.render.decoder.squares", "playground.data.sources.packs", "playground.ui.http.routes",
                     "playground.comparison.export.tiles"}
    decoder = "playground.render.decoder"
    importing = {name for name, path in modules().items() if imported(path) & {f"{decoder}.squares", f"{decoder}.child"}}
    assert importing <= {f"{decoder}.child"}
    reached = {n for name in ("child", "squares", "structure", "wire") for n in imported(modules()[f"{decoder}.{name}"])}
    assert not [n for n in reached if n.split(".")[0] in ("torch", "numpy") or within(n, "playground.types")]


def test_torchvision_is_imported_in_one_place() -> None:
    users = [name for name, path in modules().items() if any(within(n, "torchvision") for n in imported(path))]
    assert users in ([], ["playground.data.sources.torchvision_compat"])
