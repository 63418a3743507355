"""What a watching page is told: all of a run at first, then only what is new to it."""

from bisect import bisect_right
from typing import Any

from playground import data
from playground.presets import RECORDED
from playground.store.frames import Frames
from playground.store.history import History
from playground.types import Refused, Run, Status
from playground.ui.checks import optional, run_id, take, whole, yes_or_no
from playground.ui.library import Library

FIRST, NEXT = 300, 4        # buckets of rows, for a page that has none and for one that follows
MOST = 2 ** 53              # what a browser can count to
LAST, COUNT = optional(whole(-1, MOST), -1), optional(whole(0, MOST), 0)


def asked(message: Any) -> dict[str, Any]:
    """A page's question, checked: the run, and what of it the page has."""
    return take(message, run=run_id, cursor=LAST, epoch=optional(whole(-1, MOST), 0), marks=COUNT, phases=COUNT, frame=LAST, look=LAST,
                alarms=COUNT, quality=optional(yes_or_no, False))


def poll(library: Library, message: Any) -> dict[str, Any]:
    """What is new about a run since the page asked last."""
    had = asked(message)
    return news(library, library.run(had.pop("run")), **had)


def news(library: Library, run: Run, cursor: int, epoch: int, marks: int, phases: int, frame: int, look: int, alarms: int,
         quality: bool) -> dict[str, Any]:
    """The answer to one poll, JSON without NaN. `cursor` to `quality` say what the page has; a changed `epoch` voids all but `quality`.

    Of a run that trains or pauses it hangs on nothing but the run, its journal and its parent's record: `watching` gives it again while they stand.
    """
    history = library.history(run.id)
    with history.lock:
        if epoch != history.epoch:
            cursor, marks, phases, frame, look, alarms = -1, 0, 0, -1, -1, 0
        answer = {**_standing(library, run, history), "epoch": history.epoch, "rows": history.since(cursor, FIRST if cursor < 0 else NEXT),
                  "marks": history.tunes[marks:], "phases": history.phases[phases:],
                  "frames": _kept(library.frames(run.id), [step for step in history.frames if step <= history.looked], frame),
                  "looks": _kept(library.looks(run.id), history.looks, look),
                  "alarms": _alarms(library, run.id, history.alarms[alarms:]), "parent": _parent(library, run),
                  "measures": history.measured(frame if cursor >= 0 else -1), "quality": None if quality else history.floors(),
                  "advice": library.advice(run, history)}
    if cursor < 0:
        answer["spec"] = run.spec.json()
        if data.get(run.spec.data).kind == "points":
            answer["real"] = f"/play/runs/{run.id}/real"
    if run.id == RECORDED:
        answer["recorded"] = True
    return answer


def _standing(library: Library, run: Run, history: History) -> dict[str, Any]:
    """How the run stands now. `kept`: the step that resuming would go on from."""
    running, step, rate = run.status is Status.RUNNING, history.step, history.rate
    resumable = run.status.resumable and run.id != RECORDED
    position = library.engine.position(run.id) if run.status is Status.QUEUED else 0
    return {"run": run.id, "status": run.status.value, "note": run.note, "position": position,
            "wait": library.engine.wait(run.id) if position else None,
            "name": run.name, "mine": library.mine(run.id), "published": run.published,
            "step": step, "budget": run.spec.steps, "elapsed": round(history.elapsed, 2), "rate": round(rate, 2) if running else 0,
            "images": round(rate * run.spec.knobs["batch"], 1) if running else 0,
            "eta": round((run.spec.steps - step) / rate, 1) if running and rate > 0 else None,
            "resumable": resumable, "kept": (library.store(run.id).checkpoints(run.id).steps() or [0])[-1] if resumable else None}


def _kept(store: Frames, made: list[int], last: int) -> list[int]:
    """New ones of those `made`; for a page that has none, those that are still on disk.

    A frame whose measures are not in the journal yet waits for them: pages ask for both after the last frame that they have.
    """
    new = made[bisect_right(made, last):]
    return sorted(set(store.steps()) & set(new)) if last < 0 else new


def _alarms(library: Library, id: str, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with the step of the newest checkpoint before it, or before it began, if there is one: where a fork would begin."""
    steps = library.store(id).checkpoints(id).steps() if new else []
    return [{"step": a["step"], "kind": a["kind"], "player": a.get("player"), "term": a.get("term"), "says": a["says"],
             "before": max((s for s in steps if s <= a.get("well", a["step"] - 1)), default=None)} for a in new]


def _parent(library: Library, run: Run) -> dict[str, Any] | None:
    """Where a fork comes from, when that is still there; a run that is not published is named to who owns the fork alone."""
    try:
        parent = library.run(run.parent) if run.parent else None
    except Refused:
        return None
    return {"run": parent.id, "step": run.forked} if parent and (parent.published or library.mine(run.id)) else None
