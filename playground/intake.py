"""What people send becomes a set of pictures: by one worker, one after the other, whose progress they can ask for."""

import hashlib
import io
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from playground.data import decoding, reading
from playground.data.uploaded import LEAST
from playground.faults import reason
from playground.machine import use_threads
from playground.store.sets import PICTURES, SIDE, TILE, PictureSet, Sets
from playground.types import Refused, new_id

log = logging.getLogger(__name__)
TOLD, JOBS, WAITING = 100, 200, 4       # skipped files that are named; jobs that are remembered; that wait, of everybody
PATIENCE = 600.0                        # seconds that one set may take


@dataclass
class Job:
    """`read`: files that were looked at; then a set, or what went wrong."""

    owner: str
    read: int = 0
    made: PictureSet | None = None
    wrong: Refused | None = None

    @property
    def done(self) -> bool:
        return bool(self.made or self.wrong)


class Intake:
    """Threads may share it. `room(owner, bytes)` raises Refused when there is none for so many."""

    def __init__(self, sets: Sets, room: Callable[[str, int], None]) -> None:
        self.sets, self.room, self._lock = sets, room, threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "pictures", initializer=use_threads, initargs=(1,))

    def admit(self) -> None:
        """Refused("file", ...) while too much waits."""
        if sum(not job.done for job in list(self._jobs.values())) >= WAITING:
            raise Refused("file", "the pictures of others are being read, and more wait already: come back in a minute")

    def begin(self, file: Path, kind: str, owner: str, name: str, licence: str, fit: str) -> str:
        """The id of a job that reads `file` and then removes it; `kind`: its Content-Type."""
        id, job = new_id(), Job(owner)
        with self._lock:
            self._jobs[id] = job
            done = [old for old, known in self._jobs.items() if known.done]
            for old in done[:max(0, len(self._jobs) - JOBS)]:
                del self._jobs[old]
        self._worker.submit(self._made, job, file, kind, name, licence, fit)
        return id

    def job(self, id: str) -> Job:
        if id not in self._jobs:
            raise Refused("job", "there is no such job any more")
        return self._jobs[id]

    def _made(self, job: Job, file: Path, kind: str, name: str, licence: str, fit: str) -> None:
        try:
            job.made = self._set(job, file, kind, name, licence, fit)
        except Refused as refused:
            job.wrong = refused
        except Exception as error:
            log.exception("pictures that were sent could not be read")
            job.wrong = Refused("file", reason(error))
        finally:
            file.unlink(missing_ok=True)

    def _set(self, job: Job, file: Path, kind: str, name: str, licence: str, fit: str) -> PictureSet:
        with self.sets.draft() as draft:
            n, left, skipped = self._read(job, file, kind, fit, draft / PICTURES)
            if n < LEAST:
                why = f": {skipped[0]['what']}, {skipped[0]['why']}" if skipped else ""
                many = f"; {left} files are no use{why}" if left else ""
                raise Refused("file", f"there {'is 1 picture' if n == 1 else f'are {n} different pictures'}; at least {LEAST} are needed{many}")
            self.room(job.owner, n * TILE)
            return self.sets.create(draft, job.owner, n, name, licence=licence, fit=fit, skipped=skipped, left=left)

    def _read(self, job: Job, file: Path, kind: str, fit: str, into: Path) -> tuple[int, int, list[dict[str, str]]]:
        """Pictures that went into the file `into`, files that did not, and the first of those, with the reason."""
        seen, left, skipped, end = set(), 0, [], time.monotonic() + PATIENCE
        with into.open("xb") as kept:
            for what, body in reading.entries(file, kind):
                try:
                    pixels = self._square(body, fit)
                    mark = hashlib.blake2b(pixels, digest_size=16).digest()
                    if mark in seen:
                        raise Refused("file", "it is the same picture as another")
                    seen.add(mark)
                    kept.write(pixels)
                except Refused as refused:
                    left += 1
                    if len(skipped) < TOLD:
                        skipped.append({"what": what, "why": str(refused)})
                job.read += 1
                if time.monotonic() > end:
                    raise Refused("file", f"these pictures take longer than {PATIENCE / 60:.0f} minutes to read: send fewer, or smaller ones")
        return len(seen), left, skipped

    def _square(self, body: bytes | str, fit: str) -> bytes:
        if isinstance(body, str):
            raise Refused("file", body)
        return decoding.square(io.BytesIO(body), SIDE, fit).numpy().tobytes()
