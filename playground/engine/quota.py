"""Quotas: whether an owner may have another run under way, or more room on the disk."""

from collections.abc import Callable
from typing import Any

from playground.config.settings import Limits
from playground.engine.run_table import RunTable
from playground.engine.usage import Usage
from playground.requester import requester
from playground.specs import cost
from playground.types import Refused, Run, Spec, Status
from playground.units import amount

KEPT = 5            # the last fifth of the queue's places is kept for addresses that have nothing under way


class Quota:
    """Threads may share it."""

    def __init__(self, table: RunTable, usage: Usage, limits: Limits, workers: int, clean: Callable[[str, int], None]) -> None:
        """`workers`: how many runs train at once. `clean(owner, more)`: makes room for so many bytes of an owner, as far as allowed."""
        self.table, self.usage, self.limits, self.workers, self.clean = table, usage, limits, workers, clean

    def address_mark(self) -> str:
        """The mark of the requester's address."""
        return self.table.addresses.mark(requester.get().address)

    def bring_back(self, owner: str, size: int, act: Callable[[], Any]) -> Any:
        """Returns what `act` returns, which takes something of `owner` out of the trash. Refused("disk", ...) when it no longer fits beside what
        the owner keeps: it stays where it is."""
        each = self.limits.each
        with self.usage.moving:
            used = self.usage.used((owner,)) - self.usage.trash()[owner] + size
            if each is not None and used > each:
                raise Refused("disk", f"with this, what you keep here would hold {amount(used)}; one person may hold {amount(each)}: "
                                      "delete something else, then bring it back")
            return act()

    def admit(self, owner: str, address: str, live: list[Run]) -> None:
        """Refused("run", ...) when `owner` has too many of the `live` runs, or too many wait for this address, or in all."""
        own, waiting = sum(run.owner == owner for run in live), sum(run.status is Status.QUEUED for run in live)
        near = [run for run in live if run.address == address]
        idle = sum(run.status is not Status.RUNNING for run in near)
        most = min(self.limits.running, self.workers) + self.limits.queued
        if own >= most:
            raise Refused("run", f"{own} of your runs train or wait, and one person may have {most} here: stop one, or wait")
        if idle >= self.limits.waiting:
            raise Refused("run", f"{idle} runs from your network wait or are paused, which is all that may: come back a little later")
        if waiting >= self.limits.queue:
            raise Refused("run", f"{waiting} runs wait already, which is all that may: come back a little later")
        if near and waiting >= self.limits.queue - self.limits.queue // KEPT:
            raise Refused("run", f"{waiting} runs wait already, and the last places are kept for networks that have none: come back a little later")

    def allow(self, spec: Spec, owner: str, more: int = 1) -> None:
        """Refused when a run is too long for this server, or would not fit in memory, or on the disk, where it begins with `more` bytes."""
        if spec.steps > self.limits.steps:
            raise Refused("steps", f"steps must be a whole number between 1 and {self.limits.steps} here")
        cost.bytes_needed(spec)
        self.room(owner, more)

    def room(self, owner: str, more: int = 1) -> None:
        """Refused("disk", ...) when there is no room for `more` bytes of `owner`, even after cleaning up."""
        self.note_address(owner)
        free, least, each, whole = self.usage.free(), self.limits.free, self.limits.each, self.limits.whole
        if free < least + more:
            raise Refused("disk", f"{amount(free)} of the disk are free, and {amount(least)} are left alone: delete some runs first")
        if each is None and whole is None:
            return
        self.clean(owner, more)
        if each is not None and (held := self.usage.used((owner,))) + more > each:
            raise Refused("disk", f"what you keep here holds {amount(held)}; one person may hold {amount(each)}: delete some runs, or unpin them")
        if whole is not None and (held := self.usage.used()) + more > whole:
            raise Refused("disk", f"all that is kept here holds {amount(held)}; {amount(whole)} are allowed: delete some first")

    def stay(self, owner: str, more: int) -> None:
        """As `room` and `may_stay`, for what is never cleaned away."""
        self.may_stay(owner, more)
        self.room(owner, more)

    def may_stay(self, owner: str, more: int) -> None:
        """Refused("disk", ...) when what is never cleaned away, of one address, would take more than half of the limit."""
        group, whole = self.table.addresses.group, self.limits.whole
        if whole is not None:
            self.note_address(owner)
            kept = self.usage.stored()
            for run in self.table.all():
                kept[run.owner] += self.usage.of(run.id) if run.pinned else 0
            held = sum(size for holder, size in kept.items() if group(holder) == group(owner))
            if held + more > whole / 2:
                raise Refused("disk", f"models, pictures and pinned runs from your network hold {amount(held)}, and {amount(whole / 2)} may be kept: "
                                      "delete or unpin some first")

    def note_address(self, owner: str) -> None:
        """Remember the requester's address for `owner`, who keeps something, if they are the same person."""
        if requester.get().owner == owner:
            self.table.addresses.note(owner, self.address_mark())
