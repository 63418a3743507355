"""How long a person waits: from `python app.py` to the page, from the click to the first live frame, from SIGTERM to the end.

python bench/startup.py [times]. One JSON line per figure. Run it once before you trust it: the first time reads cold files.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent


def figure(name: str, value: float, most: float, unit: str = "s") -> None:
    print(json.dumps({"bench": "startup", "figure": name, "value": round(value, 3), "unit": unit, "at_most": most}), flush=True)


class Page:
    """The calls that a browser would make."""

    def __init__(self, url: str) -> None:
        self.web = httpx.Client(base_url=url, timeout=60)
        self.part = next(c["id"] for c in self.web.get("/config").json()["components"] if c["type"] == "html")

    def call(self, name: str, message: dict) -> dict:
        body = {"data": message, "component_id": self.part, "fn_name": name, "session_hash": "bench"}
        return self.web.post("/gradio_api/component_server", json=body).json()

    def first_frame(self, seed: int) -> tuple[str, float, float]:
        """(run, seconds to its first frame, seconds to the first one after a step) from the click on."""
        first, start = self.call("catalogue", {})["first"], time.perf_counter()
        id = self.call("start", {"spec": {"variant": first["variant"], "data": first["data"], "preset": first["preset"], "seed": seed}})["run"]
        seen = [0.0, 0.0]
        while not all(seen):
            time.sleep(0.02)
            frames = self.call("poll", {"run": id})["frames"]
            for i, there in enumerate((frames, [f for f in frames if f > 0])):
                if there and not seen[i]:
                    self.web.get(f"/play/runs/{id}/frames/{there[0]}").raise_for_status()
                    seen[i] = time.perf_counter() - start
            if time.perf_counter() - start > 60:
                raise TimeoutError("no frame within a minute")
        return id, *seen


def once(folder: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = os.environ | {"PLAYGROUND_DATA": folder, "GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}
    start = time.perf_counter()
    app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        while True:
            try:
                httpx.get(url).raise_for_status()
                break
            except httpx.TransportError:
                if app.poll() is not None or time.perf_counter() - start > 60:
                    raise
                time.sleep(0.02)
        figure("page", time.perf_counter() - start, 8)
        page, asked = Page(url), time.perf_counter()
        page.call("catalogue", {})
        figure("first catalogue", time.perf_counter() - asked, 2)
        for name, seed in (("right after the page", 1), ("warm", 2)):
            id, first, live = page.first_frame(seed)
            figure(f"click to first frame, {name}", first, 2)
            figure(f"click to first frame after a step, {name}", live, 2)
            if seed == 1:
                time.sleep(3)
                page.call("act", {"run": id, "do": "stop"})
        status = Path(f"/proc/{app.pid}/status")
        if status.exists():
            figure("memory", int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024, 1500, "MB")
        asked = time.perf_counter()
        app.send_signal(signal.SIGTERM)
        code = app.wait(30)
        figure("SIGTERM to exit with a run training", time.perf_counter() - asked, 10)
        figure("exit code", code, 0, "")
    finally:
        if app.poll() is None:
            app.kill()


if __name__ == "__main__":
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        with tempfile.TemporaryDirectory() as folder:
            once(folder)
