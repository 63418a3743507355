"""Floods, other sites' pages, names that bite, and one who wants everything: others do not notice."""

import csv
import io
import threading
import time

import httpx
import pytest
from apps import POLL, TINY, Person
from running import EAGER, coming_from, contention, join_zoo, spec, until

from models.lsgan import LSGAN
from playground.artifacts.run_export import safe_cell
from playground.config.settings import Limits
from playground.engine.engine import Engine
from playground.types import Refused, Status

SECONDS, FLOODERS = 2.0, 8
WANTED = {"queue": 1000, "function": 1000, "poll": 1000, "nonsense": 1000, "costly": 20}      # requests, at least
EVIL = ("http://evil.example", "null", "http://127.0.0.1.evil.example", "https://localhost.evil.example:7860", "file://")


@pytest.fixture
def paused(app):
    id = app.call("start", {"spec": TINY})["run"]
    app.me.until(id, step=5)
    app.call("act", {"run": id, "do": "pause"})
    app.me.until(id, "paused")
    yield id
    app.call("act", {"run": id, "do": "stop"})


def flood(app, send, wanted: int) -> tuple[list[float], list[int]]:
    """While many send as fast as they can, another person polls: (seconds of each poll, statuses that the flood met)."""
    stop, met, polls = threading.Event(), [], []

    def flooder(n: int) -> None:
        with httpx.Client(base_url=app.url, timeout=60) as web:
            while not stop.is_set():
                met.append(send(web, n, len(met)).status_code)

    threads = [threading.Thread(target=flooder, args=(n,)) for n in range(FLOODERS)]
    for thread in threads:
        thread.start()
    somebody, end = Person(app.url).come(), time.monotonic() + SECONDS
    while time.monotonic() < end or len(polls) < 5 or len(met) < wanted:
        began = time.monotonic()
        assert "runs" in somebody.call("live", {})
        polls.append(time.monotonic() - began)
    stop.set()
    for thread in threads:
        thread.join()
    return polls, met


@pytest.mark.parametrize("kind", WANTED)
def test_a_flood_leaves_others_their_answers(app, kind):
    """Calls of programs are few at once; functions are short, and the longest of them, an estimate of what nobody asked before, holds up no
    other."""
    body = {"data": {"run": "0" * 32, "do": "stop"}, "component_id": app.me.part, "fn_name": "act", "session_hash": "x"}

    def send(web: httpx.Client, n: int, count: int) -> httpx.Response:
        if kind == "queue":
            return web.post("/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": f"{n}-{count}"})
        if kind == "costly":
            knobs = {"width_g": 8 + count % 200, "width_d": 16 + n, "batch": 16}
            return web.post("/gradio_api/component_server", json={**body, "fn_name": "estimate", "data": {"spec": {**TINY, "knobs": knobs}}})
        if kind == "poll":
            return web.post(POLL, json={"run": "0" * 32})
        return web.post("/gradio_api/component_server", json=body if kind == "function" else {"data": count})

    polls, met = flood(app, send, WANTED[kind])
    assert set(met) == {"queue": {200, 503}, "nonsense": {400}}.get(kind, {200})
    assert max(polls) < 10 * contention()               # what other programs take is not the flood's doing
    print(f"{kind}: {len(met)} requests, polls p95 {sorted(polls)[int(0.95 * len(polls))] * 1000:.0f} ms")


def test_another_site_s_page_can_neither_read_nor_steer(app, paused):
    """As a browser sends it, cookie and all: the Host, the Origin or the fetch metadata give it away."""
    body = {"data": {"run": paused, "do": "stop"}, "component_id": app.me.part, "fn_name": "act", "session_hash": "test"}
    for origin in EVIL:
        assert app.me.post(body, origin=origin).status_code == 403
        answer = app.web.get("/config", headers={"origin": origin})
        assert answer.status_code == 403
        asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
        answer = app.web.options("/gradio_api/component_server", headers=asked)
        assert answer.headers.get("access-control-allow-origin") not in (origin, "*")
    for host in ("evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example", ""):
        assert app.me.post(body, host=host).status_code in (400, 403)
        assert app.web.get("/", headers={"host": host}).status_code in (400, 403)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert app.me.post(body, **{"content-type": kind, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}).status_code == 403
        assert app.me.post(body, **{"content-type": kind, "origin": "http://evil.example"}).status_code == 403
    assert app.call("poll", {"run": paused})["status"] == "paused"
    assert app.me.post(body, origin=app.url).json() == {"status": "stopped"} or app.me.until(paused, "stopped")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "+1 odd name", "@SUM(odd)", "-2+odd",
                                  "\"><img src=x onerror=alert(1)>"])
def test_names_that_bite_stay_text(app, paused, name):
    card = app.call("rename", {"run": paused, "name": name})["run"]
    assert card["name"] == name
    answer = app.me.ask("runs", {"scope": "mine"})
    assert answer.headers["content-type"].startswith("application/json")
    charts, table = (app.web.get(f"/play/runs/{paused}/{file}") for file in ("charts.html", "metrics.csv"))
    assert name not in charts.text
    assert "attachment" in charts.headers["content-disposition"]
    for row in csv.reader(io.StringIO(table.text)):
        assert not [cell for cell in row if cell[:1] in "=@+\t\r" and cell]
    assert safe_cell(name) == (f"'{name}" if name[0] in "=+-@" else name)


@pytest.mark.parametrize("name", ["x" * 10_000, "a\u202eb", "\u2066x\u2069", "a\nb", "\x00", "\u200b", "\ud800"])
def test_names_that_hide_or_turn_are_refused(app, paused, name):
    answer = app.call("rename", {"run": paused, "name": name})
    assert answer["error"]["field"] == "name"


def test_one_who_starts_a_hundred_runs_gets_a_few_and_the_next_slot_is_another_s(app):
    greedy, other = Person(app.url).come(), Person(app.url).come()
    most = greedy.call("catalogue", {})["limits"]["queued"] + 1         # one worker
    answers = [greedy.call("start", {"spec": TINY | {"seed": n}}) for n in range(100)]
    started, refused = [a["run"] for a in answers if "run" in a], [a["error"] for a in answers if "error" in a]
    assert len(started) == most
    assert {r["field"] for r in refused} == {"run"}
    assert "stop one, or wait" in refused[0]["message"]
    theirs = other.call("start", {"spec": TINY})["run"]
    assert other.call("poll", {"run": theirs})["position"] == 1
    greedy.until(started[0])
    greedy.call("act", {"run": started[0], "do": "stop"})
    other.until(theirs, "running", step=1)
    for person, ids in ((greedy, started[::-1]), (other, [theirs])):
        for id in ids:
            person.call("act", {"run": id, "do": "stop"})


class Recorded(LSGAN):
    """Remembers in which order runs began, by their seeds; holds its slot while told to."""

    order: list[int] = []
    hold = threading.Event()

    def step(self, batches):
        seed = self.generator.initial_seed()
        if self.steps == 0 and seed < 1000:             # else only its cost is being estimated
            self.order.append(seed)
        if seed < 2:
            self.hold.wait(60)
        yield from super().step(batches)


def test_fifty_wait_for_two_slots_in_fair_turns_and_the_next_is_refused(tmp_path, monkeypatch):
    join_zoo(monkeypatch, Recorded)
    monkeypatch.setattr(Recorded, "order", [])
    monkeypatch.setattr(Recorded, "hold", threading.Event())
    engine = Engine(tmp_path, 2, EAGER, Limits(free=0, queue=50, queued=50, waiting=40))

    def start(owner: str, seed: int) -> str:
        made = spec("recorded", steps=2, width_g=8, width_d=8).json() | {"seed": seed}
        with coming_from("192.0.2.1" if owner == "greedy" else f"192.0.2.{seed}"):
            return engine.submit(type(spec())(**made), owner).id

    try:
        first = [start("greedy", n) for n in range(2)]
        for id in first:
            until(engine, id, Status.RUNNING)
        ids = [start(owner, hundred + n) for owner, hundred, many in (("greedy", 100, 40), ("modest", 200, 8), ("late", 300, 2)) for n in range(many)]
        with pytest.raises(Refused, match="50 runs wait already") as refused:
            start("another", 400)
        assert refused.value.field == "run"
        assert sorted(engine.position(id) for id in ids) == list(range(1, 51))
        Recorded.hold.set()
        for id in [*first, *ids]:
            assert until(engine, id).status is Status.FINISHED
    finally:
        engine.close()
    kinds = [seed // 100 for seed in Recorded.order[2:]]
    assert max(i for i, kind in enumerate(kinds) if kind != 1) < 12             # ten of as many addresses, before the next of the one that trained
    for hundred in (1, 2, 3):
        mine = [seed for seed in Recorded.order[2:] if seed // 100 == hundred]
        assert all(abs(at - i) <= 3 for i, at in enumerate(sorted(range(len(mine)), key=mine.__getitem__)))     # two slots: neighbours may overtake
