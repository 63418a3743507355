"""Sixty cookies from one address ask for all that makes others wait; a person from another address has answers within bounds."""

import itertools
import threading
import time
from collections import Counter

import httpx
import pytest
from apps import TINY, App, Person
from picturing import painted, png, pngs, zipped
from running import contention

CROWD, SECONDS, WHOLE = 60, 10.0, 120.0        # cookies; in which answers come if nothing else runs; the crowd goes on for at most
MODEL, SETS = "ebgan-toon_heads", 45
PICTURE, IMAGES, JOIN = "/play/upload/picture", "/play/upload/images", "/gradio_api/queue/join"


class Crowd:
    """Each of them asks again and again, as fast as it is answered, until it is told to stop."""

    def __init__(self, app: App) -> None:
        self.stop, self.met, self.end = threading.Event(), Counter(), time.monotonic() + WHOLE
        self.people = [Person(app.url, address="127.0.0.1").come() for _ in range(CROWD)]
        self.seeds = itertools.count(10_000)
        self.run = self.people[0].call("start", {"spec": TINY | {"steps": 40}})["run"]
        self.people[0].until(self.run, "finished")
        self.threads = [threading.Thread(target=self.ask, args=(n, person)) for n, person in enumerate(self.people)]
        for thread in self.threads:
            thread.start()

    def ask(self, n: int, person: Person) -> None:
        acts = [self.trickle, self.strip, self.walk, self.invert, self.slow, self.program, self.pictures, self.samples, self.nearest, self.estimate]
        act = acts[n % len(acts)]
        while not self.stop.is_set() and time.monotonic() < self.end:
            try:
                answer = act(person, next(self.seeds))
            except httpx.TransportError:
                answer = None
            refused = answer is not None and answer.status_code in (200, 400, 503) and '"error"' in answer.text[:200]
            self.met[act.__name__, "refused" if refused else "taken"] += 1
            if refused:
                time.sleep(0.05)

    def trickle(self, person: Person, seed: int) -> httpx.Response:
        """A file that comes a byte at a time."""
        def slowly():
            while not self.stop.wait(0.5) and time.monotonic() < self.end:
                yield b"x"
        return person.web.post(PICTURE, content=slowly())

    def strip(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("strip", {"model": MODEL, "a": seed, "b": 2, "n": 120})

    def samples(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("samples", {"model": MODEL, "seed": seed, "n": 64})

    def walk(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("walk", {"model": MODEL, "places": [seed, 1, 2, 3, 4], "n": 60, "format": "gif", "scale": 1})

    def nearest(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("nearest", {"model": MODEL, "place": seed})

    def invert(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("invert", {"model": MODEL, "target": {"index": seed % 50}, "restarts": 16, "steps": 1000})

    def slow(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("slow", {"run": self.run, "step": seed})

    def program(self, person: Person, seed: int) -> httpx.Response:
        return person.web.post(JOIN, json={"fn_index": 2, "data": [MODEL, seed, 1, 120], "session_hash": f"crowd-{seed}"})

    def pictures(self, person: Person, seed: int) -> httpx.Response:
        return person.web.post(f"{IMAGES}?name=many", content=zipped(pngs(400)), headers={"content-type": "application/zip"})

    def estimate(self, person: Person, seed: int) -> httpx.Response:
        return person.ask("estimate", {"spec": {**TINY, "knobs": {"width_g": 8 + seed % 200, "width_d": 8 + seed % 199, "batch": 16}}})

    def leave(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(90)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    app = App(tmp_path_factory.mktemp("rooms") / "data").start()
    seconds = SECONDS * contention()                    # what other programs take is not the crowd's doing
    crowd = Crowd(app)
    time.sleep(4)                                       # all rooms are full
    yield app, seconds
    crowd.leave()
    print({f"{act} {what}": n for (act, what), n in sorted(crowd.met.items())})
    assert app.end()[0] == 0
    assert crowd.met["trickle", "refused"] > 0
    acts = ("strip", "walk", "invert", "slow", "program", "pictures", "samples", "nearest")
    assert all(crowd.met[act, "taken"] + crowd.met[act, "refused"] for act in acts)


def test_a_person_from_another_address_is_answered_within_bounds(crowded):
    """Uploads a picture and a set of images, samples, interpolates, walks, searches, estimates, looks into a run, and calls as a program."""
    app, seconds = crowded
    person, took = Person(app.url, address="127.0.0.2").come(), {}

    def within(name: str, act) -> dict:
        began = time.monotonic()
        answer = act()
        took[name] = round(time.monotonic() - began, 2)
        answer = answer if isinstance(answer, dict) else answer.json()
        assert "error" not in answer, (name, answer, took)
        assert took[name] < seconds, took
        return answer

    sent = within("upload", lambda: person.web.post(PICTURE, content=png(painted(1))))["upload"]
    for n in range(3):
        within(f"samples {n}", lambda n=n: person.call("samples", {"model": "gan-digits", "seed": n, "n": 16}))
        within(f"interpolation {n}", lambda n=n: person.call("strip", {"model": "gan-digits", "a": n, "b": 7, "n": 9}))
    within("walk", lambda: person.call("walk", {"model": "gan-digits", "places": [1, 2], "n": 10, "format": "gif"}))
    job = within("search", lambda: person.call("invert", {"model": "gan-digits", "target": {"upload": sent}, "restarts": 2, "steps": 20}))["job"]
    within("estimate", lambda: person.call("estimate", {"spec": {**TINY, "knobs": {"width_g": 251, "width_d": 16, "batch": 16}}}))
    answer = within("images", lambda: person.web.post(f"{IMAGES}?name=mine", content=zipped(pngs(SETS)), headers={"content-type": "application/zip"}))
    within("program", lambda: person.web.post(JOIN, json={"fn_index": 1, "data": ["gan-digits", 4, 5], "session_hash": "a-program"}))
    said = within("its answer", lambda: {"text": person.web.get("/gradio_api/queue/data?session_hash=a-program").text})
    assert '"success":true' in said["text"]
    began = time.monotonic()
    while not (told := person.call("job", {"job": job}))["done"]:
        assert time.monotonic() < began + seconds
        time.sleep(0.1)
    assert not told.get("lost")
    while not (made := person.call("sets", {"job": answer["job"]})["job"])["set"]:
        assert not made["error"], made
        assert time.monotonic() < began + seconds + 10
        time.sleep(0.1)
    print(took)
