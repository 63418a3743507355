"""What people may use here and who they are, as the environment says. Each error names its variable and what is allowed."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from playground.machine import SPACE_DISK
from playground.types import Refused

GB = 10 ** 9
HOST = re.compile(r"[a-z0-9.-]{1,253}")
LEAST_KEY = 16          # characters of an admin's key


def setting(variable: str, default: Any, low: float, high: float, help: str, *, space: Any = None, none: bool = False, scale: int = 1) -> Any:
    """A number that is declared once. `space`: the default on a Space, where it differs; `none`: may be "none", no limit; stored times `scale`."""
    told = {"variable": variable, "low": low, "high": high, "help": help, "default": default, "space": default if space is None else space,
            "none": none, "scale": scale}
    return field(default=None if default is None else default * scale, metadata=told)


@dataclass(frozen=True)
class Limits:
    """Quotas. Bytes and seconds; None is no limit."""

    running: int = setting("PLAYGROUND_RUNS_EACH", 2, 1, 64, "runs of one person that train at once")
    queued: int = setting("PLAYGROUND_QUEUE_EACH", 5, 1, 1000, "runs of one person that wait or are paused")
    queue: int = setting("PLAYGROUND_QUEUE", 50, 1, 10_000, "runs that wait in all")
    steps: int = setting("PLAYGROUND_STEPS", 1_000_000, 1, 1_000_000, "steps of one run")
    seconds: float | None = setting("PLAYGROUND_SECONDS", None, 10, 1e7, "seconds of training of one run", space=3600, none=True)
    each: float | None = setting("PLAYGROUND_GB_EACH", None, 0.01, 1e5, "gigabytes of one person's runs", space=1, none=True, scale=GB)
    whole: float | None = setting("PLAYGROUND_GB", None, 0.01, 1e5, "gigabytes of all runs", space=20, none=True, scale=GB)
    free: float = setting("PLAYGROUND_FREE_GB", 1, 0, 1e5, "gigabytes of the disk that runs leave free: below it none starts", scale=GB)
    days: float | None = setting("PLAYGROUND_KEEP_DAYS", None, 0.01, 36_500, "days that an ended run is kept, if not pinned", space=30, none=True)
    idle: float = setting("PLAYGROUND_IDLE_HOURS", 24, 0.01, 1e5, "hours after which a paused run is stopped, with a checkpoint")

    @staticmethod
    def read(env: Mapping[str, str] = os.environ) -> "Limits":
        """Refused names the variable."""
        return Limits(**{f.name: number(f.metadata, f.type, env) for f in fields(Limits)})


def number(told: Mapping[str, Any], kind: Any, env: Mapping[str, str]) -> Any:
    asked, low, high = env.get(told["variable"], "").strip().lower(), told["low"], told["high"]
    default = told["space" if env.get("SPACE_ID") else "default"]
    if not asked:
        return None if default is None else default * told["scale"]
    if told["none"] and asked == "none":
        return None
    try:
        value = int(asked) if kind is int else float(asked)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        words = f"a {'whole ' if kind is int else ''}number between {low:,g} and {high:,g}" + (', or "none"' if told["none"] else "")
        raise Refused(told["variable"], f"{told['variable']} must be {words}; it is {asked[:40]!r}")
    return value * told["scale"]


LIMITS = Limits()


@dataclass(frozen=True)
class Door:
    """Who may come in, and as whom."""

    space: bool = False                     # on a Hugging Face Space
    oauth: bool = False                     # where people can sign in
    sign_in: bool = False                   # PLAYGROUND_SIGN_IN: only those who did may train
    admins: frozenset[str] = frozenset()    # PLAYGROUND_ADMINS: names of those who may do everything
    key: str = ""                           # PLAYGROUND_ADMIN_KEY: who opens /play/admin?key=... may, too
    hosts: frozenset[str] = frozenset()     # PLAYGROUND_HOSTS, or a Space's own: the names that this server answers to; all when empty

    @staticmethod
    def read(env: Mapping[str, str] = os.environ) -> "Door":
        """Refused names the variable."""
        space, key, asked = bool(env.get("SPACE_ID")), env.get("PLAYGROUND_ADMIN_KEY", "").strip(), env.get("PLAYGROUND_SIGN_IN", "").strip() or "0"
        oauth = space and bool(env.get("OAUTH_CLIENT_ID"))
        if asked not in ("0", "1"):
            raise Refused("PLAYGROUND_SIGN_IN", f"PLAYGROUND_SIGN_IN must be 0 or 1; it is {asked[:40]!r}")
        if asked == "1" and not oauth:
            raise Refused("PLAYGROUND_SIGN_IN", "PLAYGROUND_SIGN_IN=1 needs a Space with hf_oauth: nobody could sign in here")
        if key and len(key) < LEAST_KEY:
            raise Refused("PLAYGROUND_ADMIN_KEY", f"PLAYGROUND_ADMIN_KEY must have at least {LEAST_KEY} characters; it has {len(key)}")
        said = "PLAYGROUND_HOSTS" if env.get("PLAYGROUND_HOSTS", "").strip() else "SPACE_HOST"
        hosts = frozenset(env.get(said, "").lower().replace(",", " ").split()) if space or said != "SPACE_HOST" else frozenset()
        for host in hosts:
            if not HOST.fullmatch(host):
                raise Refused(said, f"{said} must be host names, a comma between two; one is {host[:40]!r}")
        return Door(space, oauth, asked == "1", frozenset(env.get("PLAYGROUND_ADMINS", "").replace(",", " ").split()), key, hosts)


def resumes(env: Mapping[str, str] = os.environ) -> bool:
    """PLAYGROUND_RESUME: whether runs that a stop of the server interrupted go on by themselves; on a Space they do. Refused names the variable."""
    asked = env.get("PLAYGROUND_RESUME", "").strip() or ("1" if env.get("SPACE_ID") else "0")
    if asked not in ("0", "1"):
        raise Refused("PLAYGROUND_RESUME", f"PLAYGROUND_RESUME must be 0 or 1; it is {asked[:40]!r}")
    return asked == "1"


def notice(root: os.PathLike, env: Mapping[str, str] = os.environ) -> str:
    """What everybody who comes should know about this place, "" when nothing."""
    if not env.get("SPACE_ID"):
        return ""
    lasting = os.fspath(root).startswith(str(SPACE_DISK)) or bool(env.get("PLAYGROUND_DATA"))
    told = [] if lasting else ["This Space has no lasting disk: runs are lost when it restarts."]
    if env.get("SPACES_ZERO_GPU", "").lower() in ("true", "1"):
        told.append("ZeroGPU lends its GPU to short calls only, and a run is long: runs train on the CPU here.")
    return " ".join(told)
