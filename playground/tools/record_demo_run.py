"""Makes the recorded run that a newcomer sees move: python -m playground.tools.record_demo_run [--steps N] [--frames N] [--tune STEP KNOB VALUE]"""

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from playground.config.paths import ASSETS
from playground.engine.engine import Engine
from playground.specs.check import check
from playground.specs.presets import FIRST, RECORDED, preset
from playground.store.history import History, short
from playground.store.runs import Runs
from playground.types import Refused, Run, Spec, Status
from playground.worker.session import Intervals

RECORDED_RUN = ASSETS / "recorded"
ROWS, FRAMES, LOOKS, MOST_BYTES = 400, 120, 75, 900_000


def train(root: Path, spec: Spec, tunes: list[tuple[int, str, float]]) -> Run:
    """The run under `root`, with a frame every 20th of a second. RuntimeError when it does not reach its budget."""
    engine = Engine(root, workers=1, intervals=Intervals(points=0.05, images=0.05, share=0.5))
    try:
        id = engine.submit(spec).id
        for step, knob, value in sorted(tunes):
            engine.pause(id)
            _until(engine, id, Status.PAUSED)
            engine.advance(id, step - History(engine.runs.journal(id)).refresh().step)
            _until(engine, id, Status.RUNNING, Status.QUEUED)
            _until(engine, id, Status.PAUSED)
            engine.tune(id, {knob: value})
            engine.resume(id)
        _until(engine, id, Status.FINISHED)
        return engine.run(id)
    finally:
        engine.close()


def _until(engine: Engine, id: str, *wanted: Status) -> None:
    while (status := engine.run(id).status) not in wanted:
        if status.ended:
            raise RuntimeError(f"the run is {status}: {engine.run(id).note}")
        time.sleep(0.05)


def thin(source: Runs, run: Run, shelf: Runs, frames: int = FRAMES) -> Path:
    """Copy a run's record and pictures, and no weights, to its fixed id under `shelf`: some 400 rows, `frames` frames with their measures, looks."""
    history, folder = History(source.journal(run.id)).refresh(), shelf.folder(RECORDED)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shelf.save(replace(run, id=RECORDED, owner="recorded"))
    rows, journal, kept = history.exact(), shelf.journal(RECORDED), source.frames(run.id)
    journal.append({"rows": {name: [v if name == "step" else short(v) for v in _even(column, ROWS)] for name, column in rows.items()},
                    "elapsed": history.elapsed})
    steps = _even(kept.steps(), frames)
    if history.quality:
        journal.append({"quality": history.floors()})
    for m in sorted(history.measures, key=lambda m: m["step"]):
        if m["step"] in steps or "sample/std" not in m:        # what another thread found belongs to no frame
            journal.append({"measure": {name: short(v) for name, v in m.items() if name != "step"}, "step": m["step"]})
    for step in steps:
        shelf.frames(RECORDED).put(step, kept.path(step).read_bytes())
        journal.append({"frame": step})
    seen = source.snapshots(run.id)
    for step in _even(seen.steps(), LOOKS):
        shelf.snapshots(RECORDED).put(step, seen.path(step).read_bytes())
        journal.append({"look": step})
    for t in history.tunes:
        journal.append({"tune": {t["knob"]: [t["from"], t["to"]]}, "step": t["step"]})
    journal.append({"status": run.status, "note": run.note})
    journal.close()
    return folder


def _even(values: list, most: int) -> list:
    """At most `most` of them, evenly spaced, both ends among them."""
    return [values[i] for i in np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).astype(int))] if values else []


def main(arguments: list[str] | None = None) -> None:
    """Train the run that ships, and keep it."""
    parser = argparse.ArgumentParser(description="Train the first preset and keep it as the recorded run.")
    known = preset(FIRST["variant"], FIRST["data"], FIRST["preset"])
    parser.add_argument("--steps", type=int, default=known["steps"])
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--tune", nargs=3, action="append", default=[], metavar=("STEP", "KNOB", "VALUE"))
    args = parser.parse_args(arguments)
    tunes = [(int(step), knob, json.loads(value)) for step, knob, value in args.tune]
    with tempfile.TemporaryDirectory() as folder:
        try:
            spec = check({**known, "variant": FIRST["variant"], "data": FIRST["data"], "preset": FIRST["preset"], "seed": FIRST["seed"],
                          "steps": args.steps})
            run = train(Path(folder), spec, tunes)
        except Refused as refused:
            parser.error(f"{refused.field}: {refused}")
        made = thin(Runs(Path(folder)), run, Runs(RECORDED_RUN), args.frames)
    size = sum(f.stat().st_size for f in made.rglob("*") if f.is_file())
    print(f"{made}: {run.spec.steps} steps, {size / 1000:.0f} kB" + ("" if size <= MOST_BYTES else "; more than 900 kB: take fewer --frames"))


if __name__ == "__main__":
    main()
