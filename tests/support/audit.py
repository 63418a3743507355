"""`./check --audit`: have the versions that are installed published advisories? Ends with 1 where one has; where nobody can be asked, it says so.

All that constraints.txt and requirements.txt pin is looked up by pip-audit, and by itself what decodes pictures from outside.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DECODER = ROOT / "playground" / "render" / "decoder" / "requirements.txt"
KNOWN = {"pillow": "gradio 6.31.0 asks for less than 13; here it opens only what this playground made or ships (tests/test_house.py), "
                   "and what people send is decoded by a Pillow of its own (playground/render/decoder/requirements.txt)"}
PATIENCE = 600          # seconds


def pinned() -> str:
    """Every package and its version, one a line, as pip-audit wants them: torch's build differs by machine and is in no constraint."""
    torch = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("torch")]
    return "\n".join([(ROOT / "constraints.txt").read_text(), *torch, ""])


def asked(requirements: str) -> list[dict[str, Any]] | str:
    """What pip-audit found out of each package; or why nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "-r", file.name, "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return (done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"])[-1]


def judged(what: str, found: list[dict[str, Any]] | str, known: dict[str, str]) -> tuple[bool, list[str]]:
    """Whether it is as it should be, and what to say. `known`: packages whose advisories are answered otherwise, and how."""
    if isinstance(found, str):
        return True, [f"{what}: NOT AUDITED, the service of advisories cannot be reached: {found}"]
    looked, bad, lines = [p for p in found if "vulns" in p], 0, []
    if not looked:
        return True, [f"{what}: NOT AUDITED, the service of advisories knows none of these {len(found)} packages: it is not the real one"]
    for package in looked:
        ids = ", ".join(sorted(v["id"] for v in package["vulns"]))
        if ids and package["name"] in known:
            lines.append(f"{what}: {package['name']} {package['version']} has {ids}; known: {known[package['name']]}")
        elif ids:
            bad += 1
            lines.append(f"{what}: {package['name']} {package['version']} has {ids}: take another version")
    skipped = [p["name"] for p in found if "vulns" not in p]
    if skipped:
        lines.append(f"{what}: not audited: {', '.join(skipped)}")
    return not bad, [*lines, f"{what}: {len(looked)} packages audited, {bad} of them to be replaced"]


def main() -> int:
    fine = True
    for what, requirements, known in (("all", pinned(), KNOWN), ("what decodes pictures", DECODER.read_text(), {})):
        good, lines = judged(what, asked(requirements), known)
        fine &= good
        print("\n".join(lines))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
