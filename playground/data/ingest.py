"""Turns uploads into sets of pictures: jobs for a few workers, whose progress can be queried."""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.config.file_handles import BUSY, out_of_handles
from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.data import archives, decoded
from playground.data.sources.uploaded import LEAST
from playground.errors import reason
from playground.render.decoder.readers import LOST, Reader
from playground.requester import requester
from playground.store.sets import PICTURES, SIDE, TILE, PictureSet, Sets
from playground.types import Refused, new_id

log = logging.getLogger(__name__)
NAMED, JOBS = 100, 200                  # skipped files that are named; jobs that are remembered
ALL, EACH, ADDRESS, NEW = 10, 2, 4, 3   # sets that are read or wait: in all, per person, per network, reserved for newcomers
PATIENCE = 600.0                        # seconds that one set may take


@dataclass
class Job:
    """An upload. `read`: files processed so far. At the end either `result` or `error` is set."""

    owner: str
    read: int = 0
    result: PictureSet | None = None
    error: Refused | None = None

    @property
    def done(self) -> bool:
        """Whether the job has ended, well or not."""
        return bool(self.result or self.error)


class ImageIngest:
    """The jobs. Threads may share it. `room(owner, bytes)` raises Refused when there is not so much disk space."""

    def __init__(self, sets: Sets, room: Callable[[str, int], None]) -> None:
        self.sets, self.room = sets, room
        self._jobs: LRUCache[Job] = LRUCache(JOBS, lambda _: 1)
        self._workers = Pool("pictures", 2, Shares("image sets", ALL, EACH, ADDRESS, NEW), patient=True)

    def admit(self) -> None:
        """Raises Refused("server", ...) while too many jobs wait."""
        self._workers.shares.place(requester.get()).leave()

    def begin(self, file: Path, kind: str, owner: str, name: str, licence: str, fit: str) -> str:
        """Start a job that reads `file` and then deletes it; returns its id. `kind`: the Content-Type. Refused as `admit`."""
        id, job = new_id(), Job(owner)
        try:
            self._workers.submit(lambda: self._run(job, file, kind, name, licence, fit))
        except Refused:
            file.unlink(missing_ok=True)
            raise
        self._jobs.put(id, job)
        return id

    def job(self, id: str) -> Job:
        """The job of this id. Refused("job", ...) once it is forgotten."""
        found = self._jobs.get(id)
        if found is None:
            raise Refused("job", "there is no such job any more")
        return found

    def _run(self, job: Job, file: Path, kind: str, name: str, licence: str, fit: str) -> None:
        try:
            job.result = self._set(job, file, kind, name, licence, fit)
        except Refused as refused:
            job.error = refused
        except Exception as error:
            if out_of_handles(error):
                job.error = Refused("server", BUSY)
                return
            log.exception("pictures that were sent could not be read")
            job.error = Refused("file", reason(error))
        finally:
            file.unlink(missing_ok=True)

    def _set(self, job: Job, file: Path, kind: str, name: str, licence: str, fit: str) -> PictureSet:
        with self.sets.draft() as draft, Reader(job.owner) as reader:
            n, unused, skipped = self._read(job, file, kind, fit, draft / PICTURES, reader)
            if n < LEAST:
                why = f": {skipped[0]['what']}, {skipped[0]['why']}" if skipped else ""
                many = f"; {unused} files cannot be used{why}" if unused else ""
                raise Refused("file", f"there {'is 1 picture' if n == 1 else f'are {n} different pictures'}; at least {LEAST} are needed{many}")
            self.room(job.owner, n * TILE)
            return self.sets.create(draft, job.owner, n, name, licence=licence, fit=fit, skipped=skipped, left=unused)

    def _read(self, job: Job, file: Path, kind: str, fit: str, into: Path, reader: Reader) -> tuple[int, int, list[dict[str, str]]]:
        """(pictures written to `into`, files skipped, the first of those by name with the reason)."""
        seen, unused, skipped, end = set(), 0, [], time.monotonic() + PATIENCE
        with into.open("xb") as kept:
            for what, body in archives.entries(file, kind):
                try:
                    pixels = self._square(reader, body, fit)
                    digest = hashlib.blake2b(pixels, digest_size=16).digest()
                    if digest in seen:
                        raise Refused("file", "it is the same picture as another")
                    seen.add(digest)
                    kept.write(pixels)
                except Refused as refused:
                    if refused.field == "server":           # decoding is unavailable
                        raise
                    if reader.lost >= LOST:
                        raise Refused("file", f"{LOST} of these pictures could not be decoded, the last of them {what}: {refused}") from refused
                    unused += 1
                    if len(skipped) < NAMED:
                        skipped.append({"what": what, "why": str(refused)})
                job.read += 1
                if time.monotonic() > end:
                    raise Refused("file", f"these pictures take longer than {PATIENCE / 60:.0f} minutes to read: send fewer, or smaller ones")
        return len(seen), unused, skipped

    def _square(self, reader: Reader, body: bytes | str, fit: str) -> bytes:
        if isinstance(body, str):
            raise Refused("file", body)
        return decoded.squared(reader, body, SIDE, fit).numpy().tobytes()
