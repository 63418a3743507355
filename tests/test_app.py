"""`python app.py` as a person runs it: a real process, a real port, and signals."""

import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

ROOT = Path(__file__).parent.parent
SPEC = {"variant": "gan", "data": "ring8", "knobs": {"width_g": 8, "width_d": 8, "batch": 16}, "steps": 1_000_000}


class App(NamedTuple):
    process: subprocess.Popen
    web: httpx.Client
    folder: Path

    def post(self, body: dict | str) -> httpx.Response:
        return self.web.post("/gradio_api/component_server", **({"content": body} if isinstance(body, str) else {"json": body}))

    def call(self, name: str, message: object) -> dict:
        part = next(c["id"] for c in self.web.get("/config").json()["components"] if c["type"] == "html")
        return self.post({"data": message, "component_id": part, "fn_name": name, "session_hash": "test"}).json()


def started(folder: Path) -> App:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {k: v for k, v in os.environ.items() if k not in ("SPACE_ID", "GRADIO_SERVER_NAME", "PLAYGROUND_WORKERS", "PLAYGROUND_DEVICE")}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env=settings | {"PLAYGROUND_DATA": str(folder), "GRADIO_SERVER_PORT": str(port)})
    app = App(process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30), folder)
    end = time.monotonic() + 60
    while True:
        try:
            app.web.get("/").raise_for_status()
            return app
        except httpx.TransportError:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = started(tmp_path_factory.mktemp("app"))
    yield made
    made.process.kill()
    made.process.wait()


def test_the_page_names_itself_and_asks_nobody_else_for_anything(app):
    page = app.web.get("/").text
    assert "GAN Playground" in page
    for tag in re.findall(r"<(?:script|link|img)[^>]*>", page):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', tag), tag
    config = app.web.get("/config").json()
    assert (config["analytics_enabled"], config["connect_heartbeat"], config["footer_links"], config["dependencies"]) == (False, False, [], [])
    assert "gstatic" not in app.web.get("/theme.css").text + page


def test_functions_answer_through_gradio_and_refuse_in_words(app):
    assert "variants" in app.call("catalogue", {})
    for message in ([1], None, "x", 7, [[]], {"extra": 1}):
        answer = app.call("catalogue", message)
        assert answer["error"]["field"] in ("message", "extra")
    part = next(c["id"] for c in app.web.get("/config").json()["components"] if c["type"] == "html")
    raw = json.dumps({"data": {"run": math.nan}, "component_id": part, "fn_name": "poll", "session_hash": "x"})
    assert app.post(raw).json()["error"]["field"] == "run"
    assert app.post({"data": "x" * 10_000_000, "component_id": part, "fn_name": "poll", "session_hash": "x"}).status_code == 413
    assert app.post("[" * 50_000).status_code == 400
    for name in ("functions", "engine", "__init__", "nosuch"):
        assert app.post({"data": {}, "component_id": part, "fn_name": name, "session_hash": "x"}).status_code in (404, 405)


def test_only_this_machine_and_only_the_page_s_own_messages(app):
    assert app.web.get("/", headers={"host": "evil.example"}).status_code == 403
    assert app.web.get("/config", headers={"origin": "http://evil.example"}).status_code == 403
    assert app.web.post("/gradio_api/upload", files={"files": b"x"}).status_code == 405
    assert app.web.get("/monitoring/summary").status_code in (401, 403, 404)
    assert app.web.get("/gradio_api/file=/etc/passwd").status_code in (403, 404)


def test_a_second_process_on_the_same_folder_is_refused_in_words(app):
    second = subprocess.run([sys.executable, "app.py"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
                            env=os.environ | {"PLAYGROUND_DATA": str(app.folder)})
    assert second.returncode == 2
    assert "PLAYGROUND_DATA" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_every_run_at_a_checkpoint_and_exits_with_0(tmp_path, name):
    app = started(tmp_path)
    try:
        id = app.call("start", {"spec": SPEC})["run"]
        end = time.monotonic() + 30
        while app.call("poll", {"run": id})["step"] < 5:
            assert time.monotonic() < end
            time.sleep(0.05)
        asked = time.monotonic()
        app.process.send_signal(name)
        assert app.process.wait(20) == 0
        assert time.monotonic() - asked < 10
    finally:
        app.process.kill()
    run = json.loads((tmp_path / "runs" / id / "run.json").read_text())
    assert run["status"] == "interrupted"
    events = [json.loads(line) for line in (tmp_path / "runs" / id / "events.jsonl").read_text().splitlines()]
    last = max(e["rows"]["step"][-1] for e in events if "rows" in e)
    assert (tmp_path / "runs" / id / "checkpoints" / f"{last}.safetensors").is_file()
    assert "Traceback" not in app.process.stderr.read()
