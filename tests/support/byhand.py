"""A training step written a second time, in float64, from the papers: draws, losses, gradients, optimisers and averages by hand.

`Hand` begins as a trainer stands and plays its steps beside it; nothing of models/ or of torch.optim is used.
"""

from collections.abc import Callable
from typing import Any

import byhand_nets as nets
import torch
from torch import Tensor

from playground.training.trainer import Trainer

Row = dict[str, Any]


BEGINS = {      # where a variant's own state begins, k at its knob
    "began": {"mean_real": -1.0, "mean_M": -1.0, "best_M": torch.finfo(torch.float32).max, "stalled": 0.0},
    "magan": {"margin": 0.0, "sum_real": 0.0, "sum_fake": 0.0, "fake_before": torch.finfo(torch.float32).max, "past": 0.0},
}


class Hand:
    """All that a run is, as plain tensors."""

    def __init__(self, trainer: Trainer, variant: str) -> None:
        gan = trainer.gan
        self.variant, self.k, self.steps, self.shape = variant, gan.knobs, gan.steps, gan.shape
        self.base = 0 if self.shape.is_points else 4 if self.shape.size % 4 == 0 and self.shape.size % 7 else 7
        names = [name for name, _ in gan.named_parameters()]
        self.w = {name: t.detach().clone().requires_grad_(name in names) for name, t in gan.state_dict().items()}
        for name, value in BEGINS.get(variant, {}).items():
            self.w[name].fill_(value)
        self.own = {player: [name for name in names if name.startswith(player)] for player in "DG"}
        self.mean = {name: t.detach().clone() for name, t in self.w.items() if name.startswith("G.")}
        self.moments: dict[str, dict[str, Tensor]] = {name: {} for name in names}
        self.rng = torch.Generator()
        self.rng.set_state(gan.generator.get_state())
        self.epochs: list[tuple[float, float]] = []

    def noise(self, n: int) -> Tensor:
        size = (n, 2 if self.shape.is_points and self.k.skip else self.k.z_dim)
        return torch.randn(size, generator=self.rng) if self.k.prior == "normal" else 2 * torch.rand(size, generator=self.rng) - 1

    def G(self, z: Tensor) -> Tensor:
        if getattr(self.k, "body", "") == "paper":
            return nets.began_picture(self.w, z, "G.", self.base)
        return nets.generator(self.w, z, self.base, {"normal": 1.5, "uniform": 2.0}[self.k.prior] if self.k.skip else None)

    def fakes(self, n: int) -> Tensor:
        return self.G(self.noise(n)).detach()

    def D(self, x: Tensor) -> Tensor:
        return nets.critic(self.w, x, self.base, getattr(self.k, "clamp", False))

    def energy(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(energies, codes)."""
        if getattr(self.k, "body", "") == "paper":
            target, made, code = nets.began_autoencoder(self.w, x, self.base)
        else:
            noisy = self.base == 0 and self.k.critic != "plain" and self.k.noise
            noise = self.k.noise * torch.randn(x.shape, generator=self.rng) if noisy else None
            target, made, code = nets.autoencoder(self.w, x, self.base, self.k.critic, noise)
        each = (target - made).abs().flatten(1) ** int(self.k.exponent)
        total = each.sum(1)
        return (total if getattr(self.k, "reduction", "mean") == "sum" else total / each.shape[1]), code

    def advance(self, batches: Any) -> Row:
        """One step; every number that it should log."""
        self.row: Row = {}
        ROUNDS[self.variant](self, batches)
        self.steps += 1
        beta = min(self.k.ema, (1 + self.steps) / (10 + self.steps))
        for name, mean in self.mean.items():
            if mean.is_floating_point():
                mean.copy_(beta * mean + (1 - beta) * self.w[name].detach())
        return {name: float(value.detach() if isinstance(value, Tensor) else value) for name, value in self.row.items()}

    def move(self, losses: dict[str, Tensor]) -> None:
        """Every player down its own loss, all from one point."""
        found = {player: torch.autograd.grad(loss, [self.w[n] for n in self.own[player]], retain_graph=True) for player, loss in losses.items()}
        for player, gradients in found.items():
            self.row[f"loss/{player.lower()}"] = losses[player].detach()
            self.row[f"grad/{player.lower()}"] = sum(g.square().sum() for g in gradients).sqrt()
            lr = getattr(self.k, f"lr_{player.lower()}") * self.w["lr_scale"].item()
            for name, g in zip(self.own[player], gradients, strict=True):
                self.w[name].data -= self.stride(player, self.w[name].data, g, self.moments[name], lr)

    def stride(self, player: str, p: Tensor, g: Tensor, kept: dict[str, Tensor], lr: float) -> Tensor:
        """What an optimiser takes off a weight; `kept` is what it remembers of it."""
        kind = getattr(self.k, "optimiser", "Adam")
        if player == "D":
            g = g + getattr(self.k, "weight_decay", 0.0) * p
        t = kept["step"] = kept.get("step", torch.tensor(0.0)) + 1
        zero, (b1, b2) = torch.zeros_like(p), (self.k.beta1, self.k.beta2)
        if kind == "RMSProp":
            kept["square_avg"] = 0.99 * kept.get("square_avg", zero) + 0.01 * g * g
            return lr * g / (kept["square_avg"].sqrt() + 1e-8)
        m = kept["exp_avg"] = b1 * kept.get("exp_avg", zero) + (1 - b1) * g
        if kind == "Adamax":
            u = kept["exp_inf"] = torch.maximum(b2 * kept.get("exp_inf", zero), g.abs() + 1e-8)
            return lr / (1 - b1 ** t) * m / u
        v = kept["exp_avg_sq"] = b2 * kept.get("exp_avg_sq", zero) + (1 - b2) * g * g
        return lr * (m / (1 - b1 ** t)) / ((v / (1 - b2 ** t)).sqrt() + 1e-8)


def log_sigmoid(t: Tensor) -> Tensor:
    return -(-t.abs()).exp().log1p() + t.clamp(max=0)


def slopes(h: Hand, at: Tensor) -> Tensor:
    at = at.detach().requires_grad_()
    return torch.autograd.grad(h.D(at).sum(), at, create_graph=True)[0].flatten(1).square().sum(1).add(1e-12).sqrt()


def between(h: Hand, x: Tensor, fakes: Tensor) -> Tensor:
    share = torch.rand(len(x), generator=h.rng).view(-1, *[1] * (x.ndim - 1))
    return fakes + share * (x - fakes)


def gan(h: Hand, batches: Any) -> None:
    shared = h.k.z == "shared"
    for _ in range(h.k.n_d):
        x = next(batches).x
        made = h.G(h.noise(len(x)))
        r, f = h.D(x), h.D(made.detach())
        a = h.k.label_smooth
        h.move({"D": -((1 - a) * log_sigmoid(r) + a * log_sigmoid(-r)).mean() - log_sigmoid(-f).mean()})
    again = h.D(made if shared else h.G(h.noise(len(x))))
    h.move({"G": -log_sigmoid(again).mean() if h.k.g_loss == "non-saturating" else log_sigmoid(-again).mean()})
    h.row |= {"score/real": r.mean(), "score/fake": f.mean(), "prob/real": (1 / (1 + (-r).exp())).mean(), "prob/fake": (1 / (1 + (-f).exp())).mean(),
              "acc/real": (r > 0).double().mean(), "acc/fake": (f < 0).double().mean()}


def lsgan(h: Hand, batches: Any) -> None:
    a, b, c = (float(number) for number in h.k.scheme.split(","))
    for _ in range(h.k.n_d):
        x = next(batches).x
        r, f = h.D(x), h.D(h.fakes(len(x)))
        h.move({"D": ((r - b) ** 2).mean() / 2 + ((f - a) ** 2).mean() / 2})
    h.move({"G": ((h.D(h.G(h.noise(len(x)))) - c) ** 2).mean() / 2})
    h.row |= {"score/real": r.mean(), "score/fake": f.mean()}


def ls_gan(h: Hand, batches: Any) -> None:
    x = next(batches).x
    made = h.G(h.noise(len(x)))
    fakes = made.detach()
    r, f = h.D(x), h.D(fakes)
    delta = h.k.tau * (x - fakes).abs().flatten(1).mean(1)
    short = (delta + r - f).clamp(min=0)
    loss = h.k.real_weight * r.mean() + h.k.weight * short.mean()
    if h.k.gp:
        penalty = ((slopes(h, between(h, x, fakes)) - 1).clamp(min=0) ** 2).mean()
        loss, h.row["penalty/gp"] = loss + h.k.gp * penalty, penalty
    h.move({"D": loss})
    h.move({"G": h.D(made if h.k.z == "shared" else h.G(h.noise(len(x)))).mean()})
    h.row |= {"score/real": r.mean(), "score/fake": f.mean(), "gap/mean": f.mean() - r.mean(), "gap/delta": delta.mean(),
              "hinge/active": (short > 0).double().mean(), "hinge/mean": short.mean()}


def wgan(h: Hand, batches: Any) -> None:
    for _ in range(100 if h.k.boost and (h.steps < 25 or h.steps % 500 == 0) else h.k.n_critic):
        x = next(batches).x
        r, f = h.D(x), h.D(h.fakes(len(x)))
        h.move({"D": f.mean() - r.mean()})
        for name in h.own["D"]:
            h.w[name].data = h.w[name].data.clamp(-h.k.clip, h.k.clip)
    made = h.G(h.noise(len(x)))
    h.row["slope/mean"] = slopes(h, made).detach().mean()
    h.move({"G": -h.D(made).mean()})
    at = torch.cat([h.w[name].detach().abs().flatten() >= 0.999 * h.k.clip for name in h.own["D"]])
    h.row |= {"score/real": r.mean(), "score/fake": f.mean(), "distance/W": r.mean() - f.mean(), "clip/share": at.double().mean()}


def wgan_gp(h: Hand, batches: Any) -> None:
    for _ in range(h.k.n_critic):
        x = next(batches).x
        fakes = h.fakes(len(x))
        r, f = h.D(x), h.D(fakes)
        steep = slopes(h, between(h, x, fakes))
        penalty = ((steep - 1) ** 2).mean()
        h.move({"D": f.mean() - r.mean() + h.k.gp * penalty})
    h.move({"G": -h.D(h.G(h.noise(len(x)))).mean()})
    h.row |= {"score/real": r.mean(), "score/fake": f.mean(), "distance/W": r.mean() - f.mean(), "penalty/gp": penalty,
              "slope/mean": steep.mean(), "slope/least": steep.min(), "slope/most": steep.max()}


ROUNDS: dict[str, Callable[[Hand, Any], None]] = {"gan": gan, "lsgan": lsgan, "ls_gan": ls_gan, "wgan": wgan, "wgan_gp": wgan_gp}
