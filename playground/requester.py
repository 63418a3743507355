"""The sender of a request, for whatever is shared out between people: the owner name of their runs, and their network address.

A name costs nothing (a new cookie is a new name), an address costs something: what waits is bounded by both.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
PREFIX = 64             # bits of an IPv6 address that identify a household, which chooses the rest itself


@dataclass(frozen=True)
class Requester:
    """`owner`: the owner name of their runs; "address:..." for a client without a cookie. `address`: a text to compare, not to connect to."""

    owner: str = "local"
    address: str = "local"


LOCAL = Requester()                                                          # Python code of this process
requester: ContextVar[Requester] = ContextVar("requester", default=LOCAL)            # the sender of the request that is being answered


def client_address(peer: str | None, forwarded: str, proxies: Sequence[Network]) -> str:
    """The visitor's network address, as far as it can be trusted.

    `peer`: the other end of the connection; None for a socket without one. `forwarded`: X-Forwarded-For, read only where the peer is one of
    `proxies`, and from its end (each proxy appends what it saw) for as long as the next one is a proxy too. IPv6 addresses are cut to their /64.
    """
    seen = parsed_address(peer or "")
    if seen is None:
        return peer or "local"
    for hop in reversed(forwarded.split(",")):
        further = parsed_address(hop)
        if further is None or not is_trusted(seen, proxies):
            break
        seen = further
    return comparison_key(seen)


def is_trusted(seen: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    """Whether an address is a trusted proxy's."""
    return any(seen in network for network in proxies)


def parsed_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it, with or without a port; None when it is none. IPv4 mapped into IPv6 becomes IPv4."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].split("]", 1)[0]
    elif host.count(":") == 1:
        host = host.split(":", 1)[0]
    try:
        found = ip_address(host.split("%", 1)[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def comparison_key(seen: IPv4Address | IPv6Address) -> str:
    """The text by which addresses are compared: IPv4 itself, IPv6 as its /64."""
    return str(seen) if isinstance(seen, IPv4Address) else str(IPv6Network((seen, PREFIX), strict=False))
