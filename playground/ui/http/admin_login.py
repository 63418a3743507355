"""Where an admin gives their key: a form, few tries a minute, and nothing of it in an address or a log."""

import html
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from playground.requester import requester
from playground.types import Refused
from playground.ui.requests.identity import People

ADMIN = "/play/admin"
MOST_SENT = 2048        # bytes of the form
MINUTE = 60.0           # seconds, in which there may be so many tries
EACH = 10               # of one address
ALL = 100               # and of everybody
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Admin · GAN Playground</title><style>
:root {{ color-scheme: light dark; --paper: #f7f6f2; --ink: #1b2530; --control: #8b887e }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #10151b; --ink: #e4e8eb; --control: #6f7b87 }} }}
body {{ font: 14px/1.5 system-ui, sans-serif; max-width: 340px; margin: 15vh auto; padding: 0 16px; background: var(--paper); color: var(--ink) }}
h1 {{ font-size: 21px }} input, button {{ font: inherit; color: inherit; height: 44px; width: 100%; border-radius: 5px; box-sizing: border-box }}
input {{ margin: 4px 0 12px; padding: 0 9px; border: 1px solid var(--control); background: none }}
button {{ border: 0; background: var(--ink); color: var(--paper); font-weight: 600 }}
</style></head><body><h1>Admin</h1>{alert}<form method="post" action="{action}" autocomplete="off"><label for="key">Admin key</label>
<input id="key" name="key" type="password" required autofocus autocomplete="current-password" maxlength="500">
<button>Enter</button></form></body></html>"""
KEY_IN_ADDRESS = "A key in an address stays in histories and logs, and is not accepted here. Set another one, and give it in this form."


class AttemptLimit:
    """How often a key may be tried within a minute. For one event loop."""

    def __init__(self, each: int = EACH, most: int = ALL, clock: Callable[[], float] = time.monotonic) -> None:
        self.each, self.most, self.clock = each, most, clock
        self._attempts: deque[tuple[float, str]] = deque()

    def count(self, address: str) -> None:
        """Refused("key", ...) when it is one too many."""
        while self._attempts and self._attempts[0][0] <= self.clock() - MINUTE:
            self._attempts.popleft()
        if len(self._attempts) >= self.most or sum(other == address for _, other in self._attempts) >= self.each:
            raise Refused("key", f"{self.each} tries a minute are all there are: wait a moment")
        self._attempts.append((self.clock(), address))


class AdminLogin:
    """GET shows the form; POST takes the key of it."""

    def __init__(self, people: People, headers: dict[str, str]) -> None:
        self.people, self.headers, self.attempts = people, {**headers, "Cache-Control": "no-store"}, AttemptLimit()

    async def answer(self, scope: Any, receive: Any) -> Response:
        """The form, the cookie of an admin, or the form with what is wrong."""
        if not self.people.access.key:
            return self._page("This server has no admin key: PLAYGROUND_ADMIN_KEY sets one.", 404)
        if scope["method"] != "POST":
            return self._page(KEY_IN_ADDRESS if b"key=" in scope["query_string"] else "", 400 if b"key=" in scope["query_string"] else 200)
        try:
            self.attempts.count(requester.get().address)
        except Refused as refused:
            return self._page(f"{refused}.", 429)
        try:
            form = parse_qs((await Request(scope, receive).body()).decode("latin-1"), max_num_fields=5, encoding="utf-8", errors="replace")
            key = form.get("key", [""])[0]
            return RedirectResponse("/", 303, {**self.headers, "Set-Cookie": self.people.enter(scope, key)})
        except Refused as refused:
            return self._page(f"{refused}.", 403)
        except (ValueError, ClientDisconnect):
            return self._page("This is not what the form sends.", 400)

    def _page(self, error: str, status: int) -> Response:
        alert = f'<p role="alert">{html.escape(error[:1].upper() + error[1:])}</p>' if error else ""
        return HTMLResponse(PAGE.format(alert=alert, action=ADMIN), status, self.headers)
