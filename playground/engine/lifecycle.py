"""The life of a run that is under way: it queues, trains, pauses, leaves its worker, ends."""

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

import models
from playground.config.file_handles import wait_for_handle
from playground.engine.run_handle import LiveRun, RunHandle, tune_waiting
from playground.engine.run_table import Ended, RunTable
from playground.engine.scheduler import Scheduler
from playground.types import Refused, Run, Spec, Status
from playground.validate import checked_tune
from playground.worker.protocol import CLOSED, Command, End, RunRevoked
from playground.worker.thread_count import choose

ANSWER = 2.0                        # seconds to wait for a step's end when a knob is turned
SAVE = 10.0                         # seconds to wait for a checkpoint of this very step
LEFT = (Status.PAUSED, Status.QUEUED)       # how a run leaves its worker without having ended


class Lifecycle:
    """Threads may share it. Each operation on a run excludes other changes to it: see RunTable. What is asked of one run of a race, but a tune and
    a checkpoint, is done to all that have not ended."""

    def __init__(self, table: RunTable, scheduler: Scheduler, threads: int, spawn: Callable[[bool], None]) -> None:
        """`threads`: the most torch threads of one run; `spawn(short)` replaces a worker that is lost."""
        self.table, self.scheduler, self.threads, self.spawn = table, scheduler, threads, spawn
        self._replaced = weakref.WeakSet[threading.Thread]()

    def enter(self, run: Run, admit: Callable[[], None], keep: Callable[[], None] = lambda: None, first: Sequence[Command] = ()) -> Run:
        """Queue a run that begins, or resumes after its end: `admit` may refuse it, `keep` writes to the disk what is new of it. Both are done
        before a worker may take it."""
        return self.enter_all([run], admit, keep, first)[0]

    def enter_all(self, runs: Sequence[Run], admit: Callable[[], None], keep: Callable[[], None] = lambda: None,
                  first: Sequence[Command] = ()) -> list[Run]:
        """As `enter`, for the runs of one group: all of them, or none."""
        entering = [LiveRun(run.with_status(Status.QUEUED), first=[*first]) for run in runs]
        with self._changing(runs[0].group, entering):
            with self.table.changed:
                admit()
                for live in entering:
                    self.table.add(live)
            try:
                keep()
            except BaseException:
                for live in entering:
                    self.table.remove(live)
                raise
            queued = [live.run for live in entering]
            self._enqueue(entering)
            return queued

    @contextmanager
    def _changing(self, group: str, runs: Sequence[LiveRun]) -> Iterator[None]:
        """Excludes other changes to a group, and to each of these runs of it."""
        with ExitStack() as locks:
            locks.enter_context(self.table.changing(group))
            for live in runs:
                locks.enter_context(self.table.changing(live.run.id))
            yield

    @contextmanager
    def _all_of(self, id: str) -> Iterator[list[LiveRun]]:
        """The group of a run that has not ended, with nobody else changing it. Refused("run", ...) when it has."""
        group = self.table.find(id).group
        with self.table.changing(group):
            found = self.table.group(group)
            with self._changing(group, found):
                self.table.find(id)
                yield [live for live in found if self.table.glance(live.run.id)]

    def _enqueue(self, runs: Sequence[LiveRun]) -> None:
        """Put runs of one group into the queue. Their status is on the disk before that: from then on their journals belong to the worker."""
        if runs and runs[0].group not in self.scheduler.queue:
            for live in runs:
                self.table.mark(live, Status.QUEUED)
            self.scheduler.add(runs[0])

    def pause(self, id: str) -> None:
        """As Engine.pause."""
        with self._all_of(id) as runs:
            for live in runs:
                self._pause(live)

    def _pause(self, live: LiveRun) -> None:
        with self.table.changed:
            waits = not live.handle and live.run.status is Status.QUEUED
            self.scheduler.queue.remove(live.group)
            if live.handle:
                live.handle.send(Command("pause"))
        if waits:
            live.first.clear()
            self.table.mark(live, Status.PAUSED)

    def go_on(self, id: str, command: Command) -> None:
        """Resume a run that has not ended, or have it make some steps."""
        with self._all_of(id) as runs:
            self._go_on(runs, command)

    def _go_on(self, runs: Sequence[LiveRun], command: Command) -> None:
        with self.table.changed:
            for live in runs:
                if live.handle:
                    live.handle.send(command)
                else:
                    live.first.append(command)
        self._enqueue([live for live in runs if not live.handle])

    def stop(self, id: str) -> None:
        """As Engine.stop."""
        if self.table.run(id).status.ended:
            return
        with suppress(Ended), self._all_of(id) as runs:
            for live in runs:
                self.leave(live, Command("stop"), Status.STOPPED)

    def leave(self, live: LiveRun, command: Command | None, status: Status, note: str = "", patience: float = -1) -> None:
        """Send its worker the `command`; without a worker, or a command, it ends at once with `status`. `patience` as of RunTable.changing."""
        with self.table.changing(live.run.id, patience):
            with self.table.changed:
                if not self.table.glance(live.run.id):
                    return
                if live.handle and command:
                    live.handle.send(command)
                    return
                self.scheduler.queue.remove(live.group)         # no worker may take it from here on
            self.table.mark(live, status, note)

    def tune(self, id: str, values: dict[str, Any]) -> int:
        """As Engine.tune."""
        with self.table.changing(id):
            live = self.table.find(id)
            handle = live.handle
            if not handle:                              # a worker that takes it now waits until this is in the journal
                return tune_waiting(self.table.runs, live.run, values)
            values = checked_tune(models.get(live.run.spec.variant).Knobs, live.run.spec.knobs, values)
            answer = handle.tune(values)
        try:
            return answer.result(ANSWER)
        except TooLate:                                 # a long step: it acts at its end
            return handle.step + 1

    def checkpoint(self, id: str) -> None:
        """Have a run with a worker store a checkpoint of its present step."""
        answer: Future = Future()
        with self.table.changing(id):
            live = self.table.find(id) if self.table.glance(id) else None
            if not live or not live.handle:
                return
            live.handle.send(Command("checkpoint", answer=answer))
        with suppress(TooLate, Refused):                # a long step, or it has just ended: the newest there is
            answer.result(SAVE)

    def begin(self, live: LiveRun, handle: RunHandle) -> Spec:
        """The Spec of a run that is about to train, with its number of threads. Called by its worker. Raises RunRevoked when it is no longer that
        worker's, or the server has stopped."""
        with self.table.changing(live.run.id):
            if not self.table.glance(live.run.id):
                raise RunRevoked
            self.table.report(live, handle, Status.RUNNING, "")
        spec = live.run.spec
        if spec.threads:
            return spec
        others = [other.run.spec.threads for other in self.table.group(live.group)]      # of a race all compute with as many
        threads = max(others) or choose(spec, self.threads, lambda: handle.stop_requested is not None or handle.revoked)
        return wait_for_handle(lambda: self.table.amend(live.run.id, spec=replace(spec, threads=threads))).spec

    def left(self, live: LiveRun, handle: RunHandle, end: End) -> None:
        """The run has left its worker, which calls this."""
        with self.table.changing(live.run.id):
            if live.handle is not handle:               # it was revoked at this very moment
                return
            handle.journal.close()
            self.scheduler.release(live)
            if end[0] not in LEFT or self.table.closing:
                self.table.mark(live, *(end if end[0] not in LEFT else CLOSED))
            elif end[0] is Status.QUEUED:
                self._requeue(live, handle)
            for command in handle.undelivered():
                self._after_leaving(live, command)

    def revoke(self, live: LiveRun, handle: RunHandle, status: Status, why: str) -> None:
        """Take a run from a worker that is dead or does not respond, and spawn another. When somebody else is changing the run, nothing happens until
        next time."""
        with suppress(Refused), self.table.changing(live.run.id, 0):
            if live.handle is not handle or self.table.closing:
                return
            handle.revoke()
            self.scheduler.release(live)
            self.table.mark(live, status, why)
            for command in handle.undelivered():
                if command.answer:
                    command.answer.set_exception(Refused("run", f"this run is {status}: it does not train"))
            if handle.thread not in self._replaced:     # the other lanes of a race have the same worker
                self._replaced.add(handle.thread)
                self.spawn(live.short)

    def _requeue(self, live: LiveRun, handle: RunHandle) -> None:
        """It has given up its worker and queues again. Its journal says so; its record may still say that it runs: a server that starts now takes
        it for interrupted either way."""
        undone = handle.leaving[1].result()
        with self.table.changed:
            live.step, live.run = handle.step, live.run.with_status(Status.QUEUED)
            if undone:
                live.first.append(Command("advance", undone))
            self.scheduler.add(live)

    def _after_leaving(self, live: LiveRun, command: Command) -> None:
        """Carry out a command that arrived while the run was leaving its worker; others of its race got it, too."""
        id = live.run.id
        try:
            if command.kind == "tune":                  # its next worker has not begun: nobody else is changing it
                command.answer.set_result(tune_waiting(self.table.runs, self.table.find(id).run, command.value))
            elif command.kind in ("resume", "advance") and not live.run.status.ended:
                self._go_on([live], command)
            elif command.kind == "pause" and not live.run.status.ended:
                self._pause(live)
            elif command.kind == "stop":
                self.leave(live, command, Status.STOPPED)
            elif command.kind == "checkpoint":
                command.answer.set_result(None)         # it has left with one
        except Refused as refused:
            if command.answer:
                command.answer.set_exception(refused)
