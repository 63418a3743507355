"""The app as a Space runs it: its host names, a repository that nobody can write to, with a lasting disk and without, through restarts."""

import shutil
import signal
import subprocess

import pytest
from apps import ROOT, TINY, App, Person

HOST = "somebody-playground.hf.space"
SPACE = {"SPACE_ID": "somebody/playground", "SPACE_HOST": HOST, "GRADIO_SERVER_NAME": "127.0.0.1"}
BROWSER = {"host": HOST, "x-forwarded-proto": "https"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """What is committed, and what is about to be; not writable."""
    root = tmp_path_factory.mktemp("space") / "app"
    for name in ("app.py", "requirements.txt", "README.md", "models", "playground", "assets"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root.mkdir(exist_ok=True) or root / name)
    bound = subprocess.run(["mount", "--bind", "-o", "ro", str(root), str(root)], capture_output=True, check=False).returncode == 0
    if not bound:
        subprocess.run(["chmod", "-R", "a-w", str(root)], check=True)
    yield root
    if bound:
        subprocess.run(["umount", "--lazy", str(root)], check=True)
    else:
        subprocess.run(["chmod", "-R", "u+w", str(root)], check=True)


class Visitor(Person):
    """Comes through the Space's proxy, which speaks https; a browser keeps the cookie, so this does, too."""

    def __init__(self, url: str) -> None:
        super().__init__(url, **BROWSER)

    def come(self) -> "Visitor":
        answer = self.web.get("/")
        answer.raise_for_status()
        for bears in answer.headers.get_list("set-cookie"):
            name, _, value = bears.split(";")[0].partition("=")
            assert "Secure" in bears
            assert "HttpOnly" in bears
            self.web.headers["cookie"] = f"{name}={value}"
        return self


def test_a_space_with_a_lasting_disk_is_killed_stopped_and_finds_its_runs(copy, tmp_path):
    space = App(tmp_path / "data", copy, **SPACE)
    try:
        space.start()
        visitor, other = Visitor(space.url).come(), Visitor(space.url).come()
        assert visitor.call("catalogue", {})["notice"] == ""
        limits = visitor.call("catalogue", {})["limits"]
        assert limits["bytes"] == 10 ** 9
        assert limits["seconds"] == 3600
        id = visitor.call("start", {"spec": TINY})["run"]
        visitor.until(id, step=50)
        assert other.call("act", {"run": id, "do": "stop"})["error"]["field"] == "owner"

        space.kill()                                    # the Space's machine went away
        space.start()
        told = visitor.until(id, "running", "queued", "interrupted")
        assert told["mine"]
        if told["status"] == "interrupted":             # else it has gone on by itself
            visitor.call("act", {"run": id, "do": "resume"})
        visitor.until(id, "running", step=20, epoch=1)
        evil(space, visitor, id)
        code, seconds = space.end(signal.SIGTERM)
        assert (code, seconds < 20) == (0, True)
        assert "Traceback" not in space.said.read_text()
    finally:
        space.kill()


def evil(space: App, visitor: Visitor, id: str) -> None:
    """Other sites' pages, in the visitor's browser."""
    body = {"data": {"run": id, "do": "stop"}, "component_id": visitor.part, "fn_name": "act", "session_hash": "x"}
    for origin in ("https://evil.example", "null", f"https://{HOST}.evil.example", "https://other-playground.hf.space", "http://localhost:7860"):
        assert visitor.post(body, origin=origin).status_code == 403, origin
        for path in ("/config", f"/play/runs/{id}/metrics.csv"):
            answer = visitor.web.get(path, headers={"origin": origin})
            assert answer.headers.get("access-control-allow-origin") not in (origin, "*"), (origin, path)
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert visitor.post(body, **{"content-type": kind, "sec-fetch-site": "cross-site"}).status_code == 403
    assert visitor.post(body, host="evil.example").status_code == 403
    assert visitor.call("poll", {"run": id})["status"] == "running"
    assert visitor.ask("poll", {"run": id}, origin=f"https://{HOST}").status_code == 200


def test_a_space_without_a_lasting_disk_and_with_zerogpu_says_so(copy, tmp_path):
    """It has nothing but a folder of its own, which a restart empties."""
    env = SPACE | {"SPACES_ZERO_GPU": "true", "PLAYGROUND_DATA": "", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    space = App(tmp_path / "unused", copy, **env)
    try:
        space.start()
        visitor = Visitor(space.url).come()
        notice = visitor.call("catalogue", {})["notice"]
        assert "runs are lost when it restarts" in notice
        assert "ZeroGPU" in notice
        id = visitor.call("start", {"spec": TINY})["run"]
        visitor.until(id, step=20)
        assert visitor.call("act", {"run": id, "do": "stop"})
        assert space.end()[0] == 0
    finally:
        space.kill()
