"""Pictures that cost far more than they weigh, from one visitor of many cookies: another, at another address, does not notice."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bombs
import httpx
import pytest
from apps import App, Person
from picturing import painted, png, pngs, zipped
from running import PATIENCE, contention

PICTURE, IMAGES = "/play/upload/picture", "/play/upload/images"
MANY, AT_ONCE = 40, 12
ZIP = {"content-type": "application/zip"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One of its own, whose memory is its own."""
    made = App(tmp_path_factory.mktemp("bombs") / "data").start()
    yield made
    made.end()


def visitor(server: App, address: str) -> Person:
    """Somebody new, from an address of the loopback's 127.0.0.0/8."""
    found = Person(server.url)
    found.web = httpx.Client(base_url=server.url, timeout=PATIENCE, transport=httpx.HTTPTransport(local_address=address))
    return found.come()


def memory(server: App, what: str = "VmRSS") -> float:
    """The server's, in MB; of its processes none counts."""
    about = dict(line.split(":", 1) for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines())
    return int(about[what].split()[0]) / 1024


def bomb(n: int) -> bytes:
    """Twelve large PNGs first, then JPEGs of so many scans that they are refused, and of so many that they are tried."""
    return bombs.large_png(n) if n < 12 else bombs.scans_jpeg((300, 95)[n % 2])


def test_forty_bombs_cost_another_visitor_nothing(server):
    sent, met, words = iter([bomb(n) for n in range(MANY)]), Counter(), Counter()
    lock, other = threading.Lock(), visitor(server, "127.0.0.3")

    def flooder() -> None:
        while True:
            with lock:
                body = next(sent, None)
            if body is None:
                return
            answer = visitor(server, "127.0.0.2").web.post(PICTURE, content=body)
            with lock:
                met[answer.status_code] += 1
                words[answer.json().get("error", {}).get("message", "taken").split(":")[0]] += 1

    others = contention()                               # what other programs take is not the bombs' doing
    other.call("live", {})
    before, polls, single, began = memory(server), [], [], time.monotonic()
    threads = [threading.Thread(target=flooder) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        asked = time.monotonic()
        assert "runs" in other.call("live", {})
        polls.append(time.monotonic() - asked)
        if len(polls) % 10 == 5 and len(single) < 3:                  # a picture of one's own, in the midst of it
            asked = time.monotonic()
            assert "upload" in other.web.post(PICTURE, content=png(painted(1))).json()
            single.append(time.monotonic() - asked)
        time.sleep(0.05)
    took, more, most = time.monotonic() - began, memory(server) - before, memory(server, "VmHWM") - before
    print(f"{took:.0f} s, {met}, {words}; polls p95 {sorted(polls)[int(0.95 * len(polls))] * 1000:.0f} ms, at most {max(polls) * 1000:.0f}; pictures "
          f"of another {[round(s, 1) for s in single]} s; memory +{more:.0f} MB, at most +{most:.0f}")
    assert set(met) <= {200, 400, 503}
    assert met.total() == MANY
    assert max(polls) < 5 * others
    assert single
    assert max(single) < 10 * others
    assert more < 150
    assert most < 300


@pytest.mark.full
def test_a_set_of_bombs_is_given_up_and_another_s_picture_does_not_wait_for_it(server):
    eve, other = visitor(server, "127.0.0.2"), visitor(server, "127.0.0.3")
    body = zipped({f"{n}.jpg": bombs.scans_jpeg(95) for n in range(40)} | pngs(60))
    job = eve.web.post(IMAGES, content=body, headers=ZIP).json()["job"]
    waited = []
    while not (told := eve.call("sets", {"job": job})["job"])["error"]:
        assert not told["set"]
        if len(waited) < 3:
            asked = time.monotonic()
            assert "upload" in other.web.post(PICTURE, content=png(painted(2))).json()
            waited.append(time.monotonic() - asked)
        time.sleep(0.2)
    print(f"another's pictures after {[round(s, 1) for s in waited]} s; {told['error']}")
    assert "10 of these pictures could not be decoded" in told["error"]["message"]
    assert max(waited) < 5
