"""A run goes on with fewer threads while other programs have its cores, with all when they have gone: tried, logged, and made again at its steps."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from running import CALM, EAGER, PATIENCE, AtStep, assert_same, final, history, spec, until, until_step

from playground.artifacts.run_export import settings_json
from playground.config.cpu.cores import CORES
from playground.config.cpu.team import Use
from playground.config.machine import Machine
from playground.engine import lifecycle
from playground.engine.engine import Engine
from playground.store.journal import Journal
from playground.types import Spec, Status
from playground.worker.protocol import Command
from playground.worker.slowdown import RecentRate
from playground.worker.thread_review import ThreadReview
from playground.worker.turns import run

FREE, TAKEN = Use(2, 0.1, 0.0, 2, 0.2, {}), Use(2, 1.0, 0.0, 2, 1.1, {})
DIGITS = replace(spec(data="digits", steps=16), size=28, threads=2)


def second_by_second(rate: Callable[[int, bool], float], loads: list[bool], begun: int = 2, most: int = 2) -> list[int]:
    """The threads of a run in each second. `rate`: steps a second with so many threads, while others have a core or not; `loads`: whether they do."""
    now = [0.0]
    review, recent, threads, step, used = ThreadReview(begun, most, lambda: now[0]), RecentRate(), begun, 0.0, []
    for at, taken in enumerate(loads):
        now[0], step = float(at), step + rate(threads, taken)
        threads = review.check(recent.now((float(at), round(step)), threads), (TAKEN if taken else FREE)._replace(wanted=threads), threads)
        used.append(threads)
    return used


def better_alone(threads: int, taken: bool) -> float:
    return 30.0 if threads == 1 else 20.0 if taken else 50.0


def better_together(threads: int, taken: bool) -> float:
    return 20.0 if threads == 1 else 25.0 if taken else 50.0


def test_it_gives_a_thread_up_while_another_program_has_a_core_and_takes_it_back_later():
    used = second_by_second(better_alone, [False] * 10 + [True] * 40 + [False] * 40)
    assert used[:10] == [2] * 10
    assert used[18:50] == [1] * 32                      # noticed, tried and kept
    assert used[62:] == [2] * 28


def test_what_brings_nothing_is_undone_and_tried_ever_more_seldom():
    used = second_by_second(better_together, [False] * 10 + [True] * 400)
    trials = [i for i in range(1, len(used)) if (used[i - 1], used[i]) == (2, 1)]
    assert used.count(1) <= 5 * len(trials)
    assert 3 <= len(trials) <= 5
    gaps = [b - a for a, b in pairwise(trials)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 1.5 * gaps[0]


def test_nothing_is_tried_without_a_reason():
    assert second_by_second(better_alone, [False] * 100) == [2] * 100
    assert second_by_second(lambda threads, taken: 50.0 - taken, [False] * 10 + [True] * 90) == [2] * 100       # slower by less than it minds
    assert second_by_second(better_alone, [True] * 100, begun=1, most=1) == [1] * 100          # points have one
    assert second_by_second(better_alone, [False] * 100, begun=1) == [1] * 100                 # chosen on a free machine


def test_a_run_that_began_beside_others_tries_all_threads_when_they_have_gone():
    used = second_by_second(better_alone, [True] * 20 + [False] * 40, begun=1)
    assert used[:20] == [1] * 20
    assert used[-20:] == [2] * 20
    never = second_by_second(lambda threads, taken: 30.0, [True] * 20 + [False] * 200, begun=1)
    assert 1 <= never.count(2) <= 5                     # once: its networks are too small for two
    assert never[-1] == 1


def test_another_run_of_this_process_counts_as_other_programs_do():
    review, recent, used, threads, step = ThreadReview(2, 2, lambda: 0.0), RecentRate(), [], 2, 0.0
    for at in range(80):
        beside = 10 <= at < 50                          # a run on points, of one thread
        step += better_alone(threads, beside)
        threads = review.check(recent.now((float(at), round(step)), threads), FREE._replace(wanted=threads + beside), threads)
        used.append(threads)
    assert used[:10] == [2] * 10
    assert used[20:50] == [1] * 30
    assert used[-15:] == [2] * 15


def test_one_that_never_had_its_cores_tries_too():
    assert second_by_second(better_alone, [True] * 30)[-15:] == [1] * 15


class Counted(AtStep):
    """Notes with how many threads each step was made."""

    def __init__(self, folder, commands: dict[int, list[Command]]) -> None:
        super().__init__(folder, commands)
        self.threads: dict[int, int] = {}

    def command(self, wait: float = 0.0) -> Command | None:
        found = super().command(wait)
        if found is None:
            self.threads[self.step] = torch.get_num_threads()        # `step` is the next one now, and nothing else comes before it
        return found


def trained(asked: Spec, io: AtStep) -> Status:
    """As a worker does it, in a thread of its own."""
    ends = []

    def work() -> None:
        with CORES.trains(asked.threads):
            ends.append(run(asked, io, CALM)[0])

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    return ends[0]


@pytest.mark.parametrize("kept", [True, False])
def test_a_resumed_run_computes_each_step_with_as_many_threads_as_before(tmp_path, kept):
    """`kept`: from the checkpoint of step 7, between two changes; else all is lost but the first, and both are made again."""
    changes = {5: [Command("threads", 1)], 9: [Command("threads", 2)]}
    whole = Counted(tmp_path / "whole", {step: list(all_) for step, all_ in changes.items()})
    assert trained(DIGITS, whole) is Status.FINISHED
    assert [whole.threads[step] for step in (5, 6, 9, 10)] == [2, 1, 1, 2]
    plain = Counted(tmp_path / "plain", {})
    trained(DIGITS, plain)
    (_, some, _, _), (_, other, _, _) = final(tmp_path / "whole"), final(tmp_path / "plain")
    assert any(not torch.equal(some[name], other[name]) for name in some)           # else the bits would prove nothing

    cut = Counted(tmp_path / "cut", {5: changes[5], (7 if kept else 12): [Command("close")], 9: changes[9]})
    assert trained(DIGITS, cut) is Status.INTERRUPTED
    if not kept:
        cut.checkpoints.drop_after(0)
    cut.step = 7 if kept else 0
    cut.commands = {9: [Command("threads", 2)]} if kept else {6: [Command("threads", 2)]}      # at step 6 the journal still says with how many
    assert trained(DIGITS, cut) is Status.FINISHED
    assert cut.threads == whole.threads
    assert_same(tmp_path / "whole", tmp_path / "cut")


def test_the_watchdog_asks_the_worker_and_a_fork_goes_on_with_as_many(tmp_path, monkeypatch):
    monkeypatch.setattr(ThreadReview, "check", lambda review, rate, use, threads: 1)
    monkeypatch.setattr(lifecycle, "choose", lambda *_: 2)
    monkeypatch.setattr("playground.engine.engine.machine", lambda: Machine("cpu", 2, 1, "float32"))
    engine = Engine(tmp_path / "data", workers=1, intervals=replace(EAGER, watch=0.05))
    id = engine.submit(replace(DIGITS, steps=400)).id
    until(engine, id, Status.RUNNING)
    at = changed(engine, id)
    until_step(engine, id, at + 10)
    engine.stop(id)
    until(engine, id)
    fork = engine.fork(id, step=history(engine, id).step, steps=400).run.id
    until_step(engine, fork, history(engine, id).step + 2)
    assert (engine.runs.get(fork).spec.threads, CORES.size(engine.table.find(fork).handle.thread.native_id)) == (2, 1)
    assert json.loads(settings_json(engine.run(fork), history(engine, fork)))["threads from"] == [{"step": at, "threads": 1}]
    engine.stop(fork)
    until(engine, fork)
    last = history(engine, fork).step
    whole = AtStep(tmp_path / "whole", {at: [Command("threads", 1)]})
    trained(replace(engine.runs.get(fork).spec, steps=last), whole)
    assert_same(engine.runs.folder(fork), tmp_path / "whole")
    engine.close()


def changed(engine: Engine, id: str) -> int:
    """The step after which a run computes with other threads, once it does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = [event["step"] for event in Journal(engine.runs.folder(id) / "events.jsonl").read()[0] if "threads" in event]
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("it never did")
