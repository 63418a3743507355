"""The Pillow that decodes uploads: a separate installation in a folder of its own (requirements.txt here says why)."""

import logging
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from playground.types import Refused, new_id

log = logging.getLogger(__name__)
WANTED = Path(__file__).with_name("requirements.txt")
VERSION = re.search(r"^pillow==(\S+)", WANTED.read_text(), re.MULTILINE)[1]
PATIENCE, AGAIN = 300, 60.0             # seconds: a timeout for pip; between two attempts
_lock, _failed = threading.Lock(), -AGAIN


def folder() -> Path:
    """The folder of that installation: in the virtual environment, if there is one, else in the user's cache folder."""
    base = Path(sys.prefix) if sys.prefix != sys.base_prefix else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gan-playground"
    return base / "decoder" / f"pillow-{VERSION}-{sys.implementation.cache_tag}-{platform.machine() or 'any'}"


def ready() -> Path:
    """The folder, after installing Pillow into it if necessary. Refused("server", ...) when that fails."""
    global _failed
    target = folder()
    with _lock:
        if not (target / "PIL").is_dir():
            if time.monotonic() < _failed + AGAIN:
                raise Refused("server", "pictures cannot be decoded yet: the program for that could not be installed; in a minute it is tried again")
            try:
                _install(target)
            except (OSError, subprocess.SubprocessError) as error:
                _failed = time.monotonic()
                log.error("Pillow %s, which decodes pictures, could not be installed into %s: %s", VERSION, target, error)
                raise Refused("server", "pictures cannot be decoded here: the program for that, Pillow, is not installed; the server's log says why, "
                                        "and ./start installs it") from None
    return target


def _install(target: Path) -> None:
    """Install atomically: other processes may do the same at the same time."""
    temporary = target.with_name(f".{new_id()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        process = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
                                  "--target", str(temporary), "-r", str(WANTED)], capture_output=True, text=True, timeout=PATIENCE, check=False)
        if process.returncode:
            raise OSError(process.stderr.strip().splitlines()[-1] if process.stderr.strip() else f"pip ended with {process.returncode}")
        try:
            temporary.replace(target)
        except OSError:
            if not (target / "PIL").is_dir():           # else another process was faster
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
