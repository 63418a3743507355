"""What every answer says to browsers: what its page may load and do, who may show it in a frame, and that nothing with a cookie is kept."""

import logging
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from playground.config.settings import AccessPolicy
from playground.requester import is_trusted, parsed_address
from playground.ui.http.gradio_protocol import PROXY_HEADER

log = logging.getLogger(__name__)
Message = dict[str, Any]
Scope = dict[str, Any]
SPACES = "https://huggingface.co https://*.huggingface.co https://*.hf.space"       # whose pages show a Space in a frame
SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
FORWARDED = (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-forwarded-prefix", b"forwarded",
             PROXY_HEADER)      # there is no proxy of Gradio's here
ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}


class SecurityHeaders:
    """What browsers may do with this server's answers."""

    def __init__(self, access: AccessPolicy) -> None:
        self.frames = f"frame-ancestors 'self'{' ' + SPACES if access.space else ''}"

    def page(self, body: bytes = b"") -> str:
        """The policy of Gradio's page with ours in it: scripts of this server, those written in the page itself (by their hashes), and no others.
        Styles are set from scripts everywhere."""
        hashes = " ".join(f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in SCRIPT.findall(body))
        return (f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
                f"font-src 'self' data:; connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; {self.frames}")

    def without_scripts(self) -> str:
        """The policy of a page without scripts: the admin's form, a refusal."""
        return f"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; {self.frames}"

    def apply(self, start: Message, body: bytes = b"") -> None:
        """Add them to the message that an answer begins with; `body`: a page's."""
        headers = MutableHeaders(scope=start)
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if "content-security-policy" not in headers:
            html = headers.get("content-type", "").startswith("text/html")
            headers["content-security-policy"] = self.page(body) if html else f"default-src 'none'; {self.frames}"
        if "set-cookie" in headers:
            headers["cache-control"] = "no-store"

    def sending(self, send: Any) -> Any:
        """`send` with these headers. A page is held until it is whole, for the hashes of the scripts in it."""
        held: list[Message] = []

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if Headers(scope=message).get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
                self.apply(message)
            elif held:
                held.append(message)
                if message.get("more_body"):
                    return
                self.apply(held[0], b"".join(part.get("body", b"") for part in held[1:]))
                while len(held) > 1:
                    await send(held.pop(0))
                message = held.pop()
            await send(message)
        return with_headers


def trusted_headers(scope: Scope, access: AccessPolicy) -> Scope:
    """A request without what only a trusted proxy may say of it: its visitor's address, and the name and the protocol that it was asked by.

    A proxy may hand on what a visitor made up: a name is believed only where it is one of this server's.
    """
    names = {name for name, _ in scope["headers"]}
    if names.isdisjoint(FORWARDED):
        return scope
    client = scope.get("client")
    peer = parsed_address(client[0]) if client else None
    dropped = set(FORWARDED)
    if peer is not None and is_trusted(peer, access.proxies):
        dropped = {PROXY_HEADER, b"forwarded"}
        host = Headers(scope=scope).get("x-forwarded-host", "").split(",")[0].strip().lower().rsplit(":", 1)[0]
        if access.hosts and host not in access.hosts:
            dropped.add(b"x-forwarded-host")
    elif b"x-forwarded-for" in names:
        warn_of_unknown_proxy()
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in dropped]}


def with_host(scope: Scope, host: str) -> Scope:
    """The same request, to another name."""
    return {**scope, "headers": [(b"host", host.encode()), *(pair for pair in scope["headers"] if pair[0] != b"host")]}


@cache
def warn_of_unknown_proxy() -> None:
    """Once: where there is a proxy, all its visitors count as one."""
    log.warning("a request came with X-Forwarded-For, from none of PLAYGROUND_PROXIES: it is not believed. Who comes through a proxy that is not "
                "named there counts as one visitor with all others who do")
