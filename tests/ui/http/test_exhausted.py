"""One visitor takes all that a server has of connections, sessions and log: a run trains on, and another visitor does not notice.

127.0.0.2 attacks, 127.0.0.1 visits; the server's system gives it few file handles.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from apps import PATIENCE, TINY, App, Person
from running import contention

FEW, SOCKETS, SECONDS = 256, 400, 16.0
DRIP = b"POST /play/poll HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"

NONSENSE = b"\x16\x03\x01 nonsense\r\n\r\n"
UPGRADE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"


@pytest.fixture(scope="module")
def scarce(tmp_path_factory):
    made = App(tmp_path_factory.mktemp("scarce") / "data", handles=FEW).start()
    yield made
    code, _ = made.end()
    assert (code, "Traceback" in made.said.read_text()) == (0, False)


def drips(app: App) -> float:
    """Send a message a byte at a time, until the server has enough of it: the seconds that this took."""
    with socket.create_connection(("127.0.0.1", app.port), PATIENCE, source_address=("127.0.0.3", 0)) as slow:
        slow.sendall(DRIP)
        slow.settimeout(0.5)
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            with contextlib.suppress(TimeoutError):
                try:
                    slow.sendall(b"x")
                    if not slow.recv(1000):
                        break
                except ConnectionError:
                    break
        return time.monotonic() - began


@pytest.fixture(scope="module")
def dripping(scarce) -> Iterator[Future]:
    """`drips`, under way: it takes its time, in which other tests go on."""
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit(drips, scarce)


def idle_sockets(app: App, count: int, stop: threading.Event) -> None:
    """As many as it will have, opened again as soon as they are closed; some say the beginning of a request."""
    held: list[socket.socket] = []
    while not stop.is_set():
        while len(held) < count and not stop.is_set():
            with contextlib.suppress(OSError):
                held.append(socket.create_connection(("127.0.0.1", app.port), 1, source_address=("127.0.0.2", 0)))
                if len(held) % 2:
                    held[-1].sendall(b"GET / HT")
        stop.wait(0.5)
        for one in held[:count // 4]:
            one.close()
        del held[:count // 4]
    for one in held:
        one.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_idle_sockets_end_nobody_s_training_and_keep_nobody_out(scarce, dripping):
    run = scarce.call("start", {"spec": TINY})["run"]
    scarce.me.until(run, step=20)
    stop = threading.Event()
    attack = threading.Thread(target=idle_sockets, args=(scarce, SOCKETS, stop))
    attack.start()
    try:
        steps, took, end = [], [], time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.monotonic()
            with httpx.Client(base_url=scarce.url, timeout=PATIENCE, cookies=dict(scarce.web.cookies)) as new:      # a new connection
                told = new.post("/play/poll", json={"run": run}).json()
            took.append(time.monotonic() - began)
            assert told["status"] == "running", told
            steps.append(told["step"])
            time.sleep(0.2)
        other = Person(scarce.url).come()
        assert "variants" in other.call("catalogue", {})
    finally:
        stop.set()
        attack.join()
    assert steps[-1] > steps[0]
    kept = [int(file.stem) for file in (scarce.folder / "runs" / run / "checkpoints").glob("*.safetensors")]
    assert max(kept) > steps[0], "no checkpoint was made meanwhile"
    assert max(took) < 5 * contention()                 # what other programs take is not the attack's doing
    print(f"{len(took)} visits, the longest {max(took):.2f} s; steps {steps[0]} to {steps[-1]}, last checkpoint {max(kept)}")
    scarce.call("act", {"run": run, "do": "stop"})
    scarce.me.until(run, "stopped")


def test_names_of_sessions_are_short_and_plain(scarce):
    for odd in ("x" * 65, "", "a b", "ü", "../x", None, 7, ["x"], {"x": 1}):
        body = {"data": {}, "fn_name": "live", "session_hash": odd, "component_id": scarce.me.part}
        answer = scarce.me.post(body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "session_hash"), odd
        answer = scarce.me.post({"data": [], "fn_index": 0, "session_hash": odd}, "/gradio_api/queue/join")
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "session_hash"), odd


def test_complaints_do_not_fill_the_disk(scarce):
    before = scarce.said.stat().st_size
    for n in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", scarce.port), 5) as bad:
            bad.sendall(NONSENSE if n % 2 else UPGRADE)
            bad.recv(100)
    with httpx.Client(base_url=scarce.url) as web:
        for n in range(600):
            web.get(f"/gradio_api/custom_component/{n}/x/y/z.js")
            web.get(f"/static/%00{n}")
    assert scarce.said.stat().st_size - before < 20_000


def test_a_message_that_drips_is_given_up(dripping):
    """At this pace it would take 500 s."""
    assert dripping.result(PATIENCE) < 100
