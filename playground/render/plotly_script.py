"""Plotly's own script, for surfaces and exported charts."""

import gzip
from functools import cache
from pathlib import Path

import plotly

VERSION: str = plotly.__version__


@cache
def packed() -> bytes:
    """The installed version's script, compressed with gzip."""
    return gzip.compress((Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes(), 6, mtime=0)
