"""A stand-in for the Hub's HTTP API, as far as models are put there and taken from there: what huggingface_hub asks, on a port of this machine."""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

WRITES, READS = "hf_ada_may_write_here_0123", "hf_ada_may_read_only_0123"
LFS = (".safetensors", ".webp")


class Hub(ThreadingHTTPServer):
    """`repos`: {repo: {name: bytes}}; `private`: those that only a token of their owner's sees; `seen`: what was asked, with whose token."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.repos: dict[str, dict[str, bytes]] = {}
        self.private: set[str] = set()
        self.blobs: dict[str, bytes] = {}
        self.seen: list[tuple[str, str, str]] = []
        self.broken = 0         # the status that everything is answered with, if there is one


class Asked(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def tell(self, status: int, answer: Any = None, **headers: str) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def handle_one(self) -> None:
        hub, path, body = self.server, self.path.split("?")[0], self.body()
        hub.seen.append((self.command, path, self.token))
        for pattern, act in ROUTES:
            found = re.fullmatch(pattern, f"{self.command} {path}")
            if hub.broken or not found:
                continue
            act(self, body, *found.groups())
            return
        self.tell(hub.broken or 404, {"error": "nothing"})

    do_GET = do_POST = do_PUT = handle_one

    def create(self, body: bytes) -> None:
        asked = json.loads(body)
        repo = f"{asked['organization']}/{asked['name']}"
        if self.token not in (WRITES, READS):
            self.tell(401, {"error": "Invalid credentials in Authorization header"}, X_Error_Message="Invalid credentials in Authorization header")
        elif self.token == READS or asked["organization"] != "ada":
            self.tell(403, {"error": "You don't have the rights"})
        elif repo in self.server.repos:
            self.tell(409, {"error": "You already created this model repo", "url": f"{self.server.url}/{repo}"})
        else:
            self.server.repos[repo] = {}
            self.server.private |= {repo} if asked.get("visibility") == "private" else set()
            self.tell(200, {"url": f"{self.server.url}/{repo}"})

    def check_card(self, body: bytes) -> None:
        front = yaml.safe_load(json.loads(body)["content"].split("---\n")[1])
        self.tell(200 if front["license"] else 400, {"errors": [], "warnings": []})

    def preupload(self, body: bytes, repo: str) -> None:
        names = [file["path"] for file in json.loads(body)["files"]]
        self.tell(200, {"files": [{"path": n, "uploadMode": "lfs" if n.endswith(LFS) else "regular", "shouldIgnore": False} for n in names]})

    def batch(self, body: bytes, repo: str) -> None:
        objects = [{**part, "actions": {"upload": {"href": f"{self.server.url}/lfs/{part['oid']}"}}} for part in json.loads(body)["objects"]]
        self.tell(200, {"transfer": "basic", "objects": objects})

    def keep(self, body: bytes, oid: str) -> None:
        assert hashlib.sha256(body).hexdigest() == oid
        self.server.blobs[oid] = body
        self.tell(200, {})

    def commit(self, body: bytes, repo: str) -> None:
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "file":
                self.server.repos[repo][value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                self.server.repos[repo][value["path"]] = self.server.blobs[value["oid"]]
        self.tell(200, {"commitUrl": f"{self.server.url}/{repo}/commit/{'0' * 40}", "commitOid": "0" * 40})

    def resolve(self, body: bytes, repo: str, revision: str, name: str) -> None:
        hub = self.server
        if repo not in hub.repos or (repo in hub.private and self.token not in (WRITES, READS)):
            self.tell(401, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
        elif revision != "main":
            self.tell(404, {"error": "Invalid rev id"}, X_Error_Code="RevisionNotFound")
        elif name not in hub.repos[repo]:
            self.tell(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
        else:
            self.tell(302, b"", Location=f"http://localhost:{hub.server_port}/cdn/{repo}/{name}")         # another host

    def cdn(self, body: bytes, repo: str, name: str) -> None:
        self.tell(200, self.server.repos[repo][name])


NAME = r"([\w.-]+/[\w.-]+)"
ROUTES = ((r"POST /api/repos/create", Asked.create), (r"POST /api/validate-yaml", Asked.check_card),
          (rf"POST /api/models/{NAME}/preupload/main", Asked.preupload), (rf"POST /{NAME}\.git/info/lfs/objects/batch", Asked.batch),
          (r"PUT /lfs/(\w+)", Asked.keep), (rf"POST /api/models/{NAME}/commit/main", Asked.commit),
          (rf"GET /{NAME}/resolve/([\w%.-]+)/([\w.]+)", Asked.resolve), (rf"GET /cdn/{NAME}/([\w.]+)", Asked.cdn))


@contextmanager
def standing_in() -> Iterator[Hub]:
    hub = Hub()
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
