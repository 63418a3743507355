"""The folder of data that do not ship with the playground: set once, by `playground.data.configure`, when the app starts."""

from pathlib import Path

root = Path("data")         # the default, as in playground.config.machine.root


def downloads() -> Path:
    """The folder of downloaded files, as published; people may put files there by hand."""
    return root / "downloads"


def prepared() -> Path:
    """The folder of sets prepared from those; they can be prepared again."""
    return root / "prepared"
