"""Which owners share a network address, without keeping the address: for the queue, and when there is no room for everybody."""

import hmac
import json
import logging
import secrets
import threading
from hashlib import sha256
from pathlib import Path

from playground.config.file_handles import out_of_handles
from playground.store.disk import sweep, write_aside
from playground.types import Refused

log = logging.getLogger(__name__)
OWNERS = 10_000     # the most that are remembered
DIGITS = 5          # 20 bits: two visitors seldom share a mark, and every mark stands for some 4,096 addresses of IPv4
LOCAL = "local"


class Addresses:
    """Turns network addresses into marks, with a key that lies beside the runs. A run's record alone does not give the address back; with the key
    too, thousands of addresses remain for each mark. When the key's file is lost a new key is made, and no earlier mark is recognised. Threads may
    share it."""

    def __init__(self, root: Path) -> None:
        """Only the one process that uses `root` may make one."""
        self.path, self.book, self._lock, self._key = root / "address-key", root / "owners.json", threading.Lock(), b""
        sweep(root)
        self._owners = self._read()                     # owner -> the mark of the address they last stored something from, the newest last

    def mark(self, address: str) -> str:
        """The mark of an address; equal addresses have equal marks. Refused("disk", ...) when the key cannot be stored."""
        if address == LOCAL:
            return LOCAL
        return hmac.new(self._load_key(), address.encode(), sha256).hexdigest()[:DIGITS]

    def note(self, owner: str, mark: str) -> None:
        """Remember that this owner stores something here and has the address of this mark."""
        with self._lock:
            if self._owners.get(owner) == mark:
                return
            self._owners.pop(owner, None)
            self._owners[owner] = mark
            for old in list(self._owners)[:-OWNERS]:
                del self._owners[old]
            try:
                write_aside(self.book, json.dumps(self._owners).encode())
            except OSError as error:                    # remembered only until this server stops
                log.warning("where %s comes from could not be kept: %s", owner, error)

    def group(self, owner: str) -> str:
        """A key that owners of one address share; an owner without a known address has a key of their own."""
        return self._owners.get(owner) or f"of {owner}"

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self.book.read_bytes())
            return {str(owner): str(mark) for owner, mark in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            log.warning("%s cannot be read, and owners stand alone: %s", self.book, error)
            return {}

    def _load_key(self) -> bytes:
        with self._lock:
            if not self._key:
                try:
                    found = self.path.read_bytes() if self.path.exists() else b""
                    if len(found) != 32:
                        found = secrets.token_bytes(32)
                        write_aside(self.path, found, sync=True)
                        self.path.chmod(0o600)
                except OSError as error:
                    if out_of_handles(error):
                        raise
                    raise Refused("disk", f"nothing can be kept: {error.strerror or error}") from error
                self._key = found
            return self._key
