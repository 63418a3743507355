"""Signing in, where the Hub is away: words, at once, and one line in the log."""

import time

from apps import App, free_port
from test_space import SPACE, Visitor

OAUTH = {"SYSTEM": "spaces", "OAUTH_CLIENT_ID": "x", "OAUTH_CLIENT_SECRET": "y", "OAUTH_SCOPES": "openid profile"}


def test_the_hub_is_away(tmp_path):
    space = App(tmp_path / "data", **SPACE, **OAUTH, OPENID_PROVIDER_URL=f"http://127.0.0.1:{free_port()}")
    try:
        space.start()
        visitor = Visitor(space.url).come()
        began = time.monotonic()
        answer = visitor.web.get("/login/huggingface")
        assert answer.status_code == 502, answer.text[:200]
        assert "Signing in does not work just now" in answer.text
        assert time.monotonic() - began < 20
        assert "variants" in visitor.call("catalogue", {})
        said = space.said.read_text()
        assert "Traceback" not in said
        assert said.count("signing in did not work") == 1
        assert space.end()[0] == 0
    finally:
        space.kill()
