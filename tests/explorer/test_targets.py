"""Pictures that people send to have their latents found."""

import io
import time
from collections.abc import Iterator

import pytest
from PIL import Image
from serving import PICTURES, Place, place, until

from models.kit.batch import POINTS, Shape
from playground.data import decoded
from playground.data.sources import download_root as kept_at
from playground.explorer.uploaded_targets import ALL, EACH, SIDE, UploadedTargets
from playground.types import Refused, Status
from playground.ui.requests.identity import Person, current_user

PATH = "/play/upload/picture"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("targets")) as found:
        found.client.get("/")
        yield found


def png(colour: tuple[int, int, int] = (250, 10, 120)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


def test_a_picture_comes_at_the_size_and_in_the_channels_that_g_makes(tmp_path):
    path, kept = tmp_path / "a", UploadedTargets()
    path.write_bytes(png())
    id = kept.put("ada", path)
    assert kept.get(("eve", "ada"), id, Shape(3, 28))[:, 3, 3].tolist() == [250, 10, 120]
    assert kept.get(("ada",), id, Shape(1, 64)).shape == (1, 64, 64)
    for names, asked, shape in ((("eve",), id, Shape(3, 32)), ((), id, Shape(3, 32)), (("ada",), "0" * 32, Shape(3, 32)), (("ada",), id, POINTS)):
        with pytest.raises(Refused) as refused:
            kept.get(names, asked, shape)
        assert refused.value.field == "target"


def test_a_few_of_each_person_stay_and_so_many_in_all(tmp_path):
    path, kept = tmp_path / "a", UploadedTargets()
    path.write_bytes(png())
    picture = decoded.square(path, SIDE)
    ids = [kept.keep("ada", picture) for _ in range(EACH + 1)]
    kept.get(("ada",), ids[1], Shape(3, 16))
    with pytest.raises(Refused, match="send it again"):
        kept.get(("ada",), ids[0], Shape(3, 16))
    for i in range(ALL):
        last = kept.keep(f"p{i}", picture)
    kept.get((f"p{ALL - 1}",), last, Shape(3, 16))
    with pytest.raises(Refused, match="send it again"):
        kept.get(("ada",), ids[1], Shape(3, 16))


def test_a_picture_that_was_sent_is_looked_for(there):
    message = {"run": there.pictures, "target": {"upload": there.client.post(PATH, content=png()).json()["upload"]}, "restarts": 1, "steps": 10}
    assert there.call["invert"](message)["error"]["field"] == "target"            # the picture is the client's
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in there.client.cookies.jar)
    people = there.client.app.user_middleware[0].kwargs["people"]
    token = current_user.set(people.of({"headers": [(b"cookie", cookies.encode())]}))
    try:
        job = there.call["invert"](message)
    finally:
        current_user.reset(token)
    end = time.monotonic() + 60
    while not (found := there.call["job"](job))["done"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (found["target"]["size"], found["share"]) == (28, 1)


def test_what_is_no_picture_or_too_much_is_refused_and_nothing_of_it_stays(there):
    for content, status in ((b"GIF89a no", 400), (b"", 400), (b"x" * 10_000_001, 413)):
        answer = there.client.post(PATH, content=content)
        assert (answer.status_code, answer.json()["error"]["field"]) == (status, "file")
    assert not list((there.engine.runs.root.parent / "uploads").glob("*"))


def test_held_out_pictures_of_somebody_s_own_are_no_target_for_others(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_at, "root", tmp_path)
    with place(tmp_path) as there:
        run = there.call["start"]({"spec": {**PICTURES, "data": "own", "size": 16, "options": {"set": there.own}}})["run"]
        until(there.engine, run, Status.FINISHED)
        asked = {"model": there.call["publish"]({"run": run, "public": True})["model"]["id"], "target": {"index": 0}, "restarts": 1, "steps": 10}
        assert "job" in there.call["invert"](asked)
        token = current_user.set(Person(("cookie:eve",)))
        try:
            assert there.call["invert"](asked)["error"]["field"] == "data"
        finally:
            current_user.reset(token)


BAD = [{"index": 1, "upload": "0" * 32}, {"upload": "x"}, {"upload": 7}, {"upload": ["0" * 32]}, {"index": -1}, {"index": 1.5}, {"index": True}, {}]


@pytest.mark.parametrize("target", BAD)
def test_what_is_no_target_is_refused_by_its_field(there, target):
    assert there.call["invert"]({"run": there.pictures, "target": target})["error"]["field"] == "target"
