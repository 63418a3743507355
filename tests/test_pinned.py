"""What is installed is what was chosen: all that comes along is pinned, by a tool; what advisories say is heard."""

import re
import shutil
import subprocess
from importlib.metadata import requires, version
from pathlib import Path

import audit
import pytest

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; .+)?$")
FREE = re.compile(r"torch|torchvision|triton|nvidia-.*|cuda-.*")        # they differ by machine


def lines(name: str) -> list[str]:
    return [text for line in (ROOT / name).read_text().splitlines() if (text := line.split("#")[0].strip())]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


def test_every_package_that_comes_along_is_pinned_and_torch_s_are_not():
    pins = {}
    for line in lines("constraints.txt"):
        found = PIN.match(line)
        assert found, line
        pins.setdefault(found[1], []).append(found[2])
    assert not [name for name in pins if FREE.fullmatch(name)]
    named = [line.split("==") for file in ("requirements.txt", "tests/requirements.txt") for line in lines(file)]
    assert all([asked] == pins.get(plain(name), [asked] if FREE.fullmatch(name) else None) for name, asked in named), "./check --pin makes them anew"
    todo, seen = [plain(name) for name, _ in named], set()
    while todo:
        if (name := todo.pop()) in seen or FREE.fullmatch(name):
            continue
        seen.add(name)
        assert name in pins, f"{name} comes along and is not pinned: ./check --pin makes constraints.txt anew"
        todo += [plain(re.match(r"[A-Za-z0-9._-]+", r)[0]) for r in requires(name) or () if ";" not in r]
    assert len(seen) > 60


def test_what_runs_here_is_what_is_pinned():
    for line in lines("requirements.txt"):
        name, wanted = line.split("==")
        assert version(plain(name)).split("+")[0] == wanted


def test_a_pillow_of_its_own_is_needed_for_as_long_as_gradio_asks_for_another():
    """When this fails, requirements.txt can have the newest Pillow, and `playground/render/decoder/requirements.txt` is in one with it."""
    assert [r for r in requires("gradio") if r.lower().startswith("pillow")] == ["pillow<13.0,>=8.0"]


FOUND = {"name": "pillow", "version": "12.3.0", "vulns": [{"id": "GHSA-8g5g-8vmr-9782"}]}
FINE, SKIPPED = {"name": "numpy", "version": "2.4.6", "vulns": []}, {"name": "orjson", "skip_reason": "not found"}


@pytest.mark.parametrize(("found", "known", "good", "says"), [
    ([FOUND, FINE], {}, False, "pillow 12.3.0 has GHSA-8g5g-8vmr-9782: take another"), ([FOUND, FINE], audit.KNOWN, True, "known: gradio"),
    ([FINE, SKIPPED], {}, True, "not audited: orjson"), ([SKIPPED], {}, True, "NOT AUDITED"), ("no route to host", {}, True, "NOT AUDITED"),
])
def test_an_advisory_fails_and_what_could_not_be_asked_is_said(found, known, good, says):
    fine, told = audit.judged("all", found, known)
    assert fine is good
    assert says in "\n".join(told)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_start_installs_anew_when_any_list_has_changed(tmp_path):
    """With a pip that only writes down what it was asked for."""
    for name in ("start", "requirements.txt", "constraints.txt", "playground/render/decoder/requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >> "$(dirname "$0")/asked"\n')
    python.chmod(0o755)

    def started() -> list[str]:
        asked = python.with_name("asked")
        asked.write_text("")
        subprocess.run(["bash", "start", "--install-only"], cwd=tmp_path, check=True)
        return asked.read_text().splitlines()

    pip, decoder = started()
    assert pip.endswith("-r requirements.txt -c constraints.txt")
    assert decoder == "-m playground.render.decoder"
    for name in ("requirements.txt", "constraints.txt", "playground/render/decoder/requirements.txt"):
        assert started() == []
        with (tmp_path / name).open("a") as file:
            file.write("# changed\n")
        assert len(started()) == 2
