"""The advisor speaks where it should, on recorded runs, and is silent where it should be."""

import gzip
import json
import os
import re
import struct
from dataclasses import asdict

import pytest
from recording import CASES, FOLDER, NARROW, read

import models
from models.kit.knobs import check, declared
from playground.evaluation.suite import MEASURES
from playground.guidance.diagnosis import MOST, RUN, Advisor, If, Remedy, Rule, advise, histogram, score_gap
from playground.guidance.rules import RULES
from playground.inspection.critic import pack
from playground.specs.presets import preset
from playground.store.frames import Frames
from playground.store.history import History
from playground.store.journal import Journal
from playground.types import Run, Spec, Status

# what is said at the end of each record
SAID = {
    "began": ["settled"], "began_alone": ["alone"], "began_full": ["flung", "full"],
    "gan": ["even"], "gan_won": ["won"], "gan_minimax": ["won"], "gan_collapsed": ["spread"], "gan_memory": ["memory"],
    "lsgan": [], "lsgan_won": ["won"], "ls_gan": ["asking"], "ls_gan_idle": ["idle"],
    "ebgan": ["carving"], "ebgan_idle": ["idle"], "ebgan_memory": ["memory"], "ebgan_pt": ["carving"], "ebgan_pt_parallel": ["spread", "parallel"],
    "magan": ["stuck"], "magan_quick": ["carving"], "magan_shrinks": ["carving"],
    "wgan": [], "wgan_vanished": ["vanished"], "wgan_unclipped": ["unclipped"], "wgan_corners": ["corners"],
    "wgan_gp": [], "wgan_gp_steep": ["steep"], "wgan_gp_flat": ["spread", "flat", "lags"],
}
records = pytest.mark.parametrize("name", sorted(CASES))


def told(name: str, upto: int | None = None, **more) -> list[dict]:
    spec, history, hist = read(name, upto)
    return advise(RULES, spec, history, hist if upto is None else None, **more)


@records
def test_each_record_is_judged_as_it_was_made(name):
    assert [said["id"] for said in told(name)] == SAID[name]


def test_every_rule_has_a_record_that_it_fires_on():
    """Each by its words, for some share an id."""
    fired = {said["says"] for name, upto in (*((name, None) for name in CASES), ("began", 400)) for said in told(name, upto)}
    assert {rule.says for rule in RULES if not any(re.fullmatch(re.escape(rule.says).replace(r"\{\}", ".+"), says) for says in fired)} == set()


def test_how_far_apart_samples_lie_is_said_in_numbers():
    for spread, words in ((2.1, "twice as far"), (6.8, "7 times as far"), (1034.0, "1,000 times as far")):
        history = made(balance_k=lambda s: 0.5)
        history._take({"measure": {"sample/real": 1.0, "sample/std": spread}, "step": 1000})
        (said, *_) = advise(RULES, SPEC, history, None)
        assert words in said["says"]


def test_nothing_is_praised_while_not_one_mode_is_found():
    history, rule = made(balance_k=lambda s: 0.5), Rule("well", "", (If("balance/k", ">", 0),), alone=True)
    assert advise((rule,), SPEC, history, None)
    history._take({"measure": {"modes/found": 0}, "step": 1000})
    assert advise((rule,), SPEC, history, None) == []


def test_no_advice_turns_a_knob_the_other_way_than_what_stands_before_it():
    """Flung about, and k at 0 with the ratio above γ: half of both rates, and not G twice as fast beside it."""
    history = made(balance_k=lambda s: 0.0, balance_ratio=lambda s: 5.0)
    history._take({"measure": {"sample/real": 1.0, "sample/std": 9.0}, "step": 1000})
    first, second = advise(RULES, SPEC, history, None)
    assert [first["id"], second["id"]] == ["flung", "alone"]
    assert first["remedies"][0]["label"] == "Half of both rates"
    assert [remedy["label"] for remedy in second["remedies"]] == ["Set γ to the ratio that there is"]
    for name in CASES:
        ways = {}
        for remedy in (remedy for said in told(name) for remedy in said["remedies"]):
            for knob, value in remedy["knobs"].items():
                if isinstance(value, (int, float)):
                    assert ways.setdefault(knob, value > read(name)[0].knobs[knob]) == (value > read(name)[0].knobs[knob]), name


def test_the_margin_of_magan_s_quick_preset_steps_on_the_ring():
    spec, history, _ = read("magan_quick")
    assert spec.knobs == preset("magan", "ring8", "quick")["knobs"] | NARROW, "make the record anew: python -m tests.recording magan_quick"
    margins = history.columns["energy/margin"].values
    assert margins[-1] < 0.1 * margins.max()


def test_k_at_0_is_normal_early_and_a_sign_late():
    assert [said["id"] for said in told("began", 400)] == ["early"]
    assert [said["id"] for said in told("began_alone", 400)] == ["early"]
    assert [said["id"] for said in told("began_alone")] == ["alone"]


def test_nothing_is_said_of_a_run_that_has_not_begun():
    assert [told(name, 0) for name in CASES] == [[]] * len(CASES)


def test_a_record_is_small_and_nothing_else_lies_there():
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(files) == {f"{name}.jsonl.gz" for name in CASES}
    assert max(files.values()) < 16_000


@records
def test_a_rule_is_told_with_its_numbers_and_remedies_are_sound(name):
    spec, *_ = read(name)
    cls = models.get(spec.variant)
    for said in told(name):
        assert 40 < len(said["says"]) < 300
        assert "it is" in said["rule"]
        assert len(said["remedies"]) <= 2
        for remedy in said["remedies"]:
            assert remedy["kind"] in ("tune", "fork")
            assert asdict(check(cls.Knobs, spec.knobs | remedy["knobs"])) == spec.knobs | remedy["knobs"] != spec.knobs
            assert remedy["kind"] == "fork" or all(declared(cls.Knobs)[knob].metadata["live"] for knob in remedy["knobs"])
    assert {remedy["kind"] for said in told(name, live=False) for remedy in said["remedies"]} <= {"fork"}


def test_rules_speak_of_what_exists():
    knobs = {name for cls in models.ZOO.values() for name in declared(cls.Knobs)}
    live = {name for cls in models.ZOO.values() for name, f in declared(cls.Knobs).items() if f.metadata["live"]}
    known = knobs | set(MEASURES) | set(RUN) | {name for cls in models.ZOO.values() for name in cls.all_scalars()}
    for rule in RULES:
        assert {c.name for c in rule.when} | {c.than for c in rule.when if isinstance(c.than, str) and c.sign != "is"} <= known
        for remedy in rule.remedies:
            assert set(remedy.knobs) <= (live if remedy.kind == "tune" else knobs)
            assert {value[1] for value in remedy.knobs.values() if isinstance(value, tuple)} <= known


SPEC = Spec("began", "ring8", asdict(check(models.get("began").Knobs, {})), steps=1000)


def made(steps: int = 1000, **columns: object) -> History:
    """A history whose metrics are functions of the step."""
    history, at = History(None), list(range(1, steps + 1))
    history._take({"rows": {"step": at, **{name.replace("_", "/"): [f(s) for s in at] for name, f in columns.items()}}, "elapsed": 1.0})
    return history


def test_a_mean_is_over_its_part_of_the_steps():
    history = made(balance_k=lambda s: float(s))
    for condition, holds in ((If("balance/k", ">", 950), True), (If("balance/k", ">", 951), False), (If("balance/k", "<", 751, start=0.5), True),
                             (If("balance/k", ">", "balance/k", times=2.1, against=(0.4, 0.5)), True),
                             (If("balance/k", ">", "balance/k", times=2.12, against=(0.4, 0.5)), False),
                             (If("balance/k", ">", "gamma", times=1900), True), (If("balance/k", ">", "gamma", times=1902), False),
                             (If("hinge/active", "<", 1), False), (If("k_scale", "is", "raw"), True), (If("z", "is", "shared"), False)):
        assert bool(advise((Rule("x", "", (condition,)),), SPEC, history, None)) == holds, condition
    text = advise((Rule("x", "", (If("run/step", ">", 1, quiet=True), If("balance/k", ">", "gamma", times=2))),), SPEC, history, None)[0]["rule"]
    assert text == "k > 2 × γ, 1 (it is 950, the mean of the last 10% of the steps)"


def test_steps_count_from_the_fork_and_from_the_last_tune():
    """Of 1,000 steps at k = step, what came before is another setting's; the first steps after it say nothing yet."""
    def mean(event: dict, sign: str, than: float) -> bool:
        history = made(balance_k=lambda s: float(s))
        history._take(event)
        return bool(advise((Rule("x", "", (If("balance/k", sign, than, start=0.0),)),), SPEC, history, None))

    for event in ({"fork": {"run": "0" * 32, "variant": "began"}, "step": 800}, {"tune": {"gamma": [0.5, 1.5]}, "step": 800}):
        assert mean(event, ">", 900)
        assert not mean(event, ">", 901)
        assert not mean({**event, "step": 951}, ">", 0)
        assert mean({**event, "step": 950}, ">", 975)


def test_a_knob_is_what_it_was_tuned_to_and_a_remedy_stays_in_its_range():
    history = made(balance_k=lambda s: 0.5)
    rule = Rule("x", "", (If("gamma", ">", 1),), (Remedy("more", "tune", {"gamma": (3, "gamma")}), Remedy("none", "tune", {"margin": 1.0}),
                                                  Remedy("as it is", "tune", {"lambda_k": 1e-3})))
    assert advise((rule,), SPEC, history, None) == []
    history._take({"tune": {"gamma": [0.5, 1.5]}, "step": 900})
    said = advise((rule,), SPEC, history, None)
    assert said[0]["remedies"] == [{"label": "more", "kind": "tune", "knobs": {"gamma": 4.0}}]


def test_the_first_few_are_told_each_id_once_and_praise_alone():
    history, yes = made(balance_k=lambda s: 0.5), (If("balance/k", ">", 0),)
    rules = (*(Rule(id, "", yes) for id in "abbcd"), Rule("e", "", yes, alone=True))
    assert [said["id"] for said in advise(rules, SPEC, history, None)] == list("abc")[:MOST]
    assert [said["id"] for said in advise(rules[-1:], SPEC, history, None)] == ["e"]


def test_real_and_held_out_scores_apart_on_the_axis_that_is_shown():
    assert score_gap({"scale": "linear", "range": [-2, 2], "mean": {"real": 1.0, "held": 0.0}}) == pytest.approx(0.25)
    assert score_gap({"scale": "log", "range": [0.01, 1], "mean": {"real": 0.01, "held": 0.1}}) == pytest.approx(0.5)


def test_a_stored_look_s_histogram_is_read_or_is_none(tmp_path):
    looks, hist = Frames(tmp_path), {"range": [0, 1]}
    looks.put(7, pack({"hist": hist}, {}))
    assert histogram(looks, 7) == hist
    assert histogram(looks, 8) is None
    headless = gzip.compress(struct.pack("<I", 2) + b"{}")
    for n, damaged in enumerate((b"\x1f\x8b no gzip", gzip.compress(b"ab"), headless, looks.path(7).read_bytes()[:40])):
        looks.put(n, damaged)
        assert histogram(looks, n) is None


def test_advice_is_worked_out_once_for_each_state_of_a_journal(tmp_path):
    calls = []

    class Counted(tuple):
        def __iter__(self):
            calls.append(1)
            return super().__iter__()

    journal, run = Journal(tmp_path / "events.jsonl"), Run(os.urandom(16).hex(), SPEC, status=Status.RUNNING)
    history, advisor, looks = History(journal), Advisor(Counted(RULES)), Frames(tmp_path / "looks")
    journal.append({"rows": {"step": list(range(1, 101)), "balance/k": [0.99] * 100}, "elapsed": 1.0})
    assert [[said["id"] for said in advisor.advice(run, history.refresh(), looks)] for _ in range(3)] == [["full"]] * 3
    assert len(calls) == 1
    journal.append({"rows": {"step": [101], "balance/k": [0.99]}, "elapsed": 1.1})
    assert {remedy["kind"] for remedy in advisor.advice(run, history.refresh(), looks)[0]["remedies"]} == {"tune"}
    assert {remedy["kind"] for remedy in advisor.advice(run.with_status(Status.STOPPED), history, looks)[0]["remedies"]} == {"fork"}
    assert len(calls) == 3
    journal.close()
    assert json.dumps(advisor.advice(run, history, looks))
