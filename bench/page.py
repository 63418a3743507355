"""What one update of a live page costs a browser, after 200, 2,000 and 200,000 steps: python -m bench.page [--seconds N] [--only NAME] [--port N]

The real page in a real Chromium at 1440 x 1000 watches a run of BEGAN that this process plays: it appends to the run's journal what a
worker would, 100 steps every half second, with the recorded run's own numbers and pictures. "idle" is the same page with its polling
held, as in a tab that is hidden. Milliseconds are of the page's main thread: its processor time, so that whatever else this machine
does is not counted; "wall" is the same by the clock. What an update costs is what is left when idle is taken off. One JSON line per case.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from playground.specs.presets import RECORDED
from playground.store.history import History
from playground.store.runs import Runs
from playground.types import Run, Status

ROOT = Path(__file__).parent.parent
SHELF = Runs(ROOT / "assets" / "recorded")
ROWS, EVERY = 100, 0.5              # of one flush, and seconds between two: a worker's at 200 steps/s
MOST_BYTES, MOST_MS, MOST_WITH_PICTURES, ROUNDS = 2000, 20.0, 40.0, 3
CASES = {                           # steps before the page opens, whether pictures come too, seconds that the page is open before it is measured
    "200 rows": (200, True, 3), "2,000 rows": (2000, True, 3), "200,000 rows": (200_000, True, 3),
    "200,000 rows, page open for a minute": (200_000, True, 55), "200,000 rows, charts alone": (200_000, False, 3),
}
HIDE = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s}); document.dispatchEvent(new Event('visibilitychange'))"


class Played:
    """A run under `runs` that trains as far as anybody can see."""

    def __init__(self, runs: Runs, budget: int) -> None:
        recorded = SHELF.get(RECORDED)
        made = runs.create(replace(recorded.spec, steps=budget))
        runs.save(made.with_status(Status.RUNNING))
        known = History(SHELF.journal(RECORDED)).refresh()
        self.rows, measures = known.exact(), [m for m in known.measures if "sample/real" not in m]
        self.measures = [{name: v for name, v in m.items() if name != "step"} for m in measures]
        self.pictures = [SHELF.frames(RECORDED).path(s).read_bytes() for s in SHELF.frames(RECORDED).steps()]
        self.id, self.frames, self.journal = made.id, runs.frames(made.id), runs.journal(made.id)
        self.random, self.step, self.going = np.random.default_rng(0), 0, threading.Event()
        self.journal.append({"status": "running", "note": ""})

    def flush(self, picture: bool) -> None:
        """The next steps: real values with a little noise, so that their digits are as long as real ones."""
        steps = list(range(self.step + 1, self.step + ROWS + 1))
        at = np.arange(self.step, self.step + ROWS) % len(self.rows["step"])
        noise = 1 + 0.05 * self.random.standard_normal((len(self.rows), ROWS))
        rows = {name: (np.array(v)[at] * n).astype(np.float32).tolist() for (name, v), n in zip(self.rows.items(), noise, strict=True)}
        self.step += ROWS
        self.journal.append({"rows": rows | {"step": steps}, "elapsed": self.step / ROWS * EVERY})
        if picture:
            self.show()

    def show(self) -> None:
        """A frame and what is measured with it."""
        i = self.step // ROWS
        self.frames.put(self.step, self.pictures[i % len(self.pictures)])
        self.journal.append({"frame": self.step})
        self.journal.append({"measure": self.measures[i % len(self.measures)], "step": self.step})

    def go(self, pictures: bool, stop: threading.Event) -> None:
        """Train on while `going`, until `stop`."""
        while not stop.wait(EVERY):
            if self.going.is_set():
                self.flush(pictures)


def serve(folder: Path) -> None:
    """The app, but for one thing: a run is what its run.json says, for another process trains it."""
    from playground.config.file_handles import raise_limit, room
    from playground.config.settings import AccessPolicy
    from playground.engine.engine import Engine
    from playground.ui.handlers.rpc import PageFunctions
    from playground.ui.handlers.run_reader import RunReader
    from playground.ui.handlers.services import Services
    from playground.ui.http import gradio_page as page
    from playground.ui.http.routes import PageFiles, routes
    from playground.ui.requests.identity import People

    class Elsewhere(RunReader):
        def run(self, id: str) -> Run:
            return self.store(id).get(id)

    engine, page_files = Engine(folder), PageFiles()
    try:
        services = Services(engine, ROOT / "assets", Elsewhere)
        people = People(AccessPolicy(), folder)
        blocks = page.build(PageFunctions(engine, services, people).functions(), page_files.version)
        page.launch(blocks, routes(services, page_files), people, room(raise_limit()))
        sys.stdin.read()                            # until the bench is over, however it ends
    finally:
        engine.close()


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """The address of `serve` in a process of its own."""
    settings = os.environ | {"GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_ANALYTICS_ENABLED": "False"}
    server = subprocess.Popen([sys.executable, "-m", "bench.page", "--serve", str(folder)], cwd=ROOT, env=settings, stdin=subprocess.PIPE)
    try:
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                httpx.get(url).raise_for_status()
                break
            except httpx.TransportError:
                if server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
        yield url
    finally:
        server.stdin.close()
        server.wait(20)


class Meter:
    """The main thread's time, the heap and the nodes of one page, as Chromium counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.polls = page, []
        self.cpu, self.wall = page.context.new_cdp_session(page), page.context.new_cdp_session(page)
        self.cpu.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.wall.send("Performance.enable", {"timeDomain": "timeTicks"})
        page.on("requestfinished", lambda r: self.polls.append(r) if r.url.endswith("/play/poll") else None)

    def now(self) -> dict[str, float]:
        """Everything that Chromium counts; times in seconds."""
        said = {m["name"]: m["value"] for m in self.cpu.send("Performance.getMetrics")["metrics"]}
        clock = {m["name"]: m["value"] for m in self.wall.send("Performance.getMetrics")["metrics"]}
        return said | {"Timestamp": clock["Timestamp"], "Wall": clock["TaskDuration"], "Style": said["LayoutDuration"] + said["RecalcStyleDuration"]}

    def heap(self) -> tuple[float, float]:
        """(kB in use once rubbish is collected, DOM nodes)."""
        self.cpu.send("HeapProfiler.collectGarbage")
        now = self.now()
        return now["JSHeapUsedSize"] / 1000, now["Nodes"]

    def spent(self, seconds: float) -> dict[str, float]:
        """ms in each of the next `seconds` of the main thread's tasks, of scripts and of style and layout among them, and of tasks by the clock."""
        before = self.now()
        self.page.wait_for_timeout(1000 * seconds)
        after = self.now()
        parts = {"task": "TaskDuration", "script": "ScriptDuration", "style": "Style", "wall": "Wall"}
        return {part: 1000 * (after[name] - before[name]) / (after["Timestamp"] - before["Timestamp"]) for part, name in parts.items()}


def measure(browser: Browser, url: str, name: str, seconds: float, runs: Runs) -> dict[str, object]:
    """Watch one case with a browser for so many seconds: its figures by name."""
    rows, pictures, open_for = CASES[name]
    run, stop = Played(runs, rows + 20_000), threading.Event()
    while run.step < rows:
        run.flush(picture=run.step % max(ROWS, rows // 200) == 0)
    worker = threading.Thread(target=run.go, args=(pictures, stop))
    worker.start()
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    try:
        meter = Meter(page)
        page.goto(f"{url}/?run={run.id}")
        page.get_by_test_id("frame-step").filter(has_text="step").wait_for()
        run.going.set()
        page.wait_for_timeout(1000 * open_for)
        live, idle, grown, nodes = [], [], 0.0, 0.0
        for _ in range(ROUNDS):                          # in turn: what else this machine does then hits both
            page.evaluate(HIDE % "false")
            page.wait_for_timeout(500)
            first, heap = len(meter.polls), meter.heap()
            live.append(meter.spent(seconds))
            grown, nodes = grown + meter.heap()[0] - heap[0], nodes + meter.heap()[1] - heap[1]
            answers = meter.polls[first:]
            run.going.clear()
            page.evaluate(HIDE % "true")
            page.wait_for_timeout(1500)
            idle.append(meter.spent(seconds / 2))
            run.going.set()
        body = [len(r.response().body()) for r in answers]
        sent = [sum(r.sizes()[k] for k in ("responseBodySize", "responseHeadersSize")) for r in answers]
    finally:
        stop.set()
        worker.join()
        page.context.close()
        run.journal.close()
    updates, median = len(answers) / seconds, statistics.median
    idle_ms = {part: median(p[part] for p in idle) for part in idle[0]}
    cost = {f"{part}_ms": round((median(p[part] for p in live) - idle_ms[part]) / updates, 1) for part in live[0]}
    return {"bench": "page", "case": name, "updates_per_s": round(updates, 2),
            "body_bytes": median(body), "wire_bytes": median(sent), "body_at_most": MOST_BYTES, **cost,
            "task_at_most": MOST_WITH_PICTURES if pictures else MOST_MS,
            "idle_task_ms_per_s": round(idle_ms["task"], 1),
            "heap_kb_per_update": round(grown / (ROUNDS * seconds * updates), 2), "nodes_per_update": round(nodes / (ROUNDS * seconds * updates), 2)}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--only", choices=list(CASES), action="append")
    parser.add_argument("--port", type=int, default=7950)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), args.port) as url, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if getattr(os, "getuid", lambda: 1)() == 0 else [])
        for name in args.only or CASES:
            print(json.dumps(measure(browser, url, name, args.seconds, Runs(Path(folder)))), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
