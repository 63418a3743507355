"""What the benches share: the machine in words, one JSON line per figure, a fresh process per measurement, the real app and a client of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent


def machine_said() -> dict[str, Any]:
    """What the figures are figures of, and how busy the machine was with other things when the bench began."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    flags = next((line.split(":")[1].split() for line in info.splitlines() if line.startswith("flags")), [])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cores": cores, "flags": [f for f in ("avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16") if f in flags], "load": LOAD}


LOAD = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def say(bench: str, figure: str, value: float, unit: str = "", *, most: float | None = None, least: float | None = None, **more: Any) -> None:
    """One line: what was measured, what it should be, whether it is, and on what."""
    met = None if most is None and least is None else (most is None or value <= most) and (least is None or value >= least)
    line = {"bench": bench, "figure": figure, "value": float(f"{value:.4g}"), "unit": unit, "at_most": most, "at_least": least, "met": met}
    print(json.dumps({k: v for k, v in line.items() if v is not None} | more | machine_said()), flush=True)


def fresh(module: str, *arguments: Any, env: dict[str, str] | None = None) -> dict[str, Any]:
    """What `python -m module arguments` prints, as JSON: a measurement in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | (env or {}), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Client:
    """The calls that a browser would make, with a browser's cookies."""

    def __init__(self, url: str) -> None:
        self.web = httpx.Client(base_url=url, timeout=60, headers={"Origin": url})
        self.web.get("/").raise_for_status()
        self.part = next(c["id"] for c in self.web.get("/config").json()["components"] if c["type"] == "html")

    def call(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        """A server function's answer. Raises RuntimeError with its words when it refuses."""
        path, body = self.way(name, message)
        answer = self.web.post(path, json=body).raise_for_status().json()
        if "error" in answer:
            raise RuntimeError(f"{name}: {answer['error']}")
        return answer

    def start(self, variant: str, data: str, *, steps: int = 1_000_000, seed: int = 0) -> str:
        """A run of the quick preset."""
        return self.call("start", {"spec": {"variant": variant, "data": data, "preset": "quick", "steps": steps, "seed": seed}})["run"]

    def news(self, run: str) -> dict[str, Any]:
        """A poll that brings as little as can be."""
        return self.call("poll", {"run": run, "cursor": 2**50, "frame": 2**50, "marks": 2**50, "phases": 2**50, "quality": True})

    def until(self, run: str, seconds: float) -> dict[str, Any]:
        """Wait until a run has trained for so long."""
        while (news := self.news(run))["elapsed"] < seconds:
            if news["status"] not in ("queued", "running"):
                raise RuntimeError(f"{news['status']}: {news['note']}")
            time.sleep(0.2)
        return news

    def way(self, name: str, message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where a message is sent, and in what."""
        if name in ("poll", "updates"):
            return f"/play/{name}", message
        return "/gradio_api/component_server", {"data": message, "component_id": self.part, "fn_name": name, "session_hash": "bench"}


class App:
    """`python app.py`, or another command that does the same, in a process of its own."""

    def __init__(self, folder: Path, command: tuple[str, ...] = ("app.py",), **settings: Any) -> None:
        port = free_port()
        env = os.environ | {"PLAYGROUND_DATA": str(folder), "GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}
        self.url, self.started = f"http://127.0.0.1:{port}", time.perf_counter()
        self.process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env | {k: str(v) for k, v in settings.items()},
                                        stdout=subprocess.DEVNULL)
        while True:
            try:
                httpx.get(self.url).raise_for_status()
                break
            except httpx.TransportError:
                if self.process.poll() is not None or time.perf_counter() > self.started + 60:
                    raise
                time.sleep(0.02)
        self.ready = time.perf_counter() - self.started       # seconds from the command to the page

    def rest(self, seconds: float = 60.0) -> None:
        """Wait until the app has nothing more to warm up."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = self.cpu()
            time.sleep(1)
            if self.cpu() - before < 0.1:
                return

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB of resident memory."""
        return int(Path(f"/proc/{self.process.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024

    def threads(self) -> int:
        """How many threads it has."""
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def handles(self) -> int:
        """How many file handles it has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self) -> tuple[float, int]:
        """(seconds from SIGTERM to the end, exit code)."""
        asked = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        return time.perf_counter() - asked, code


@contextmanager
def app(folder: Path | None = None, command: tuple[str, ...] = ("app.py",), **settings: Any) -> Iterator[App]:
    """The app on `folder`, or on an empty one of its own; gone at the end, however that comes."""
    with tempfile.TemporaryDirectory() as own:
        made = App(folder or Path(own), command, **settings)
        try:
            yield made
        finally:
            if made.process.poll() is None:
                made.process.terminate()
                try:
                    made.process.wait(20)
                except subprocess.TimeoutExpired:
                    made.process.kill()
                    made.process.wait()
