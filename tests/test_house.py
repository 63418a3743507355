"""The house's rules: who may import whom, how long a file may be, what must not appear."""

import ast
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "models", "playground")

# room -> what it may import of ours; a file belongs to the longest prefix that fits
MAY: dict[str, set[str]] = {
    "models": {"models"},
    "playground.types": set(),
    "playground.trainer": {"models.kit"},
    "playground.store": {"playground.types", "playground.store"},
    "playground.plots": {"playground.types"},
    "playground.data": {"playground.types", "playground.data", "playground.store.sets", "playground.vision", "models.kit"},
    "playground.vision": set(),
    "playground.metrics": {"playground.metrics"},
    "playground.latents": {"playground.latents"},
    "playground.ui": {"playground", "models"},
    "playground": {"playground", "models"},
    "app": {"playground"},
}


def test_processes_share_tests_by_group(request: pytest.FixtureRequest):
    """Else both would have a browser and every server: it happened without a word."""
    assert ("PYTEST_XDIST_WORKER" in os.environ) == request.node.nodeid.endswith("@test_house")


def modules() -> dict[str, Path]:
    files = [ROOT / "app.py", *(ROOT / "models").rglob("*.py"), *(ROOT / "playground").rglob("*.py")]
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


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


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_only_what_its_room_may(name: str) -> None:
    room = max((r for r in MAY if within(name, r)), key=len)
    names = imported(modules()[name])
    for other in names:
        if other.split(".")[0] in OURS:
            assert any(within(other, allowed) or within(allowed, other) for allowed in MAY[room]), f"{name} may not import {other}"
        if not within(name, "playground.ui"):
            assert not within(other, "playground.ui") or name == "app", f"{name} may not import the page"
    assert "gradio" not in {n.split(".")[0] for n in names} or room in ("playground.ui", "app")


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


def test_torchvision_has_one_door() -> None:
    assert [name for name, path in modules().items() if any(within(n, "torchvision") for n in imported(path))] in ([], ["playground.vision"])
