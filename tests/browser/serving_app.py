"""The app, as resting_app.py starts it, as a process of its own on a port that it can have again."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent.parent
OURS = ("SPACE_ID", "GRADIO_SERVER_NAME", "PLAYGROUND_")
KEY = "the key of the tests' admin"
PATIENCE = 150          # seconds: on a machine that others keep busy, reading torch and Gradio alone takes a minute


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class App:
    """A server that keeps its runs in `folder`, and its admin. `start` waits until it answers; what it says goes to `folder/said.txt`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.settings, self.web = settings, httpx.Client(timeout=60)
        self.folder, self.said, self.port = folder, folder / "said.txt", free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> "App":
        settings = {k: v for k, v in os.environ.items() if not k.startswith(OURS)} | self.settings
        settings |= {"PLAYGROUND_DATA": str(self.folder), "GRADIO_SERVER_PORT": str(self.port), "PLAYGROUND_ADMIN_KEY": KEY}
        with self.said.open("a") as said:
            self.process = subprocess.Popen([sys.executable, "tests/browser/resting_app.py"], cwd=ROOT, stdout=said, stderr=said, env=settings)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.web.post(f"{self.url}/play/admin", data={"key": KEY}, follow_redirects=True).raise_for_status()
                return self
            except httpx.TransportError:
                assert self.process.poll() is None, self.said.read_text()
                assert time.monotonic() < end
                time.sleep(0.05)

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def stop_all(self) -> None:
        """So that the next test's run need not queue."""
        for run in self.call("live", {})["runs"]:
            self.call("act", {"run": run["id"], "do": "stop"})

    def call(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        """One of the page's functions, without the page, as the admin."""
        part = next(c["id"] for c in self.web.get(f"{self.url}/config").json()["components"] if c["type"] == "html")
        body = {"data": message, "component_id": part, "fn_name": name, "session_hash": "test"}
        return self.web.post(f"{self.url}/gradio_api/component_server", json=body).json()

    def runs(self) -> set[str]:
        """The ids of all runs on disk."""
        return {path.parent.name for path in self.folder.glob("runs/*/run.json")}

    def record(self, id: str) -> dict[str, Any]:
        """What `run.json` says."""
        return json.loads((self.folder / "runs" / id / "run.json").read_text())

    def frames(self, id: str) -> list[Path]:
        """A run's stored frames, the oldest first."""
        return sorted((self.folder / "runs" / id / "frames").glob("*.npz"), key=lambda path: int(path.stem))

    def journal(self, id: str) -> list[dict[str, Any]]:
        """Every whole line of a run's journal."""
        lines = (self.folder / "runs" / id / "events.jsonl").read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]
