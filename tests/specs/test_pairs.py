"""Suggested races: every one of them can be started as it stands, says something of its own, and reaches the page."""

from pathlib import Path

import pytest

from models import get
from models.kit.batch import lacking
from models.kit.capabilities import needs
from playground import data
from playground.specs import pairs, presets
from playground.specs.check import check
from playground.specs.pairs import SuggestedRace
from playground.ui.handlers.rpc import complete

LANE = '{ variant = "gan" }'
RACE = '[[races]]\nid = "one"\ntitle = "One"\nlook = "Look."\nlanes = [{lanes}]\n{more}'


def written(folder: Path, lanes: str = f"{LANE}, {LANE}", more: str = "", **changes: str) -> Path:
    text = RACE.replace("{lanes}", lanes).replace("{more}", more)
    for before, after in changes.items():
        text = text.replace(f'{before} = "', f'{before} = "{after}')
    path = folder / "pairs.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("race", pairs.suggested(), ids=lambda race: race.id)
def test_a_suggested_race_can_be_started_wherever_it_is_offered(race: SuggestedRace) -> None:
    """As the page sends it: on the data that it is made for, else on the ring and on all others that ship and that its variants can have."""
    variants = [get(lane.variant) for lane in race.lanes]
    fit = [d.id for d in data.DATASETS.values() if not d.needs and not any(lacking(needs(v), data.domain(d.id)) for v in variants)]
    assert (race.data or "ring8") in fit
    for id in [race.data] if race.data else fit:
        for lane in race.lanes:
            known = presets.names(lane.variant, id)
            spec = complete({"variant": lane.variant, "data": id, "preset": lane.preset or known[0], "knobs": lane.knobs, "options": {},
                             "size": None, "seed": 1, "steps": None})
            found = check(spec)
            assert {name: found.knobs[name] for name in lane.knobs} == lane.knobs


def test_its_lanes_differ_and_its_sentence_is_one() -> None:
    races = pairs.suggested()
    assert {"ebgan-began", "lsgan-ls-gan", "wgan-wgan-gp", "gan-minimax", "ebgan-pt"} <= {race.id for race in races}
    assert any(len(race.lanes) == 4 for race in races)
    for race in races:
        told = [str(lane) for lane in race.lanes]
        assert len(set(told)) == len(told), race.id
        assert race.look.endswith(".")
        assert len(race.look) > 40
    assert len({race.look for race in races}) == len({race.title for race in races}) == len(races)


@pytest.mark.parametrize(("change", "said"), [
    ({"lanes": LANE}, "lanes must be a list of 2 to 8"),
    ({"lanes": f'{LANE}, {{ variant = "ganx" }}'}, "no variant 'ganx'"),
    ({"lanes": f'{LANE}, {{ variant = "gan", preset = "slow" }}'}, "no preset 'slow'"),
    ({"lanes": f'{LANE}, {{ variant = "gan", knobs = {{ lr_g = 9.0 }} }}'}, "lr_g must lie between"),
    ({"lanes": f'{LANE}, {{ variant = "gan", knobs = {{ regulariser_weight = 2.0 }} }}'}, "regulariser_weight needs"),
    ({"lanes": f'{LANE}, {{ variant = "gan", seed = 3 }}'}, "no key 'seed'"),
    ({"lanes": f"{LANE}, 3"}, "must be a table"),
    ({"lanes": f'{LANE}, {{ variant = "cgan" }}', "more": 'data = "dirac"'}, "needs"),
    ({"more": 'data = "nowhere"'}, "no data 'nowhere'"),
    ({"more": 'why = "x"'}, "no key 'why'"),
    ({"id": "A b"}, "id must be"),
    ({"look": "x" * 300}, "look must be a text"),
    ({"more": RACE.replace("{lanes}", f"{LANE}, {LANE}").replace("{more}", "")}, "same id"),
    ({"more": "[other]"}, "nothing else"),
])
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(pairs.BadPair, match=said):
        pairs.read(written(tmp_path, **change))
