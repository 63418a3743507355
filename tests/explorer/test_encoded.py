"""Where there is an encoder a sample's latent is its code: no search; elsewhere there is one, as before."""

import time

import pytest
import torch
from training import make

from models.kit.batch import POINTS, Shape
from playground import api
from playground.explorer.explorer import Explorer
from playground.explorer.generator import TrainedGenerator
from playground.explorer.inversion_jobs import Inversions
from playground.explorer.latents import codes

GREY = Shape(1, 16)


def trained(variant: str, shape: Shape = GREY, **knobs: object) -> TrainedGenerator:
    return TrainedGenerator(f"{variant}{shape}{knobs}", make(variant, shape, **knobs).view(), "ring8" if shape.is_points else "digits", shape.size)


@pytest.mark.parametrize("variant", ["aae", "bigan", "vaegan"])
@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_a_sample_goes_through_the_encoder(variant: str, shape: Shape, prior: str) -> None:
    of, target = trained(variant, shape, prior=prior), torch.rand(*shape.dims, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.no_grad():
        of.gan.E[-2].weight.mul_(300)
    (found,) = of.inversions(target, 8, 300)
    code = of.gan.encode(target[None]).z[0]
    assert code.abs().max() > 1
    assert torch.allclose(found.z, code.clamp(-1, 1) if prior == "uniform" else code, atol=1e-6), "no farther than latents of this prior lie"
    made = of.generate(found.z[None])[0]
    assert found.residual == pytest.approx((made - target).square().mean().sqrt().item(), rel=1e-5)
    assert found.share == 1


def test_a_job_says_by_what_a_latent_was_found() -> None:
    jobs, told = Inversions(), {}
    for variant in ("gan", "bigan"):
        id, end = jobs.begin(trained(variant, POINTS), torch.zeros(2), 1, 5), time.monotonic() + 30
        while not (told := told | {variant: jobs.result(id)})[variant]["done"]:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert not told[variant]["lost"]
    assert {variant: answer["by"] for variant, answer in told.items()} == {"gan": "adam", "bigan": "encoder"}
    assert {"z", "points", "residual", "target"} <= told["bigan"].keys()


def test_what_d_sees_of_samples() -> None:
    """Its features; of a D of codes the codes."""
    x = torch.rand(4, *GREY.dims)
    for variant in ("gan", "began", "cgan", "bigan", "vaegan"):
        of = trained(variant)
        assert torch.equal(of.features(x), codes.code(of.gan.D, x))
    of = trained("aae")
    assert torch.equal(of.features(x), of.gan.encode(x).z)
    told = Explorer(None).directions(of, "features")
    assert len(told) == of.dim


def test_the_api_s_inversion_is_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    of = trained("vaegan")
    monkeypatch.setattr(api, "source", lambda model: of)
    found = api.invert(None, torch.zeros(*GREY.dims))
    assert torch.equal(found.z, of.gan.encode(torch.zeros(1, *GREY.dims)).z[0])
