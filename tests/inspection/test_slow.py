"""One step in slow motion is the step that training makes next, for every variant, and leaves nothing behind."""

import base64
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from running import CALM, AtStep
from suited import place_of, takes
from training import short

from models import ZOO
from models.kit.batch import POINTS
from models.kit.energy import Energy
from models.kit.gan import GAN
from playground.inspection.step_terms import mentions
from playground.inspection.step_trace import trace_step
from playground.specs.check import check
from playground.store.history import History
from playground.types import Refused, Spec, Status
from playground.worker.turns import run

SMALL = {"width_g": 4, "width_d": 4, "batch": 8, "z_dim": 8}
PLAYING = {"magan": {"pretrain": 0}}         # G is to move in the step that is shown
SHARED = {"gan": {"z": "shared"}, "began": {"z": "shared"}}
FRESH = {"magan": {"energy/fake", "balance/L", "criteria/less", "criteria/rose"}, "ebgan_pt": {"code/pt", "code/rank"}, "wgan": {"slope/mean"},
         "infogan": {"info/ce", "info/mi", "info/nll", "info/error", "loss/q", "grad/q"},
         "clustergan": {"info/ce", "info/mi", "info/square", "info/error", "loss/e", "grad/e"}, "acgan": {"ce/asked"}}
"""What a step logs of the z that it draws anew for G: here one z serves both players. G's loss is such a number, too, unless both share a z;
and D's own noise is another."""
PLACES = pytest.mark.parametrize(("data", "size"), [("ring8", 0), ("digits", 16)])
every = pytest.mark.parametrize("variant", sorted(ZOO))


def trained(folder: Path, variant: str, data: str = "ring8", size: int = 0, steps: int = 22, **knobs) -> Spec:
    asked = SMALL | short(ZOO[variant]) | PLAYING.get(variant, {}) | knobs
    made = check({"variant": variant, "data": data, "size": size, "steps": steps, "knobs": asked})
    assert run(made, AtStep(folder), CALM) == (Status.FINISHED, "")
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def next_row(folder: Path, spec: Spec, aside: Path) -> dict[str, float]:
    """What the step after the checkpoint logs when the run goes on."""
    shutil.copytree(folder, aside)
    longer = check(spec.json() | {"steps": spec.steps + 1})
    assert run(longer, AtStep(aside), CALM) == (Status.FINISHED, "")
    rows = History(AtStep(aside).journal).refresh().exact()
    return {name: column[-1] for name, column in rows.items()}


def terms(told: dict, stage: str) -> dict[str, dict]:
    return {t["symbol"]: t for s in told["stages"] if s["id"] == stage for t in s["terms"]}


@every
@PLACES
def test_its_numbers_are_those_of_the_next_step_and_nothing_on_disk_changes(tmp_path, variant, data, size):
    quiet = {"spectral": False, **({"noise": 0.0} if issubclass(ZOO[variant], Energy) else {})}         # in slow motion power iteration rests
    spec = trained(tmp_path / "run", variant, data, size, **SHARED.get(variant, {}), **quiet)
    before = files(tmp_path / "run")
    told = trace_step(spec, AtStep(tmp_path / "run").latest())
    assert files(tmp_path / "run") == before
    row = next_row(tmp_path / "run", spec, tmp_path / "on")
    assert told["step"] == row.pop("step") == 23
    shown = [t["value"] for stage in told["stages"] for t in stage["terms"] if t["value"] is not None]
    others = {f"{kind}/{player.lower()}" for player, role in ZOO[variant].roles.items() if role != "critic" for kind in ("loss", "grad")}
    for name in row.keys() - FRESH.get(variant, set()) - (others if variant not in SHARED else set()):
        assert row[name] == pytest.approx(min(shown, key=lambda value, to=row[name]: abs(value - to)), rel=1e-6), name


@every
def test_the_stages_come_in_the_order_of_the_game(tmp_path, variant):
    told = trace_step(trained(tmp_path, variant, *place_of(variant)), AtStep(tmp_path).latest())
    ids = [stage["id"] for stage in told["stages"]]
    hinge = ["hinge"] if any(line.startswith("L_D") and ")_+" in line for line in ZOO[variant].formula) else []
    players = ZOO[variant].roles
    assert ids[:3] == ["draw", "fakes", "score"]
    assert ids[-1] == "state"
    assert sorted(ids) == sorted(["draw", "fakes", "score", *hinge, "again", "state", *(f"{act}:{p}" for p in players for act in ("loss", "move"))])
    assert all(ids.index(f"loss:{player}") < ids.index(f"move:{player}") for player in players)
    assert ids.index("again") == ids.index("move:D") + 1
    if players == GAN.roles:                        # a variant with more players may begin with another
        assert ids[3:4 + len(hinge)] == [*hinge, "loss:D"]
        assert ids.index("again") < ids.index("move:G")
    assert all(stage["title"] and stage["says"] for stage in told["stages"])
    for player in players:
        formula = next(stage["formula"] for stage in told["stages"] if stage["id"] == f"loss:{player}")
        assert formula == next((line for line in ZOO[variant].formula if line.startswith(f"L_{player}")), "")


@pytest.mark.parametrize("variant", [v for v in sorted(ZOO) if takes(v, POINTS) and ZOO[v].roles == GAN.roles])
def test_the_same_samples_are_looked_at_all_the_way(tmp_path, variant):
    told = trace_step(trained(tmp_path, variant), AtStep(tmp_path).latest())
    by = {stage["id"]: stage for stage in told["stages"]}
    clouds = {id: stage["cloud"] for id, stage in by.items() if "cloud" in stage}
    own = {f"move:{player}" for player, role in ZOO[variant].roles.items() if role not in ("critic", "generator")}
    assert [id for id in clouds if id not in own] == ["draw", "fakes", "score", "again", "move:G"]
    assert clouds.pop("draw") == {of: clouds["fakes"][of] for of in ("z", "real")}
    first, last = clouds["fakes"], clouds["move:G"]
    assert all(len(cloud[of]) == 8 and cloud["real"] == first["real"] and cloud["z"] == first["z"] for cloud in clouds.values() for of in cloud)
    assert first["fake"] == clouds["again"]["fake"] != last["fake"]
    values = [[t["value"] for t in by[id]["terms"][-2:]] for id in ("score", "again", "move:G")]
    was = [[t["was"] for t in by[id]["terms"][-2:]] for id in ("again", "move:G")]
    assert was == values[:2]
    assert values[0] != values[1]
    assert values[1][0] == values[2][0]                 # G's move changes no real sample's score


def opened(uri: str) -> np.ndarray:
    kind, body = uri.split(",")
    assert kind == "data:image/webp;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(body))))


@pytest.mark.parametrize("variant", ["began", "wgan"])
def test_pictures_are_shown_before_and_after_g_moves_and_how_far_they_went(tmp_path, monkeypatch, variant):
    spec = trained(tmp_path, variant, "pixel_faces", 16)
    seen = {stage["id"]: stage["pictures"] for stage in trace_step(spec, AtStep(tmp_path).latest())["stages"] if "pictures" in stage}
    assert list(seen) == ["draw", "fakes", "score", "move:G"]       # D's move changes no picture
    assert {name: opened(uri).shape for name, uri in seen["fakes"].items() if name != "size"} == {"real": (16, 67, 3), "fake": (33, 67, 3)}
    assert seen["draw"].keys() == {"size", "real"}
    assert opened(seen["move:G"]["moved"]).shape == (33, 67, 3)
    monkeypatch.setattr("playground.inspection.step_trace._sheet", torch.clone)
    told = trace_step(spec, AtStep(tmp_path).latest())["stages"]
    first, last = (next(stage["pictures"] for stage in told if stage["id"] == id) for id in ("fakes", "move:G"))
    away = (last["fake"] - first["fake"]).abs().mean(1, keepdim=True)
    assert away.max() == pytest.approx(last["most"])
    assert torch.allclose(last["moved"], away / last["most"] * 2 - 1, atol=1e-5)


def test_the_first_scores_are_those_that_a_step_without_noise_logs(tmp_path):
    spec = trained(tmp_path, "lsgan")
    told = trace_step(spec, AtStep(tmp_path).latest())
    logged = next_row(tmp_path, spec, tmp_path.parent / "on")
    assert {s: t["value"] for s, t in terms(told, "score").items()} == {"D(x)": logged["score/real"], "D(G(z))": logged["score/fake"]}


def test_a_controller_is_shown_before_and_after_and_follows_its_rule(tmp_path):
    told = trace_step(trained(tmp_path, "began", k0=0.3, lambda_k=5e-3, gamma=4.0), AtStep(tmp_path).latest())
    loss, state = terms(told, "loss:D"), terms(told, "state")
    k, error = state["k"], state["γ U(x) - U(G(z))"]["value"]
    assert loss["k"]["value"] == k["was"] != k["value"]
    assert k["value"] == pytest.approx(k["was"] + state["λ_k"]["value"] * error)
    assert error == pytest.approx(4 * loss["U(x)"]["value"] - loss["U(G(z))"]["value"], abs=1e-5)
    assert told["stages"][-1]["formula"].startswith("k_{t+1}")


@pytest.mark.parametrize(("variant", "line", "margin", "knobs"), [
    ("ebgan", r"(m - U(G(z)))_+", "m", {"margin": 100.0}), ("ebgan_pt", r"(m - U(G(z)))_+", "m", {"margin": 100.0}),
    ("magan", r"(m - U(G(z)))_+", "m", {"hold": 100.0}), ("ls_gan", r"(\Delta(x, g) + L(x) - L(g))_+", "Δ", {})])
def test_the_hinge_has_its_own_numbers_and_is_what_the_loss_counts(tmp_path, variant, line, margin, knobs):
    told = trace_step(trained(tmp_path, variant, **knobs), AtStep(tmp_path).latest())
    stage, hinge, loss = next(s for s in told["stages"] if s["id"] == "hinge"), terms(told, "hinge"), terms(told, "loss:D")
    mean = next(symbol for symbol in hinge if symbol.endswith(")_+"))
    assert stage["formula"] == line
    assert {"hinge/active", margin} <= hinge.keys()
    assert 0 < hinge["hinge/active"]["value"] <= 1
    assert loss[mean]["value"] == hinge[mean]["value"] > 0
    parts = loss["U(x)"]["value"] + hinge[mean]["value"] if variant != "ls_gan" else loss["L(x)"]["value"] + loss["λ"]["value"] * hinge[mean]["value"]
    assert loss["L_D"]["value"] == pytest.approx(parts, rel=1e-4)
    assert not {"hinge/active", mean} & terms(told, "state").keys()


def test_phases_in_which_g_rests(tmp_path):
    for steps, wanted in ((12, ["draw", "fakes", "score", "loss:D", "move:D", "again", "state"]), (32, ["draw", "fakes", "score", "state"])):
        spec = trained(tmp_path / str(steps), "magan", steps=steps, pretrain=20)
        told = trace_step(spec, AtStep(tmp_path / str(steps)).latest())
        assert [stage["id"] for stage in told["stages"]] == wanted
    margin = terms(told, "state")["m"]
    assert margin["value"] > margin["was"] > 0


def test_many_moves_of_one_player_are_told_once(tmp_path):
    told = trace_step(trained(tmp_path, "wgan_gp", n_critic=3), AtStep(tmp_path).latest())
    by = {stage["id"]: stage["says"] for stage in told["stages"]}
    assert "D moves 3 times in this step: what is told is the last" in by["draw"]
    assert by["move:D"].startswith("One step of Adam")
    assert by["move:G"].startswith("One step of Adam")


def test_other_networks_and_a_step_that_diverges_are_refused(tmp_path):
    spec, saved = trained(tmp_path, "gan"), AtStep(tmp_path).latest()
    with pytest.raises(Refused, match="another version"):
        trace_step(check(spec.json() | {"knobs": spec.knobs | {"width_g": 8}}), saved)
    broken = {name: t * float("nan") if name.startswith("gan.D") else t for name, t in saved[1].items()}
    with pytest.raises(Refused, match="step 23"):
        trace_step(spec, (saved[0], broken, saved[2]))


@pytest.mark.parametrize(("formula", "symbol", "there"), [
    (r"L_D = U(x) - k_t\, U(G(z))", "k", True), (r"k_t + \lambda_k \left(\gamma\, U(x)\right)", "λ", False),
    (r"k_t + \lambda_k \left(\gamma\, U(x)\right)", "λ_k", True), (r"(\gamma\, U(x) - U(G(z)))", "γ U(x) - U(G(z))", True),
    (r"(m_t - U(G(z)))_+", "m", True), (r"(m - U(G(z)))_+", "U(x)", False),
    (r"(m_t - U(G(z)))_+", "(m_t - U(G(z)))_+", True), (r"\Delta(x, g)", "Δ", True), (r"|w| \le c", "c", True),
    (r"\lambda\, PT(S)", "PT", True), (r"\log \sigma", "o", False), ("L_D = 1", "", False)])
def test_a_symbol_is_found_in_a_formula_or_not(formula, symbol, there):
    assert mentions(formula, symbol) == there
