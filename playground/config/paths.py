"""Where the files that ship with the code lie."""

from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
