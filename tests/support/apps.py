"""`python app.py` as a person runs it: a real process on a real port, and people who come to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
OURS = ("SPACE", "GRADIO_", "PLAYGROUND_", "HF_", "OAUTH_")            # settings of whoever runs the tests, which are not meant for the app
ADMIN_KEY = "the key of the tests' admin"
TINY = {"variant": "gan", "data": "ring8", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}, "steps": 1_000_000}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


POLL = "/play/poll"
ROUTED = ("poll", "updates")        # functions with an address of their own
PATIENCE = 150          # seconds: on a machine that others keep busy, reading torch and Gradio alone takes a minute


class Person:
    """Somebody with a browser of their own, cookies and all; not yet on the page."""

    def __init__(self, url: str, address: str | None = None, **headers: str) -> None:
        """`address`: one of 127.0.0.0/8 that they come from."""
        self.web, self._part = httpx.Client(base_url=url, timeout=60, headers=headers, transport=httpx.HTTPTransport(local_address=address)), None

    def come(self) -> "Person":
        self.web.get("/").raise_for_status()
        return self

    @property
    def part(self) -> int:
        """The component that holds the page's functions."""
        if self._part is None:
            self._part = next(c["id"] for c in self.web.get("/config").json()["components"] if c["type"] == "html")
        return self._part

    def post(self, body: Any, path: str = "/gradio_api/component_server", **headers: str) -> httpx.Response:
        content = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.web.post(path, content=content, headers={"content-type": "application/json"} | headers)

    def ask(self, name: str, message: Any, **headers: str) -> httpx.Response:
        if name in ROUTED:
            return self.post(json.dumps(message), f"/play/{name}", **headers)
        return self.post({"data": message, "component_id": self.part, "fn_name": name, "session_hash": "test"}, **headers)

    def call(self, name: str, message: Any) -> dict[str, Any]:
        return self.ask(name, message).json()

    def until(self, id: str, *wanted: str, step: int = 0, epoch: int = 0, seconds: float = PATIENCE) -> dict[str, Any]:
        """What `poll` tells once the run has one of these statuses and so many steps, in this life of it (`epoch`) or a later one."""
        end = time.monotonic() + seconds
        while True:
            told = self.call("poll", {"run": id})
            if told["status"] in (wanted or ("running",)) and told["step"] >= step and told["epoch"] >= epoch:
                return told
            assert time.monotonic() < end, told
            time.sleep(0.03)


class App:
    """A server that keeps its runs in `folder`; settings are PLAYGROUND_... and others. What it says goes to `said`."""

    def __init__(self, folder: Path, root: Path = ROOT, handles: int = 0, **settings: str) -> None:
        """`handles`: file handles that it may have at most."""
        self.folder, self.root, self.port, self.handles = folder, root, free_port(), handles
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.said, self.url = folder.parent / f"said-{self.port}.txt", f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        self.env = kept | {"PLAYGROUND_DATA": str(folder), "GRADIO_SERVER_PORT": str(self.port)} | settings
        self.me, self.took = Person(self.url), 0.0

    def start(self) -> "App":
        """Wait until it answers; `took` is how long that was."""
        began = time.monotonic()
        with self.said.open("a") as said:
            command = ["sh", "-c", f'ulimit -n {self.handles}; exec "$@"', "sh"] if self.handles else []
            self.process = subprocess.Popen([*command, sys.executable, "-B", "app.py"], cwd=self.root, stdout=said, stderr=said, env=self.env)
        while True:
            try:
                self.me.come()
                self.took = time.monotonic() - began
                return self
            except httpx.TransportError:
                if self.process.poll() is not None or time.monotonic() > began + PATIENCE:
                    self.kill()
                    raise AssertionError(self.said.read_text()) from None
                time.sleep(0.03)

    def end(self, how: int = signal.SIGTERM) -> tuple[int, float]:
        """Its exit code, and the seconds that it took to go."""
        began = time.monotonic()
        self.process.send_signal(how)
        return self.process.wait(60), time.monotonic() - began

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    @property
    def web(self) -> httpx.Client:
        return self.me.web

    def call(self, name: str, message: Any) -> dict[str, Any]:
        return self.me.call(name, message)

    def events(self, id: str) -> list[dict[str, Any]]:
        """Every whole line of a run's journal, by a parser that knows no NaN."""
        def strange(name: str) -> None:
            raise ValueError(f"{name} is not JSON")
        lines = (self.folder / "runs" / id / "events.jsonl").read_text().splitlines(keepends=True)
        return [json.loads(line, parse_constant=strange) for line in lines if line.endswith("\n")]
