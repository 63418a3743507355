"""Who may use this server and how much, as the environment sets it. Each error names its variable and what is allowed."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Any

from playground.config.machine import SPACE_DISK
from playground.requester import Network
from playground.types import Refused

GB = 10 ** 9
HOST = re.compile(r"[a-z0-9.-]{1,253}")
LEAST_KEY = 16          # characters of an admin's key
PRIVATE_NETWORKS = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7"       # in which a Space's own proxy has its address


def setting(variable: str, default: Any, low: float, high: float, help: str, *, space: Any = None, none: bool = False, scale: int = 1) -> Any:
    """A number declared once: variable, default, range, help. `space`: the default on a Space, where it differs; `none`: it may be "none", no limit;
    the value is stored times `scale`."""
    declared = {"variable": variable, "low": low, "high": high, "help": help, "default": default, "space": default if space is None else space,
            "none": none, "scale": scale}
    return field(default=None if default is None else default * scale, metadata=declared)


@dataclass(frozen=True)
class Limits:
    """Quotas. Bytes and seconds; None is no limit."""

    running: int = setting("PLAYGROUND_RUNS_EACH", 2, 1, 64, "runs of one person that train at once")
    queued: int = setting("PLAYGROUND_QUEUE_EACH", 5, 1, 1000, "runs of one person that wait or are paused")
    queue: int = setting("PLAYGROUND_QUEUE", 50, 1, 10_000, "runs that wait in all")
    near: int | None = setting("PLAYGROUND_RUNS_ADDRESS", None, 1, 64, "runs from one network address that train at once", none=True)
    waiting: int = setting("PLAYGROUND_QUEUE_ADDRESS", 30, 1, 10_000, "runs from one network address that wait or are paused")
    slice: float | None = setting("PLAYGROUND_SLICE", 20, 1, 1e5, "seconds that a run has its worker for, while others wait", none=True)
    steps: int = setting("PLAYGROUND_STEPS", 1_000_000, 1, 1_000_000, "steps of one run")
    seconds: float | None = setting("PLAYGROUND_SECONDS", None, 10, 1e7, "seconds of training of one run", space=3600, none=True)
    each: float | None = setting("PLAYGROUND_GB_EACH", None, 0.01, 1e5, "gigabytes of one person's runs", space=1, none=True, scale=GB)
    whole: float | None = setting("PLAYGROUND_GB", None, 0.01, 1e5, "gigabytes of all runs", space=20, none=True, scale=GB)
    free: float = setting("PLAYGROUND_FREE_GB", 1, 0, 1e5, "gigabytes of the disk that runs leave free: below it none starts", scale=GB)
    days: float | None = setting("PLAYGROUND_KEEP_DAYS", None, 0.01, 36_500, "days that an ended run is kept, if not pinned", space=30, none=True)
    idle: float = setting("PLAYGROUND_IDLE_HOURS", 24, 0.01, 1e5, "hours after which a paused run is stopped, with a checkpoint")

    @staticmethod
    def read(env: Mapping[str, str] = os.environ) -> "Limits":
        """The limits of the environment. Refused names the variable."""
        return Limits(**{f.name: number(f.metadata, f.type, env) for f in fields(Limits)})


def number(declared: Mapping[str, Any], kind: Any, env: Mapping[str, str]) -> Any:
    """The value of one setting: of the environment, else its default. `declared`: a field's metadata; `kind`: int or float. Refused names the
    variable."""
    text, low, high = env.get(declared["variable"], "").strip().lower(), declared["low"], declared["high"]
    default = declared["space" if env.get("SPACE_ID") else "default"]
    if not text:
        return None if default is None else default * declared["scale"]
    if declared["none"] and text == "none":
        return None
    try:
        value = int(text) if kind is int else float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        words = f"a {'whole ' if kind is int else ''}number between {low:,g} and {high:,g}" + (', or "none"' if declared["none"] else "")
        raise Refused(declared["variable"], f"{declared['variable']} must be {words}; it is {text[:40]!r}")
    return value * declared["scale"]


LIMITS = Limits()


@dataclass(frozen=True)
class AccessPolicy:
    """Who may use this server, and who counts as whom."""

    space: bool = False                     # on a Hugging Face Space
    oauth: bool = False                     # people can sign in
    sign_in: bool = False                   # PLAYGROUND_SIGN_IN: only signed-in people may train
    admins: frozenset[str] = frozenset()    # PLAYGROUND_ADMINS: names of people who may do everything
    key: str = ""                           # PLAYGROUND_ADMIN_KEY: whoever enters it at /play/admin may do everything, too
    hosts: frozenset[str] = frozenset()     # PLAYGROUND_HOSTS, or a Space's own: the host names that this server answers to; any when empty
    proxies: tuple[Network, ...] = ()       # PLAYGROUND_PROXIES, or a Space's own: proxies whose X-Forwarded-... headers are trusted

    @staticmethod
    def read(env: Mapping[str, str] = os.environ) -> "AccessPolicy":
        """The policy of the environment. Refused names the variable."""
        space, key, sign_in = bool(env.get("SPACE_ID")), env.get("PLAYGROUND_ADMIN_KEY", "").strip(), env.get("PLAYGROUND_SIGN_IN", "").strip() or "0"
        oauth = space and bool(env.get("OAUTH_CLIENT_ID"))
        if sign_in not in ("0", "1"):
            raise Refused("PLAYGROUND_SIGN_IN", f"PLAYGROUND_SIGN_IN must be 0 or 1; it is {sign_in[:40]!r}")
        if sign_in == "1" and not oauth:
            raise Refused("PLAYGROUND_SIGN_IN", "PLAYGROUND_SIGN_IN=1 needs a Space with hf_oauth: nobody could sign in here")
        if key and len(key) < LEAST_KEY:
            raise Refused("PLAYGROUND_ADMIN_KEY", f"PLAYGROUND_ADMIN_KEY must have at least {LEAST_KEY} characters; it has {len(key)}")
        variable = "PLAYGROUND_HOSTS" if env.get("PLAYGROUND_HOSTS", "").strip() else "SPACE_HOST"
        hosts = frozenset(env.get(variable, "").lower().replace(",", " ").split()) if space or variable != "SPACE_HOST" else frozenset()
        for host in hosts:
            if not HOST.fullmatch(host):
                raise Refused(variable, f"{variable} must be host names, a comma between two; one is {host[:40]!r}")
        admins = frozenset(env.get("PLAYGROUND_ADMINS", "").replace(",", " ").split())
        return AccessPolicy(space, oauth, sign_in == "1", admins, key, hosts, proxies(env))


def proxies(env: Mapping[str, str] = os.environ) -> tuple[Network, ...]:
    """PLAYGROUND_PROXIES: the networks of proxies whose X-Forwarded-... headers are trusted. "none" means none, also on a Space."""
    value = env.get("PLAYGROUND_PROXIES", "").strip().lower() or (PRIVATE_NETWORKS if env.get("SPACE_ID") else "none")
    found = []
    for text in value.replace(",", " ").split() if value != "none" else ():
        try:
            network = ip_network(text)
        except ValueError:
            raise Refused("PLAYGROUND_PROXIES", "PLAYGROUND_PROXIES must be addresses or networks, as 10.0.0.0/8, a comma between two, or \"none\"; "
                          f"one is {text[:60]!r}") from None
        if not network.prefixlen:
            raise Refused("PLAYGROUND_PROXIES", f"PLAYGROUND_PROXIES may not trust everybody; one is {text[:60]!r}")
        found.append(network)
    return tuple(found)


def resumes(env: Mapping[str, str] = os.environ) -> bool:
    """PLAYGROUND_RESUME: whether runs that a stop of the server interrupted resume by themselves; the default on a Space. Refused names the
    variable."""
    value = env.get("PLAYGROUND_RESUME", "").strip() or ("1" if env.get("SPACE_ID") else "0")
    if value not in ("0", "1"):
        raise Refused("PLAYGROUND_RESUME", f"PLAYGROUND_RESUME must be 0 or 1; it is {value[:40]!r}")
    return value == "1"


def notice(root: os.PathLike, env: Mapping[str, str] = os.environ) -> str:
    """What every visitor should know about this server; "" when nothing."""
    if not env.get("SPACE_ID"):
        return ""
    lasting = os.fspath(root).startswith(str(SPACE_DISK)) or bool(env.get("PLAYGROUND_DATA"))
    sentences = [] if lasting else ["This Space has no lasting disk: runs are lost when it restarts."]
    if env.get("SPACES_ZERO_GPU", "").lower() in ("true", "1"):
        sentences.append("ZeroGPU lends its GPU to short calls only, and a run is long: runs train on the CPU here.")
    return " ".join(sentences)
