"""Plotly's script, as it is served: the installed one, to be kept for ever, and no other."""

from pathlib import Path

import plotly
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.ui import plotting
from playground.ui.routes import refusing


def test_the_installed_version_is_served_packed_and_lasting_and_no_other() -> None:
    client = TestClient(Starlette(routes=[Route("/play/plotly/{version}.js", refusing(plotting.script))]))
    given = client.get(plotting.ADDRESS)
    assert given.content == (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    assert int(given.headers["content-length"]) < len(given.content) / 2
    assert "immutable" in given.headers["cache-control"]
    other = client.get("/play/plotly/0.0.1.js")
    assert (other.status_code, other.json()["error"]["field"]) == (404, "version")
