"""Models to the Hub and from it, against a stand-in for its HTTP API; and what is said where there is no Hub, no right or no model."""

import logging
from collections.abc import Iterator

import pytest
from apps import free_port
from hubbing import READS, WRITES, Hub, standing_in
from modelling import packed
from serving import Place, as_, place

from models.kit.batch import Shape
from playground.artifacts import huggingface as ours
from playground.artifacts.model_file import unpack
from playground.artifacts.model_forms import SMALL
from playground.store.models import FILE, GRID
from playground.types import Refused
from playground.ui.requests.identity import Person

REPO, EVE = "ada/some-model", Person(("hf:eve",), "eve")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("hub"), tmp_path_factory.mktemp("none")) as found:
        yield found


@pytest.fixture
def hub(monkeypatch) -> Iterator[Hub]:
    with standing_in() as found:
        monkeypatch.setenv("HF_ENDPOINT", found.url)
        monkeypatch.setenv("HF_TOKEN", "hf_the_server_s_own_0123")
        yield found


def refused(there: Place, name: str, **message) -> tuple[str, str]:
    told = there.call[name](message)["error"]
    return told["field"], told["message"]


def test_a_model_goes_to_the_hub_and_comes_back(there, hub):
    assert there.call["push"]({"model": there.model, "repo": REPO, "token": WRITES}) == {"url": f"{hub.url}/{REPO}"}
    entry = there.call["model"]({"model": there.model})
    files = hub.repos[REPO]
    assert set(files) == {FILE, GRID, "README.md"}
    assert files["README.md"].decode() == entry["text"]
    assert hub.private == {REPO}                        # until it is published here
    came = there.call["pull"]({"repo": REPO, "token": READS})["model"]
    assert (came["variant"], came["step"], came["mine"], came["published"]) == (entry["variant"], entry["step"], True, False)
    assert there.client.get(f"/play/models/{came['id']}/model.safetensors").content == files[FILE]


def test_a_small_file_goes_to_and_fro_as_it_is(there, hub):
    hub.repos = {REPO: {FILE: packed("sgan", Shape(1, 16), SMALL)}}
    came = there.call["pull"]({"repo": REPO})["model"]
    assert (came["variant"], came["dims"], came["bytes"] < 100_000) == ("sgan", [1, 16, 16], True)
    assert there.call["push"]({"model": came["id"], "repo": "ada/another", "token": WRITES}) == {"url": f"{hub.url}/ada/another"}
    assert hub.repos["ada/another"][FILE] == hub.repos[REPO][FILE]
    hub.repos[REPO][FILE] = packed("sgan", Shape(1, 16), SMALL).replace(SMALL.encode(), b"gan-playground-1      ")
    field, message = refused(there, "pull", repo=REPO)
    assert (field, "no model of this playground" in message) == ("file", True), message


def test_it_is_put_there_again_and_a_published_one_for_all(there, hub):
    there.call["share_model"]({"model": there.model, "published": True})
    for name in ("first", "second"):
        there.call["name_model"]({"model": there.model, "name": name})
        assert "url" in there.call["push"]({"model": there.model, "repo": REPO, "token": WRITES})
        assert f"# {name}" in hub.repos[REPO]["README.md"].decode()
    assert hub.private == set()
    there.call["share_model"]({"model": there.model, "published": False})
    assert "model" in there.call["pull"]({"repo": REPO, "revision": "main"})


def test_the_token_of_who_signed_in_is_used_and_the_server_s_never(there, hub, caplog):
    signed = Person(("local",), "ada", token=WRITES)
    with as_(signed):
        assert "url" in there.call["push"]({"model": there.model, "repo": REPO})
        assert "model" in there.call["pull"]({"repo": REPO})
    assert {token for _, path, token in hub.seen if not path.startswith(("/lfs", "/cdn"))} == {WRITES}
    assert {token for _, path, token in hub.seen if path.startswith(("/lfs", "/cdn"))} == {""}       # another host gets none
    assert WRITES not in repr(signed)
    hub.seen.clear()
    hub.private.clear()
    assert "model" in there.call["pull"]({"repo": REPO})
    assert {token for *_, token in hub.seen} == {""}
    with caplog.at_level(logging.DEBUG):
        there.call["push"]({"model": there.model, "repo": "eve/hers", "token": WRITES})
        there.call["push"]({"model": there.model, "repo": REPO, "token": WRITES})
    assert WRITES not in caplog.text


def test_without_a_token_or_with_one_that_has_no_right_it_is_said(there, hub):
    assert refused(there, "push", model=there.model, repo=REPO)[0] == "token"
    assert hub.seen == []
    unknown = "hf_unknown_to_the_hub_0"
    for token, repo, words in ((READS, REPO, "may not write"), (WRITES, "eve/hers", "may not write"), (unknown, REPO, "does not take")):
        field, message = refused(there, "push", model=there.model, repo=repo, token=token)
        assert (field, words in message, token in message) == ("token", True, False)
    assert hub.repos == {}


def test_what_is_not_there_is_said(there, hub):
    hub.repos = {REPO: {"config.json": b"{}"}, "ada/secret": {FILE: packed()}}
    hub.private = {"ada/secret"}
    assert refused(there, "pull", repo="ada/nothing")[0] == "repo"
    assert "private" in refused(there, "pull", repo="ada/secret")[1]
    assert "no model.safetensors" in refused(there, "pull", repo=REPO)[1]
    hub.repos[REPO][FILE] = packed()
    assert refused(there, "pull", repo=REPO, revision="v2/x")[0] == "revision"
    for status, field in ((429, "hub"), (500, "hub"), (503, "hub")):
        hub.broken = status
        assert refused(there, "pull", repo=REPO)[0] == field


@pytest.mark.parametrize(("file", "words"), [(b"\x80\x04N." + bytes(200), "pickle"), (packed()[:-4], "cut off"), (b"", "empty"),
                                             (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS")])
def test_what_comes_from_the_hub_is_checked_like_a_file_that_is_sent(there, hub, file, words):
    before = len(there.call["models"]({})["models"])
    hub.repos = {REPO: {FILE: file}}
    field, message = refused(there, "pull", repo=REPO)
    assert (field, words in message) == ("file", True), message
    assert len(there.call["models"]({})["models"]) == before


def test_no_more_is_read_than_a_model_may_have(hub, monkeypatch):
    hub.repos = {REPO: {FILE: packed()}}
    assert unpack(ours.pull(REPO)).about.step == 7
    monkeypatch.setattr(ours, "MOST_BYTES", -ours.HEAD)
    with pytest.raises(Refused, match="at most 64 MB"):
        ours.pull(REPO)


def test_without_a_network_it_is_said_what_is_missing(there, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    for name, message in (("push", {"model": there.model, "repo": REPO, "token": WRITES}), ("pull", {"repo": REPO})):
        field, said = refused(there, name, **message)
        assert (field, "cannot be reached" in said, "Download" in said) == ("hub", True, True)


def test_whose_it_is_comes_first(there, hub):
    with as_(EVE):
        assert refused(there, "push", model=there.model, repo=REPO, token=WRITES)[0] == "owner"
    with as_(Person()):
        assert refused(there, "pull", repo=REPO)[0] == "owner"
    assert hub.seen == []
    for repo in ("model", "a/b/c", "../x", "a/..", "a--b/c", "a/b c", "https://evil.example/a"):
        assert refused(there, "pull", repo=repo)[0] == "repo"
    for revision in ("..", "a..b", "/x", "a b", "x" * 101):
        assert refused(there, "pull", repo=REPO, revision=revision)[0] == "revision"
