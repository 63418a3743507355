"""What slow motion shows adds up: each formula's right side, worked out again from nothing but the numbers shown beneath it, is its left side."""

import re
from pathlib import Path

import pytest
from running import AtStep
from suited import place_of
from test_slow import trained

from models import ZOO
from playground.inspection.step_terms import GREEK, TIME
from playground.inspection.step_trace import trace_step

KNOBS = {        # those that change a formula, of variants that have some
    "gan": [{}, {"g_loss": "minimax"}, {"label_smooth": 0.2, "z": "shared"}, {"n_d": 3}],
    "rgan": [{"gp": 1.5}], "ragan": [{"gp": 0.4}, {"base": "least squares", "gp": 1.5}, {"base": "hinge"}],
    "lsgan": [{}, {"scheme": "-1, 1, 0", "n_d": 2}],
    "ls_gan": [{}, {"gp": 1.5, "real_weight": 0.3, "weight": 2.0, "tau": 0.4}],
    "infogan": [{}, {"n_con": 0, "lam_cat": 0.4}, {"variance": "learnt", "lam_con": 0.3}],
    "clustergan": [{}, {"n_critic": 1, "beta_n": 2.0, "sigma": 0.5}],
    "wgan": [{}, {"n_critic": 1, "clip": 0.1}],
    "wgan_gp": [{"n_critic": 1, "gp": 0.3}, {"n_critic": 3}],
    "ebgan": [{"margin": 100.0}, {"margin": 0.05, "reduction": "sum"}, {"exponent": "1", "critic": "denoise"}],
    "ebgan_pt": [{"pt": 0.4}, {"margin": 1.0, "critic": "plain"}],
    "magan": [{}, {"hold": 3.0}, {"epoch_len": 22, "reduction": "mean"}],
    "began": [{"k0": 0.3, "lambda_k": 5e-3, "gamma": 4.0}, {"k0": 0.3, "k_scale": "relative", "z": "shared"},
              {"k0": 0.5, "k_scale": "relative", "critic": "denoise"}, {"k0": 1.0, "lambda_k": 0.1, "gamma": 4.0}],
}
MIXED = [       # what is mixed in stands beneath the formula, too
    ("gan", "ring8", 0, {"relative": "average", "regulariser": "R1", "regulariser_weight": 0.3, "topk": 0.5}),
    ("gan", "digits", 16, {"relative": "pairwise", "regulariser": "LeCam", "topk": 0.3, "augment": "translation", "ada": 0.3}),
    ("gan", "digits", 16, {"augment": "colour, translation, cutout"}), ("wgan_gp", "digits", 16, {"augment": "translation", "n_critic": 1}),
    ("lsgan", "ring8", 0, {"relative": "pairwise", "scheme": "-1, 1, 0", "regulariser": "DRAGAN"}),
    ("lsgan", "ring8", 0, {"relative": "average", "scheme": "-1, 1, 0", "regulariser": "R2", "topk": 0.7}),
    ("sngan", "ring8", 0, {"relative": "pairwise", "topk": 0.5}), ("sngan", "ring8", 0, {"relative": "average"}),
    ("sngan", "ring8", 0, {"relative": "pairwise", "objective": "logistic", "regulariser": "0-centred GP"}),
    ("dragan", "ring8", 0, {"relative": "average", "regulariser": "DRAGAN"}),
    ("wgan", "ring8", 0, {"regulariser": "1-centred GP", "topk": 0.5}), ("wgan_gp", "ring8", 0, {"n_critic": 1, "regulariser": "1-centred GP"}),
    ("ls_gan", "ring8", 0, {"regulariser": "R1", "topk": 0.5}), ("softmax_gan", "ring8", 0, {"regulariser": "LeCam", "topk": 0.5}),
    ("r3gan", "ring8", 0, {"regulariser": "R1", "topk": 0.5}), ("rgan", "ring8", 0, {"regulariser": "clip", "topk": 0.5}),
]
ALL = {variant: KNOBS.get(variant, [{}]) for variant in sorted(ZOO)}
PLACES = [(variant, *place_of(variant), knobs) for variant, all_knobs in ALL.items() for knobs in all_knobs]
PICTURES = [(variant, "digits", 16, {**all_knobs[-1], "spectral": True}) for variant, all_knobs in ALL.items()]
LATEX = {r"\tfrac12": "0.5*", r"\,": " ", r"\ ": " ", "[": "(", "]": ")"}


def written(symbol: str) -> str:
    """A shown symbol as it stands in a formula's LaTeX."""
    return "".join(f"\\{GREEK[c]}" if c in GREEK else c for c in symbol).replace("log", r"\log").replace(" ", "")


def worked_out(side: str, shown: dict[str, float]) -> float:
    """One side of a formula from the numbers shown. Whatever is left that is no number is an error: it stands there without one."""
    line = TIME.sub("", side).replace("{", "").replace("}", "")
    for latex, plain in LATEX.items():
        line = line.replace(latex, plain)
    for symbol in sorted(shown, key=lambda s: len(written(TIME.sub("", s))), reverse=True):
        place = r"\s*".join(map(re.escape, written(TIME.sub("", symbol))))
        line = re.sub(rf"(?<![A-Za-z\\_]){place}(?![A-Za-z_])", f"({shown[symbol]!r})", line)
    line = re.sub(r"(?<=[\d)])\(", "*(", line.replace(" ", ""))
    assert not re.search(r"[^\d.e()+\-*/]", line), f"{line} has something without a number"
    return eval(line, {"__builtins__": {}})


def stages(folder: Path, variant: str, data: str, size: int, knobs: dict) -> list[dict]:
    return trace_step(trained(folder, variant, data, size, **knobs), AtStep(folder).latest())["stages"]


@pytest.fixture(scope="module", params=PLACES + PICTURES + MIXED, ids=lambda case: "-".join(map(str, case)))
def told(request, tmp_path_factory) -> tuple[str, dict[str, dict]]:
    """A variant, and the stages of one of its steps by their names."""
    variant, *more = request.param
    return variant, {stage["id"]: stage for stage in stages(tmp_path_factory.mktemp("run"), variant, *more)}


def values(stage: dict) -> dict[str, float]:
    return {t["symbol"]: t["value"] for t in stage["terms"] if t["value"] is not None}


def add_up(variant: str, found: dict[str, dict]) -> None:
    """Each loss of a step is the sum of what is shown beneath its formula."""
    for player in ZOO[variant].roles:
        stage = found[f"loss:{player}"]
        left, right = stage["formula"].split(r",\ ")[0].split(" = ")
        shown = values(stage)
        assert worked_out(right, shown) == pytest.approx(shown[left], rel=2e-4, abs=1e-5), stage


def test_every_loss_is_the_sum_that_stands_beneath_its_formula(told):
    add_up(*told)


def test_one_batch_and_one_z_serve_every_stage(told):
    _, found = told
    at_once = list(found).index("loss:G") < list(found).index("move:D")
    score, again, g, d = (values(found[id]) for id in ("score", "again", "loss:G", "loss:D"))
    for symbol in score.keys() & d.keys():
        assert d[symbol] == pytest.approx(score[symbol], rel=1e-4, abs=1e-6)
    some = "fakes that count" in found["loss:G"]["says"]                # with top-k G's means are of these alone
    for symbol in (again.keys() & g.keys()) - {symbol for symbol in again if some and symbol in ("D(G(z))", "L(g)", "μ(G(z))")}:
        assert g[symbol] == pytest.approx((score if at_once else again)[symbol], rel=1e-4, abs=1e-6)
    if "hinge" in found:
        hinge = {symbol: value for symbol, value in values(found["hinge"]).items() if symbol.endswith(")_+")}
        assert hinge
        assert hinge.items() <= d.items()
        assert "mean of max(0, ·)" in found["hinge"]["says"]


@pytest.mark.parametrize("knobs", KNOBS["began"])
@pytest.mark.parametrize(("data", "size"), [("ring8", 0), ("digits", 16)])
def test_began_s_k_is_what_its_formula_gives(tmp_path, data, size, knobs):
    stage = stages(tmp_path, "began", data, size, knobs if size == 0 else knobs | {"gamma": 0.5})[-1]
    line, k = stage["formula"], next(t for t in stage["terms"] if t["symbol"] == "k")
    assert line.endswith(r",\ \text{within [0, 1]}")
    assert (r"/ \mu_U" in line) == (knobs.get("k_scale") == "relative")
    right = line.removesuffix(r",\ \text{within [0, 1]}").split(" = ")[1]
    assert min(1, max(0, worked_out(right, values(stage) | {"k": k["was"]}))) == pytest.approx(k["value"], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("steps", "phase"), [(10, "warm-up"), (30, "measure"), (59, "an epoch's end"), (79, "the next one's"), (70, "within")])
def test_magan_s_margin_is_what_its_formula_gives(tmp_path, steps, phase):
    spec = trained(tmp_path, "magan", steps=steps, pretrain=20, epoch_len=20)
    stage = trace_step(spec, AtStep(tmp_path).latest())["stages"][-1]
    shown, m = values(stage), next(t for t in stage["terms"] if t["symbol"] == "m")
    if phase == "warm-up":
        assert (stage["formula"], m["value"]) == ("", m["was"])
    elif phase == "measure":
        assert worked_out(stage["formula"].split(" = ")[1], shown | {"m": m["was"]}) == pytest.approx(m["value"], rel=1e-5)
    else:
        assert shown["S_x < m"] == (shown["S_x"] < m["was"])
        assert shown["S_x < S_g"] == (shown["S_x"] < shown["S_g"])
        follows = "end" in phase or "next" in phase
        follows = follows and all(shown[s] for s in ("S_x < m", "S_x < S_g", "S_g rose"))
        assert m["value"] == pytest.approx(shown["S_x"] if follows else m["was"], rel=1e-5)


@pytest.mark.parametrize("variant", sorted(ZOO))
def test_a_formula_s_parts_are_in_it_with_some_knobs(variant):
    cls = ZOO[variant]
    lines = " ".join(cls.formula) + " ".join(form.new for form in cls.forms)
    assert all(form.old in " ".join([*cls.formula, *(f.new for f in cls.forms)]) for form in cls.forms)
    for part in cls.parts:
        assert written(part.symbol) in lines.replace(" ", "").replace("{", "").replace("}", ""), part.symbol
