"""Files from the network: whole, of the expected checksum and in their place, or not there at all."""

import errno
import http.client
import logging
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from playground.data import place
from playground.types import Refused

log = logging.getLogger(__name__)
PATIENCE = 30.0         # seconds without a byte


class Part(NamedTuple):
    """One file of a set: where it can be had, where it belongs (below the downloads), and what it is."""

    urls: tuple[str, ...]
    belongs: str
    md5: str

    @property
    def path(self) -> Path:
        return place.downloads() / self.belongs

    @property
    def whole(self) -> bool:
        from playground import vision

        return vision.datasets.utils.check_integrity(self.path, self.md5)


class NotIt(Exception):
    """What came is not the file that was asked for."""


def fetch(title: str, parts: list[Part]) -> None:
    """See to it that every part lies in its place. Refused("data", ...) says from where it could not be had, why, and what a person can do."""
    missing = [part for part in parts if not part.whole]
    for part in missing:
        whys = []
        for url in part.urls:
            try:
                _get(url, part)
                break
            except (OSError, http.client.HTTPException, NotIt) as error:
                if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
                whys.append(f"{url}: {_reason(error)}")
        else:
            raise Refused("data", f"{title} could not be downloaded. {'; '.join(whys)}. {_by_hand(missing[missing.index(part):])}")


def _get(url: str, part: Part) -> None:
    """Download beside the place, then rename. A part that another attempt left is written over."""
    from playground import vision

    part.path.parent.mkdir(parents=True, exist_ok=True)
    aside = part.path.with_name(f".part-{part.path.name}")
    asked = urllib.request.Request(url, headers={"User-Agent": "gan-playground"})
    log.info("downloading %s", url)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer, open(aside, "wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
        if not vision.datasets.utils.check_integrity(aside, part.md5):
            raise NotIt(f"what came, {aside.stat().st_size:,} bytes, is not the file that is expected")
        os.replace(aside, part.path)
    finally:
        aside.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code}, {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return (isinstance(cause, OSError) and cause.strerror) or str(cause) or type(cause).__name__


def _by_hand(parts: list[Part]) -> str:
    folder, names = Path(parts[0].belongs).parent, [Path(part.belongs).name for part in parts]
    there = "downloads" if folder == Path(".") else f"downloads/{folder.as_posix()}"
    broken = "; what lies there now is not whole" if any(part.path.exists() for part in parts) else ""
    return f"By hand: put {', '.join(names)} into {there} in the playground's data folder (PLAYGROUND_DATA){broken}. Then resume this run."
