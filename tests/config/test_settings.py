"""Settings are declared once, read from the environment, refused by name, and all of them stand in the room's README."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from playground.config.settings import GB, AccessPolicy, Limits, notice, resumes
from playground.types import Refused

README = (Path(__file__).parents[2] / "playground" / "config" / "README.md").read_text()
SPACE = {"SPACE_ID": "somebody/playground", "SPACE_HOST": "somebody-playground.hf.space"}
OAUTH = SPACE | {"OAUTH_CLIENT_ID": "x"}


def test_defaults_are_for_a_machine_of_ones_own_and_a_space_s_for_many():
    assert Limits.read({}) == Limits()
    space = Limits.read(SPACE)
    assert (space.seconds, space.each, space.whole, space.days) == (3600, GB, 20 * GB, 30)
    assert Limits.read(SPACE | {"PLAYGROUND_SECONDS": "none", "PLAYGROUND_GB_EACH": "0.5"}).seconds is None
    assert Limits.read({"PLAYGROUND_GB_EACH": "0.5"}).each == GB // 2
    assert Limits.read({"PLAYGROUND_RUNS_EACH": " 3 "}).running == 3


@pytest.mark.parametrize("field", fields(Limits), ids=lambda f: f.name)
@pytest.mark.parametrize("value", ["x", "nan", "inf", "-1", "1e300", "1 2", "٣x", "none of it"])
def test_a_number_that_cannot_be_is_refused_by_name_and_range(field, value):
    variable = field.metadata["variable"]
    with pytest.raises(Refused, match=f"{variable} must be a .*number between") as refused:
        Limits.read({variable: value})
    assert refused.value.field == variable


def test_no_limit_is_for_those_that_may_have_none():
    with pytest.raises(Refused, match="PLAYGROUND_RUNS_EACH"):
        Limits.read({"PLAYGROUND_RUNS_EACH": "none"})
    with pytest.raises(Refused, match="whole number"):
        Limits.read({"PLAYGROUND_RUNS_EACH": "2.5"})


def test_the_door():
    assert AccessPolicy.read({}) == AccessPolicy()
    assert AccessPolicy.read({"SPACE_HOST": "a.b"}).hosts == frozenset()        # not a Space: nobody's word
    assert AccessPolicy.read(SPACE).hosts == {"somebody-playground.hf.space"}
    assert AccessPolicy.read({"PLAYGROUND_HOSTS": "a.example, B.example"}).hosts == {"a.example", "b.example"}
    access = AccessPolicy.read(OAUTH | {"PLAYGROUND_SIGN_IN": "1", "PLAYGROUND_ADMINS": "ada, grace"})
    assert (access.space, access.oauth, access.sign_in, access.admins) == (True, True, True, {"ada", "grace"})


@pytest.mark.parametrize(("variable", "value"), [("PLAYGROUND_SIGN_IN", "yes"), ("PLAYGROUND_SIGN_IN", "1"), ("PLAYGROUND_ADMIN_KEY", "short"),
                                                 ("PLAYGROUND_HOSTS", "http://a.example/x"), ("PLAYGROUND_RESUME", "2"),
                                                 ("PLAYGROUND_PROXIES", "proxy.example"), ("PLAYGROUND_PROXIES", "10.0.0.1/8"),
                                                 ("PLAYGROUND_PROXIES", "0.0.0.0/0")])
def test_what_cannot_be_is_refused_by_name(variable, value):
    with pytest.raises(Refused, match=variable) as refused:
        (resumes if variable == "PLAYGROUND_RESUME" else AccessPolicy.read)({variable: value})
    assert refused.value.field == variable


def test_runs_go_on_by_themselves_on_a_space():
    assert not resumes({})
    assert resumes(SPACE)
    assert not resumes(SPACE | {"PLAYGROUND_RESUME": "0"})
    assert resumes({"PLAYGROUND_RESUME": "1"})


def test_a_space_says_what_it_does_not_keep_and_what_zerogpu_cannot():
    assert notice("/data", {}) == ""
    assert notice("/data", SPACE) == ""
    assert "lost when it restarts" in notice("data", SPACE)
    assert "ZeroGPU" in notice("/data", SPACE | {"SPACES_ZERO_GPU": "true"})


def test_the_readme_names_every_setting_that_is_read():
    root = Path(__file__).parents[2]
    read = {name for file in (root / "playground").rglob("*.py") for name in re.findall(r'"(PLAYGROUND_[A-Z_]+)"', file.read_text())}
    told = set(re.findall(r"`(PLAYGROUND_[A-Z_]+)[`=]", README))
    assert read == told
    for f in fields(Limits):
        row = next(line for line in README.splitlines() if line.startswith(f"| `{f.metadata['variable']}`"))
        assert f"{f.metadata['default'] if f.metadata['default'] is not None else 'none'}" in row.replace(",", "")
