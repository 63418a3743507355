"""Plotly's own script, for what is looked at standing still: asked for when it is wanted, once, and from here."""

import gzip
from functools import cache
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response

from playground.types import Refused

LASTING = "public, max-age=31536000, immutable"
ADDRESS = f"/play/plotly/{plotly.__version__}.js"


def script(request: Request) -> Response:
    """The installed version alone, so that an address never changes what it gives. 404 for another."""
    if request.path_params["version"] != plotly.__version__:
        raise Refused("version", f"plotly is here as {plotly.__version__}")
    return Response(_packed(), media_type="text/javascript",
                    headers={"Content-Encoding": "gzip", "Cache-Control": LASTING, "X-Content-Type-Options": "nosniff"})


@cache
def _packed() -> bytes:
    return gzip.compress((Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes(), 6, mtime=0)
