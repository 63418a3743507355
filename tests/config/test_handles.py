"""File handles: raised at the start, shared out, and a run waits for one rather than fail."""

import errno
import resource
import time

import pytest
from running import PATIENCE, spec, until

from playground.config import file_handles
from playground.config.file_handles import room, wait_for_handle
from playground.types import Status


def test_connections_leave_handles_to_all_else():
    for n in (64, 256, 1024, 4096, 1 << 20):
        most, each = room(n)
        assert most + file_handles.BURST < n
        assert each <= max(4, most // 4)
    assert room(1 << 20) == (file_handles.MOST, file_handles.EACH)
    assert room(256) == (96, 24)


def test_the_limit_is_raised_as_far_as_it_goes(monkeypatch):
    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: asked.append(pair))
    assert (file_handles.raise_limit(), asked) == (4096, [(4096, 4096)])
    monkeypatch.setattr(resource, "getrlimit", lambda _: (4096, 4096))
    assert (file_handles.raise_limit(), len(asked)) == (4096, 1)

    def refuse(*_):
        raise ValueError("not so many")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert file_handles.raise_limit() == 256


def test_an_act_is_done_again_while_there_is_no_handle():
    left = [errno.EMFILE, errno.ENFILE, errno.EMFILE]

    def act():
        if left:
            raise OSError(left.pop(), "too many open files")
        return "done"
    assert wait_for_handle(act) == "done"
    with pytest.raises(OSError, match="full"):
        wait_for_handle(lambda: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    left += [errno.EMFILE] * 1000
    with pytest.raises(OSError, match="too many"):
        wait_for_handle(act, most=0.3)

    def enough():
        raise KeyError("stop")
    with pytest.raises(KeyError):
        wait_for_handle(act, enough)


def test_a_run_without_handles_waits_and_its_checkpoint_follows(engine):
    """The process may open nothing for a while, as when sockets have taken all handles."""
    run = engine.submit(spec(steps=1_000_000, width_g=8, width_d=8))
    until(engine, run.id, Status.RUNNING)
    kept = engine.runs.checkpoints(run.id)
    end = time.monotonic() + PATIENCE
    while len(kept.steps()) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        time.sleep(1.5)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    before = max(kept.steps())
    assert engine.run(run.id).status is Status.RUNNING, engine.run(run.id).note
    end = time.monotonic() + PATIENCE
    while max(kept.steps()) <= before and time.monotonic() < end:
        time.sleep(0.02)
    assert max(kept.steps()) > before
    engine.stop(run.id)
    assert until(engine, run.id).status is Status.STOPPED
