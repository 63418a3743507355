"""Models to the Hub and from it, as a page asks for them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from playground import hub
from playground.gallery import README
from playground.store.models import FILE, GRID
from playground.types import Refused
from playground.ui.checks import Check, model_id, optional, take
from playground.ui.library import Library
from playground.ui.models import Answer, ModelDesk
from playground.ui.people import present

AT_ONCE, WHOLE = 2, 300.0       # transfers, and seconds that one may take


def matching(pattern: Any, what: str) -> Check:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Refused(name, f"{name} must be {what}")           # what was given may be a token: it is not said again
        return value
    return check


REPO = matching(hub.REPO, "the name of a model on the Hub, as somebody/some-model")
REVISION = matching(hub.REVISION, "the name of a branch, a tag or a commit")
TOKEN = matching(hub.TOKEN, "an access token of the Hub, as it stands under Settings, Access Tokens")


class HubDesk:
    """A token is the one that who asks gave, or signed in with; it goes to the Hub and nowhere else."""

    def __init__(self, library: Library) -> None:
        self.library, self.desk = library, ModelDesk(library)
        self._workers, self._free = ThreadPoolExecutor(AT_ONCE, "hub"), threading.Semaphore(AT_ONCE)

    def functions(self) -> list[Callable[[Any], Answer]]:
        return [self.push, self.pull]

    def push(self, message: Any) -> Answer:
        """Put a model's file, card and grid into a repository of one's own; its address. Private until the model is published."""
        asked = take(message, model=model_id, repo=REPO, token=optional(TOKEN, ""))
        entry, token = self.library.given_model(asked["model"]), asked["token"] or present.get().token
        if not token:
            raise Refused("token", "the Hub has to know who you are: sign in, or give an access token of yours that may write")
        files = {FILE: entry.read(), README: entry.card().encode(), GRID: entry.grid.read_bytes()}
        return {"url": self._done(hub.push, files, asked["repo"], token, not entry.published)}

    def pull(self, message: Any) -> Answer:
        """Keep a model of the Hub's as one of one's own, checked as one that is sent here."""
        asked = take(message, repo=REPO, revision=optional(REVISION, ""), token=optional(TOKEN, ""))
        owner = present.get().owner
        file = self._done(hub.pull, asked["repo"], asked["revision"], asked["token"] or present.get().token)
        return {"model": self.desk.kept(owner, file)}

    def _done(self, act: Callable[..., Any], *given: Any) -> Any:
        """In a thread of our own: what hangs there keeps nobody else from the page."""
        if not self._free.acquire(blocking=False):
            raise Refused("hub", f"{AT_ONCE} models are on their way to or from the Hub: wait until one has arrived")
        doing = self._workers.submit(act, *given)
        doing.add_done_callback(lambda _: self._free.release())
        try:
            return doing.result(WHOLE)
        except TooLate:
            raise Refused("hub", "the Hub takes too long: try again later") from None
