"""Where data that do not ship with the playground are kept: set once, by `settle`, when the app starts."""

from pathlib import Path

root = Path("data")         # as playground.machine.root's last resort


def downloads() -> Path:
    """What a network, or a person's hand, brought: files as their makers publish them."""
    return root / "downloads"


def prepared() -> Path:
    """What was made of those; all of it can be made again."""
    return root / "prepared"
