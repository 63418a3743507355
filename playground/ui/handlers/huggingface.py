"""Models to the Hub and from it, as a page asks for them."""

from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from playground.artifacts import huggingface
from playground.artifacts.gallery import README
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.store.models import FILE, GRID
from playground.types import Refused
from playground.ui.handlers.models import Answer, ModelHandlers
from playground.ui.handlers.services import Services
from playground.ui.requests.identity import current_user
from playground.ui.requests.message_checks import Check, model_id, optional, take

AT_ONCE, WHOLE = 4, 300.0       # transfers, and seconds that one may take


def matching(pattern: Any, what: str) -> Check:
    """A check that a text matches `pattern` completely; a refusal says that it must be `what`, and never repeats the text."""
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Refused(name, f"{name} must be {what}")           # what was given may be a token: it is not said again
        return value
    return check


REPO = matching(huggingface.REPO, "the name of a model on the Hub, as somebody/some-model")
REVISION = matching(huggingface.REVISION, "the name of a branch, a tag or a commit")
TOKEN = matching(huggingface.TOKEN, "an access token of the Hub, as it stands under Settings, Access Tokens")


class HubHandlers:
    """A token is the one that who asks gave, or signed in with; it goes to the Hub and nowhere else."""

    def __init__(self, services: Services) -> None:
        self.services, self.desk = services, ModelHandlers(services)
        self._workers = Pool("hub", AT_ONCE, Shares("transfers to and from the Hub", most=AT_ONCE, each=1, address=2, kept=1))

    def functions(self) -> list[Callable[[Any], Answer]]:
        """The functions that the page calls."""
        return [self.push, self.pull]

    def push(self, message: Any) -> Answer:
        """Put a model's file, card and grid into a repository of one's own; its address. Private until the model is published."""
        fields = take(message, model=model_id, repo=REPO, token=optional(TOKEN, ""))
        entry, token = self.services.access.given_model(fields["model"]), fields["token"] or current_user.get().token
        if not token:
            raise Refused("token", "sign in, or give an access token of the Hub with write permission")
        files = {FILE: entry.read(), README: entry.card().encode(), GRID: entry.grid.read_bytes()}
        return {"url": self._done(huggingface.push, files, fields["repo"], token, not entry.published)}

    def pull(self, message: Any) -> Answer:
        """Keep a model of the Hub's as one of one's own, checked as one that is sent here."""
        fields = take(message, repo=REPO, revision=optional(REVISION, ""), token=optional(TOKEN, ""))
        owner = current_user.get().owner
        file = self._done(huggingface.pull, fields["repo"], fields["revision"], fields["token"] or current_user.get().token)
        return {"model": self.desk.kept(owner, file)}

    def _done(self, act: Callable[..., Any], *given: Any) -> Any:
        """In a thread of our own: what hangs there keeps nobody else from the page."""
        try:
            return self._workers.submit(lambda: act(*given)).result(WHOLE)
        except TooLate:
            raise Refused("hub", "the Hub takes too long: try again later") from None
