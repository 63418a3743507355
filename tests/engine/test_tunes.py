"""Thousands of tunes: those that wait together act as one, and beyond so many a second they are refused in words."""

import time
from concurrent.futures import ThreadPoolExecutor

from running import history, spec, until, until_step
from serving import place

from playground.types import Status

MANY = 4000


def test_tunes_that_wait_for_the_end_of_a_step_act_as_one(engine):
    """Sixteen hands turn two knobs while each step takes a tenth of a second: the journal holds what acted."""
    id = engine.submit(spec("slow", steps=1000)).id
    until_step(engine, id, 1)

    def turn(n: int) -> list[int]:
        return [engine.tune(id, {"lr_g": 1e-4 * (1 + n), "lr_d": 1e-4 * (1 + i)}) for i in range(10)]

    with ThreadPoolExecutor(16) as hands:
        steps = [step for told in hands.map(turn, range(16)) for step in told]
    engine.pause(id)
    until(engine, id, Status.PAUSED)
    lines = [e for e in engine.runs.journal(id).read()[0] if "tune" in e]
    print(f"160 tunes of 16 hands: {len(lines)} lines")
    assert len(lines) <= 60
    assert max(steps) >= max(e["step"] for e in lines)
    for knob in ("lr_g", "lr_d"):                       # each line begins where the one before it ended
        told = [e["tune"][knob] for e in lines if knob in e["tune"]]
        assert told[0][0] == 2e-4
        assert [was for was, _ in told[1:]] == [now for _, now in told[:-1]]


def test_a_tune_that_joins_another_keeps_what_that_one_wanted(engine):
    id = engine.submit(spec("slow", steps=1000)).id
    until_step(engine, id, 1)
    io = next(io for active, io in engine.training() if active.run.id == id)
    both = io.tune({"lr_g": 1e-3, "n_d": 2}), io.tune({"lr_g": 2e-3})
    step = both[1].result(10)
    assert both[0] is both[1]
    assert history(engine, id).tunes == [{"step": step, "knob": "lr_g", "from": 2e-4, "to": 2e-3}, {"step": step, "knob": "n_d", "from": 1, "to": 2}]


def test_four_thousand_tunes_leave_a_short_journal_and_a_run_that_answers(tmp_path):
    """From one person, as fast as they can: some 10 a second are taken, the others are told why not."""
    with place(tmp_path) as there:
        id, began = there.paused, time.monotonic()
        before = len(there.engine.runs.journal(id).read()[0])

        def turn(n: int) -> dict:
            return there.call["tune"]({"run": id, "knobs": {"lr_g": 1e-4 + 1e-8 * n}})

        with ThreadPoolExecutor(16) as hands:
            answers = list(hands.map(turn, range(MANY)))
        took = time.monotonic() - began
        taken, refused = [a for a in answers if "step" in a], [a["error"] for a in answers if "error" in a]
        lines = len(there.engine.runs.journal(id).read()[0]) - before
        print(f"{MANY} tunes in {took:.1f} s: {len(taken)} taken, {lines} lines")
        assert len(taken) <= 31 + 10 * took
        assert {(e["field"], e["message"]) for e in refused} == {
            ("server", "these are too many tunes at once; one person may send 10 a second: wait a moment")}
        assert len(taken) + len(refused) == MANY
        assert lines <= len(taken)
        end = time.monotonic() + 5
        while "error" in (last := there.call["tune"]({"run": id, "knobs": {"lr_g": 5e-4}})):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert history(there.engine, id).tunes[-1] | {"from": 0} == {"step": last["step"], "knob": "lr_g", "from": 0, "to": 5e-4}
