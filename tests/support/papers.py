"""The closed-form examples, as tensors, and variants whose networks are functions that can be worked out by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models import ZOO
from models.kit import losses
from models.kit.batch import POINTS, Domain
from models.kit.gan import GAN

EXAMPLES = {e["id"]: e for e in json.loads((Path(__file__).parents[1] / "models" / "loss_examples.json").read_text())["examples"]}
EXACT = {"rel": 1e-9, "abs": 1e-9}


def caught(guard: Callable[[], None], attribute: str, wrong: Callable[..., Tensor], monkeypatch: pytest.MonkeyPatch) -> None:
    """A test, `guard`, passes, and fails once one of the losses is `wrong`."""
    guard()
    monkeypatch.setattr(losses, attribute, wrong)
    with pytest.raises(AssertionError):
        guard()


def double(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def grad(loss: Tensor, of: Tensor) -> Any:
    return torch.autograd.grad(loss, of, retain_graph=True)[0].tolist()


class Of(nn.Module):
    """A network that is a function of samples (B, n), and of its one weight tensor if it has any; classes that it is told it leaves aside."""

    def __init__(self, function: Callable[..., Tensor], weights: Any = None) -> None:
        super().__init__()
        self.function, self.w = function, nn.Parameter(double([0.0] if weights is None else weights).detach())
        self.given = () if weights is None else (self.w,)

    def forward(self, x: Tensor, *classes: Tensor) -> Tensor:
        return self.function(x, *self.given)


def staged(variant: str, fake: Any, score: Callable[..., Tensor] = lambda x: x[:, 0], weights: Any = None, **knobs: Any) -> GAN:
    """In float64, with `score` for D, an energy too, and with the samples `fake` (B, n), always, for what G makes of noise."""
    cls = ZOO[variant]
    gan = cls(Domain(POINTS, ("a", "b", "c")), cls.Knobs(batch=4, **knobs), None).double()
    gan.G, gan.D, gan.generator = Of(lambda z: 1.0 * z), Of(score, weights), torch.Generator().manual_seed(0)
    gan.noise = lambda n: torch.as_tensor(fake, dtype=torch.float64).detach().requires_grad_()         # as if of weights: a graph begins here
    gan.energy, gan.energy_and_code = score, lambda x: (score(x), x)
    gan.log = lambda values: gan.logged.update({name: value.detach().double().clone() for name, value in values.items()})
    return gan
