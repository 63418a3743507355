"""Who asks: the OAuth name of somebody signed in on a Space, else a signed cookie of ours. Rights follow from that alone.

Gradio's session hash is chosen by the client and proves nothing; it is never looked at.
"""

import hmac
import os
import secrets
from collections.abc import MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, Signer

from playground.config.settings import AccessPolicy
from playground.requester import Requester, client_address
from playground.store.disk import write_aside
from playground.types import Refused, Run

Scope = MutableMapping[str, Any]
YEAR = 365 * 86_400
LOST = "no cookie came along, so it is not known whose this is: open the page in a browser that keeps cookies"


@dataclass(frozen=True)
class Person:
    """`names`: the owner names that are theirs, the one of new runs first; none for a client without a cookie."""

    names: tuple[str, ...] = ()
    shown: str = ""             # an OAuth name
    admin: bool = False
    may_train: bool = True
    token: str = field(default="", repr=False)              # the Hub's, of somebody who signed in: for what they ask the Hub, and kept nowhere

    @property
    def owner(self) -> str:
        """Whose a new run is. Refused("owner", ...) for nobody."""
        if not self.names:
            raise Refused("owner", LOST)
        if not self.may_train:
            raise Refused("owner", "sign in first: here only signed-in people may train")
        return self.names[0]

    def holds(self, owner: str) -> bool:
        """Whether what is `owner`'s is theirs."""
        return self.admin or owner in self.names

    def must_hold(self, owner: str, refusal: str) -> None:
        """Refused("owner", ...) when it is not."""
        if not self.holds(owner):
            raise Refused("owner", refusal if self.names else LOST)

    def owns(self, run: Run) -> bool:
        """Whether a run is theirs."""
        return self.holds(run.owner)

    def own(self, run: Run) -> Run:
        """`run`, when it is theirs. Refused("owner", ...) otherwise."""
        self.must_hold(run.owner, "this is somebody else's run: watch it, or train one of your own")
        return run


LOCAL = Person(("local",))                              # Python code of this process
current_user: ContextVar[Person] = ContextVar("current_user", default=LOCAL)


class People:
    """Knows people by what their requests bear."""

    def __init__(self, access: AccessPolicy, root: Path) -> None:
        self.access = access
        secret = kept_secret(root / "secret")
        self._signer = Signer(secret, salt="gan-playground", digest_method=sha256)
        self.cookie = f"playground-{sha256(secret).hexdigest()[:8]}"        # another playground on this host has another
        self.admin_cookie = f"{self.cookie}-admin"

    def of(self, scope: Scope) -> Person:
        """Who sends this request."""
        cookies = _cookies(scope)
        guest, admin = (self._signed(cookies.get(name)) for name in (self.cookie, self.admin_cookie))
        name = signed_in(scope) if self.access.oauth else ""
        names = ((f"hf:{name}",) if name else ()) + ((f"cookie:{guest}",) if guest else ())
        keyed = bool(self.access.key) and hmac.compare_digest(admin, self._admin_mark())
        admin = keyed or (bool(name) and name in self.access.admins)
        return Person(names, name, admin, bool(name) or not self.access.sign_in, in_session(scope, "access_token") if name else "")

    def requester(self, scope: Scope, person: Person) -> Requester:
        """Whom this request counts for, where something is shared out."""
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
        client = scope.get("client")
        address = client_address(client[0] if client else None, forwarded, self.access.proxies)
        return Requester(person.names[0] if person.names else f"address:{address}", address)

    def welcome(self, scope: Scope) -> str | None:
        """The Set-Cookie for somebody who opens the page without one."""
        if self._signed(_cookies(scope).get(self.cookie)):
            return None
        return self._set(scope, self.cookie, secrets.token_hex(16))

    def enter(self, scope: Scope, key: str) -> str:
        """The Set-Cookie of an admin. Refused("key", ...) unless `key` is the admin's."""
        if not self.access.key or not hmac.compare_digest(_sum(key), _sum(self.access.key)):
            raise Refused("key", "this is not the admin key")
        return self._set(scope, self.admin_cookie, self._admin_mark())

    def _admin_mark(self) -> str:
        """Changes with the key, so that another key shuts out who knew the last."""
        return _sum(self.access.key).hex()[:32]

    def _set(self, scope: Scope, name: str, value: str) -> str:
        headers = dict(scope["headers"])
        secure = b"https" in headers.get(b"x-forwarded-proto", b"") or scope.get("scheme") == "https"
        site = "Lax; Secure" if secure else "Lax"
        if self.access.space:                           # its page stands in another site's frame
            site = "None; Secure; Partitioned"
        return f"{name}={self._signer.sign(value).decode()}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite={site}"

    def _signed(self, text: str | None) -> str:
        """What the cookie says, when it is ours; "" otherwise."""
        try:
            value = self._signer.unsign(text or "").decode()
        except (BadSignature, UnicodeError):
            return ""
        return value if len(value) == 32 and value.isalnum() else ""


def _sum(key: str) -> bytes:
    """Of one length, so that a comparison takes one time."""
    return sha256(key.encode(errors="surrogatepass")).digest()


def signed_in(scope: Scope) -> str:
    """The OAuth name in Gradio's signed session, "" when there is none."""
    return in_session(scope, "userinfo", "preferred_username")


def in_session(scope: Scope, *parts: str) -> str:
    """A text that signing in left in Gradio's signed session, "" when there is none."""
    found = scope.get("session", {})
    for part in ("oauth_info", *parts):
        found = (found.get(part) if isinstance(found, dict) else None) or {}
    return found if isinstance(found, str) else ""


def kept_secret(path: Path) -> bytes:
    """32 random bytes, made once and kept beside the runs, for this user's eyes alone."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        found = b""
    if len(found) != 32:
        found = secrets.token_bytes(32)
        write_aside(path, found, sync=True)
    if os.name == "posix":
        path.chmod(0o600)
    return found


def _cookies(scope: Scope) -> dict[str, str]:
    text = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}
