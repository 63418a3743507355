"""Downloads files: each ends up complete and with the expected checksum, or not at all."""

import errno
import http.client
import logging
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from playground.data.sources import download_root
from playground.types import Refused

log = logging.getLogger(__name__)
PATIENCE = 30.0         # seconds without a byte


class Part(NamedTuple):
    """One file of a set: its URLs, its path relative to the downloads folder, and its MD5 checksum."""

    urls: tuple[str, ...]
    relative_path: str
    md5: str

    @property
    def path(self) -> Path:
        """Where the file lies, or will."""
        return download_root.downloads() / self.relative_path

    @property
    def is_complete(self) -> bool:
        """Whether the file is there and has the expected MD5 checksum."""
        from playground.data.sources import torchvision_compat

        return torchvision_compat.datasets.utils.check_integrity(self.path, self.md5)


class WrongFile(Exception):
    """A download is not the expected file."""


def fetch(title: str, parts: list[Part]) -> None:
    """Download the parts that are missing. Refused("data", ...) names the URLs that failed, the reasons, and what to do by hand."""
    missing = [part for part in parts if not part.is_complete]
    for part in missing:
        reasons = []
        for url in part.urls:
            try:
                _get(url, part)
                break
            except (OSError, http.client.HTTPException, WrongFile) as error:
                if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
                reasons.append(f"{url}: {_reason(error)}")
        else:
            raise Refused("data", f"{title} could not be downloaded. {'; '.join(reasons)}. {_by_hand(missing[missing.index(part):])}")


def _get(url: str, part: Part) -> None:
    """Download to a temporary file, then rename. Overwrites what an earlier attempt left."""
    from playground.data.sources import torchvision_compat

    part.path.parent.mkdir(parents=True, exist_ok=True)
    temporary = part.path.with_name(f".part-{part.path.name}")
    request = urllib.request.Request(url, headers={"User-Agent": "gan-playground"})
    log.info("downloading %s", url)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response, open(temporary, "wb") as file:
            shutil.copyfileobj(response, file, 1 << 20)
        if not torchvision_compat.datasets.utils.check_integrity(temporary, part.md5):
            raise WrongFile(f"what came, {temporary.stat().st_size:,} bytes, is not the file that is expected")
        os.replace(temporary, part.path)
    finally:
        temporary.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code}, {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return (isinstance(cause, OSError) and cause.strerror) or str(cause) or type(cause).__name__


def _by_hand(parts: list[Part]) -> str:
    folder, names = Path(parts[0].relative_path).parent, [Path(part.relative_path).name for part in parts]
    there = "downloads" if folder == Path(".") else f"downloads/{folder.as_posix()}"
    broken = "; what lies there now is not whole" if any(part.path.exists() for part in parts) else ""
    return f"By hand: put {', '.join(names)} into {there} in the playground's data folder (PLAYGROUND_DATA){broken}. Then resume this run."
