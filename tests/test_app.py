"""`python app.py` as a person runs it: a real process, a real port, and signals."""

import json
import math
import re
import signal
import subprocess
import sys

from apps import POLL, ROOT, TINY, App


def test_the_page_names_itself_and_asks_nobody_else_for_anything(app):
    page = app.web.get("/").text
    assert "GAN Playground" in page
    for tag in re.findall(r"<(?:script|link|img)[^>]*>", page):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', tag), tag
    config = app.web.get("/config").json()
    assert (config["analytics_enabled"], config["connect_heartbeat"], config["footer_links"]) == (False, False, [])
    assert [one["api_name"] for one in config["dependencies"]] == ["models", "sample", "interpolate"]       # what programs call, and nothing else
    assert "gstatic" not in app.web.get("/theme.css").text + page


def test_functions_answer_through_gradio_and_refuse_in_words(app):
    assert "variants" in app.call("catalogue", {})
    for message in ([1], None, "x", 7, [[]], {"extra": 1}):
        answer = app.call("catalogue", message)
        assert answer["error"]["field"] in ("message", "extra")
    part = next(c["id"] for c in app.web.get("/config").json()["components"] if c["type"] == "html")
    raw = json.dumps({"data": {"run": math.nan}, "component_id": part, "fn_name": "strip", "session_hash": "x"})
    assert app.me.post(raw).json()["error"]["field"] == "run"
    assert app.me.post({"data": "x" * 10_000_000, "component_id": part, "fn_name": "strip", "session_hash": "x"}).status_code == 413
    assert app.me.post("[" * 50_000).status_code == 400
    for name in ("functions", "engine", "__init__", "nosuch"):
        assert app.me.post({"data": {}, "component_id": part, "fn_name": name, "session_hash": "x"}).status_code in (404, 405)


def test_polls_have_a_way_of_their_own_with_the_same_checks(app):
    assert app.me.ask("poll", {"run": math.nan}).json()["error"]["field"] == "run"
    for body in (b"", b"[" * 50_000, b"{", b"\xff\xfe", b'{"run": 1', b"9" * 5000):
        answer = app.me.post(body, POLL)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "message"), body[:20]
    for message, field in (([1], "message"), (None, "message"), ({"\ud800": 1}, "\ud800"), ({"run": "0" * 32}, "run")):
        answer = app.me.ask("poll", message)
        assert (answer.status_code, answer.json()["error"]["field"]) == (200, field)
    assert app.me.ask("poll", {"run": "x" * 10_000_000}).status_code == 413
    assert app.web.get(POLL).status_code == 405
    part = app.me.part
    assert app.me.post({"data": {}, "component_id": part, "fn_name": "poll", "session_hash": "x"}).status_code in (404, 405)


def test_only_this_machine_and_only_the_page_s_own_messages(app):
    assert app.web.get("/", headers={"host": "evil.example"}).status_code == 403
    assert app.web.get("/config", headers={"origin": "http://evil.example"}).status_code == 403
    assert app.web.post("/gradio_api/upload", files={"files": b"x"}).status_code == 405
    assert app.web.get("/monitoring/summary").status_code in (401, 403, 404)
    assert app.web.get("/gradio_api/file=/etc/passwd").status_code in (403, 404)


def test_ctrl_c_leaves_every_run_at_a_checkpoint_and_exits_with_0(tmp_path):
    """SIGTERM: test_faults_app.py."""
    app = App(tmp_path / "data").start()
    try:
        id = app.call("start", {"spec": TINY})["run"]
        app.me.until(id, step=5)
        code, seconds = app.end(signal.SIGINT)
        assert (code, seconds < 20) == (0, True)
    finally:
        app.kill()
    assert json.loads((app.folder / "runs" / id / "run.json").read_text())["status"] == "interrupted"
    last = max(e["rows"]["step"][-1] for e in app.events(id) if "rows" in e)
    assert (app.folder / "runs" / id / "checkpoints" / f"{last}.safetensors").is_file()
    assert "Traceback" not in app.said.read_text()


def test_arguments_are_refused_and_help_says_where_settings_stand():
    asked, wrong = (subprocess.run([sys.executable, "app.py", argument], cwd=ROOT, capture_output=True, text=True, timeout=60)
                    for argument in ("--help", "--port=7000"))
    assert (asked.returncode, wrong.returncode) == (0, 2)
    assert "Settings come from the environment" in " ".join(asked.stdout.split())
    assert "unrecognized arguments: --port=7000" in wrong.stderr
