"""What a watching page is told: all of a run at first, then only what is new to it."""

from bisect import bisect_right
from typing import Any

import numpy as np

from playground import data
from playground.comparison.clocks import drawn_each, images
from playground.comparison.lanes import Entrant
from playground.specs.presets import RECORDED
from playground.specs.rescue import FATAL, rescue
from playground.store.frames import Frames
from playground.store.history import History
from playground.types import Refused, Run, Spec, Status
from playground.ui.handlers.run_reader import RunView
from playground.ui.handlers.services import Services
from playground.ui.requests.message_checks import optional, run_id, several, take, whole, yes_or_no
from playground.validate import shown

FIRST, NEXT = 300, 4        # buckets of rows, for a page that has none and for one that follows
MOST = 2 ** 53              # what a browser can count to
LAST, COUNT = optional(whole(-1, MOST), -1), optional(whole(0, MOST), 0)
TOGETHER = 40               # runs that a page may follow at once: eight lanes of five seeds


def asked(message: Any) -> dict[str, Any]:
    """A page's question, checked: the run, and what of it the page has."""
    return take(message, run=run_id, cursor=LAST, epoch=optional(whole(-1, MOST), 0), marks=COUNT, phases=COUNT, frame=LAST, look=LAST,
                alarms=COUNT, quality=optional(yes_or_no, False))


def poll(services: Services, message: Any) -> dict[str, Any]:
    """What is new about a run since the page asked last."""
    had = asked(message)
    return news(services, services.runs.view(services.runs.run(had.pop("run"))), **had)


def asked_together(message: Any) -> list[dict[str, Any]]:
    """Questions of a page that follows several runs, each checked as one of `poll`."""
    def one(name: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(name, f"each of {name} is an object, as one run is asked for, got {shown(value)}")
        return asked(value)
    return take(message, runs=several("questions", 1, TOGETHER, one))["runs"]


def one_of(services: Services, question: dict[str, Any]) -> dict[str, Any]:
    """The answer to one of them; of a run that cannot be had {"run", "gone": true, "note"}, so that the others' news come all the same."""
    try:
        return poll(services, question)
    except Refused as refused:
        if refused.field == "server":
            raise
        return {"run": question["run"], "gone": True, "note": str(refused)}


def updates(services: Services, message: Any) -> dict[str, Any]:
    """What is new about several runs, each as `poll` tells it, in the order in which they were asked for."""
    return {"updates": [one_of(services, question) for question in asked_together(message)]}


def news(services: Services, view: RunView, cursor: int, epoch: int, marks: int, phases: int, frame: int, look: int, alarms: int,
         quality: bool) -> dict[str, Any]:
    """The answer to one poll, JSON without NaN. `cursor` to `quality` say what the page has; a changed `epoch` voids all but `quality`.

    Of a run that trains or pauses it hangs on nothing but the run, its journal and its parent's record: `watching` gives it again while they stand.
    """
    run, history = view.run, view.history
    with history.lock:
        if epoch != history.epoch:
            cursor, marks, phases, frame, look, alarms = -1, 0, 0, -1, -1, 0
        rows = history.since(cursor, FIRST if cursor < 0 else NEXT)
        answer = {**_standing(services, view), "epoch": history.epoch, "rows": rows, "seconds": history.seconds(rows["step"]) if rows else [],
                  "drawn": images(Entrant(run, history), np.array(rows["step"])).tolist() if rows else [],
                  "marks": history.tunes[marks:], "phases": history.phases[phases:],
                  "frames": _kept(view.frames, [step for step in history.frames if step <= history.measured_frame], frame),
                  "looks": _kept(view.snapshots, history.snapshots, look),
                  "alarms": _alarms(view, history.alarms[alarms:]), "parent": _parent(services, run),
                  "measures": history.measured(frame if cursor >= 0 else -1), "quality": None if quality else history.floors(),
                  "advice": services.runs.advice(view)}
    if cursor < 0:
        answer["spec"] = run.spec.json()
        if data.get(run.spec.data).kind == "points":
            answer["real"] = f"/play/runs/{run.id}/real"
    if run.id == RECORDED:
        answer["recorded"] = True
    return answer


def _standing(services: Services, view: RunView) -> dict[str, Any]:
    """How the run stands now. `kept`: the step that resuming would go on from."""
    run, history = view.run, view.history
    running, step, rate = run.status is Status.RUNNING, history.step, history.rate
    resumable = run.status.resumable and run.id != RECORDED
    position = services.engine.position(run.id) if run.status is Status.QUEUED else 0
    return {"run": run.id, "status": run.status.value, "note": run.note, "position": position,
            "wait": services.engine.wait(run.id) if position else None,
            "name": run.name, "mine": services.access.mine(run), "published": run.published,
            "step": step, "budget": run.spec.steps, "elapsed": round(history.elapsed, 2), "rate": round(rate, 2) if running else 0,
            "images": round(rate * drawn_each(run.spec), 1) if running else 0,
            "eta": round(_seconds_left(run.spec, history), 1) if running and rate > 0 else None,
            "resumable": resumable, "kept": (view.checkpoints.steps() or [0])[-1] if resumable else None}


def _seconds_left(spec: Spec, history: History) -> float:
    """Until its budget, whichever it reaches first, at its present rate."""
    left = (spec.steps - history.step) / history.rate
    if spec.images:
        left = min(left, (spec.images / drawn_each(spec) - history.step) / history.rate)
    return max(0.0, min(left, spec.seconds - history.elapsed) if spec.seconds else left)


def _kept(store: Frames, made: list[int], last: int) -> list[int]:
    """New ones of those `made`; for a page that has none, those that are still on disk.

    A frame whose measures are not in the journal yet waits for them: pages ask for both after the last frame that they have.
    """
    new = made[bisect_right(made, last):]
    return sorted(set(store.steps()) & set(new)) if last < 0 else new


def _alarms(view: RunView, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with the step of the newest checkpoint before it, or before it began, if there is one: where a fork would begin; and of one that
    ended the run with what that fork would change."""
    run, steps = view.run, view.checkpoints.steps() if new else []
    told = []
    for a in new:
        first = min((s for s in steps if s < a["step"]), default=None) if a["kind"] in FATAL else None
        before = max((s for s in steps if s <= a.get("well", a["step"] - 1)), default=first)
        knobs = run.spec.knobs | {tune["knob"]: tune["to"] for tune in view.history.tunes if before is not None and tune["step"] <= before}
        way = rescue(run.spec, knobs, a["kind"] == "lost") if a["kind"] in FATAL and before is not None else None
        told.append({"step": a["step"], "kind": a["kind"], "player": a.get("player"), "term": a.get("term"), "says": a["says"], "before": before}
                    | ({"rescue": way} if way else {}))
    return told


def _parent(services: Services, run: Run) -> dict[str, Any] | None:
    """Where a fork comes from, when that is still there; a run that is not published is named to who owns the fork alone."""
    try:
        parent = services.runs.run(run.parent) if run.parent else None
    except Refused:
        return None
    return {"run": parent.id, "step": run.forked} if parent and (parent.published or services.access.mine(run)) else None
