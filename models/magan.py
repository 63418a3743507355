"""MAGAN."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.ebgan import EBGAN, MarginKnobs
from models.kit import losses
from models.kit.batch import Plain
from models.kit.gan import Form, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level

HUGE, PAST = torch.finfo(torch.float32).max, 8
RULE = r"m_{t+1} = S_x\ \text{at an epoch's end, if}\ S_x < m_t,\ S_x < S_g,\ S_g\ \text{rose}"


class MAGAN(EBGAN):
    """MAGAN: Margin Adaptation for Generative Adversarial Networks (Wang, Cully, Chang & Demiris, 2017, arXiv:1704.03817).

    EBGAN's losses with a margin m_t that only shrinks (algorithm 1). First D alone learns to reconstruct real data (margin 0), then
    m_0 = E e(x) over one epoch with D at rest; then, at the end of each epoch, with S_x and S_g its mean energies (of D's and of G's updates):
        m <- S_x   if   S_x < m,   S_x < S_g   and   S_g > S_g of the epoch before;      the first epoch never changes it

    e is the sum of squared errors. Convergence: L = E_x + |E_x - E_g|.
    Differs: an epoch is `epoch_len` steps; `hold` lets a person hold the margin; small networks, batch norm in G.
    """

    @dataclass(frozen=True)
    class Knobs(MarginKnobs):
        lr_g: float = knob(5e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_G", help="how fast G learns", effects=("slow", "collapse"))
        lr_d: float = knob(5e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_D", help="how fast D learns", effects=("slow", "D wins"))
        reduction: str = knob("sum", choices=("mean", "sum"), help="over a sample's pixels: the paper sums")
        pretrain: int = knob(200, 0, 5000, basic=True, help="steps of D alone at the start", effects=("a bad first margin", "a slow start"))
        epoch_len: int = knob(200, 20, 2000, log=True, basic=True, symbol="T", help="steps between two updates of the margin",
                              effects=("shrinks by chance", "hardly shrinks"))
        hold: float = knob(0.0, 0.0, 1e4, live=True, symbol="m", help="fixes the margin here; 0 follows the rule", effects=("the rule", "fixed"))
        optimiser: str = knob("Adamax", choices=("Adamax", "Adam"), help="the authors' code has Adamax")

    title, family = "MAGAN", "Energy-based"
    summary = "EBGAN with an adaptive margin: it shrinks towards the energy of real data."
    formula = (r"L_D = U(x) + (m_t - U(G(z)))_+", r"L_G = U(G(z))", RULE)
    forms = (Form("hold", True, RULE, ""), Form("hold", True, "m_t", "m"))
    parts = (Part("S_x", "mean real energy of this epoch so far", lambda gan, real, fake: gan.epoch_mean(gan.sum_real, gan.steps - 1)),
             Part("S_g", "mean energy of the fakes of this epoch so far", lambda gan, real, fake: gan.epoch_mean(gan.sum_fake, gan.steps - 1)))
    paper = Paper("MAGAN: Margin Adaptation for Generative Adversarial Networks", "Wang, Cully, Chang, Demiris", 2017, "1704.03817")
    scalars = {
        "energy/real": Scalar("reconstruction error of real data", "energy", "U(x)", healthy=(0.0, ("energy/margin", 1.0))),
        "energy/fake": Scalar("reconstruction error of fakes", "energy", "U(G(z))"),
        "energy/margin": Scalar("the margin: it only shrinks", "energy", "m"),
        "balance/L": Scalar("convergence: lower is better", "measure", "L"),
        "hinge/active": Scalar("share of fakes under the margin", "share", healthy=(0.3, 1.0)),
        "hinge/mean": Scalar("mean of max(0, ·) over the fakes: what each lacks of the margin", "energy", "(m_t - U(G(z)))_+"),
        "criteria/below": Scalar("running: real energy under the margin", "criterion", "S_x < m"),
        "criteria/less": Scalar("running: real energy under the fakes'", "criterion", "S_x < S_g"),
        "criteria/rose": Scalar("running: fake energy above the last epoch's", "criterion", "S_g rose"),
    }

    def build(self) -> None:
        """The networks, and as buffers the margin and the sums of an epoch."""
        super().build()
        for name, value in {"margin": 0.0, "sum_real": 0.0, "sum_fake": 0.0, "fake_before": HUGE}.items():
            self.register_buffer(name, torch.tensor(value))
        self.register_buffer("past", torch.zeros(PAST))             # the margins before this one, the newest last

    def formula_now(self) -> tuple[str, ...]:
        """The formula of the phase: without margin in the warm-up; while the margin is measured, its update alone."""
        return {"warm-up": (r"L_D = U(x)",), "measure": (r"m_{t+1} = m_t + U(x) / T",)}.get(self.phase()) or super().formula_now()

    def epoch_mean(self, total: torch.Tensor, step: int) -> torch.Tensor:
        """The mean over this epoch up to and with `step`; `total`: the running sum over steps / `epoch_len`."""
        return total * self.knobs.epoch_len / ((step - self.knobs.pretrain) % self.knobs.epoch_len + 1)

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """The margin, and earlier ones."""
        now = self.knobs.hold or self.margin
        return [Level("margin", "m", now), *(Level("a margin before", "m", m, past=True) for m in self.past if m > now)] if now > 0 else []

    def phase(self) -> str:
        """D alone is trained ("warm-up"), then nothing is ("measure"), then both ("play")."""
        k = self.knobs
        return "warm-up" if self.steps < k.pretrain else "measure" if self.steps < k.pretrain + k.epoch_len else "play"

    def optimiser(self, player: str, params: list[nn.Parameter], lr: Tensor) -> torch.optim.Optimizer:
        """Adamax as the authors' code has it, or Adam."""
        if self.knobs.optimiser == "Adam":
            return super().optimiser(player, params, lr)
        return torch.optim.Adamax(params, lr=lr, betas=(self.knobs.beta1, self.knobs.beta2), capturable=params[0].is_cuda)

    def step(self, batches: Iterator[Plain]) -> Round:
        """One step of algorithm 1, by phase; the margin is updated at an epoch's end."""
        (x,) = next(batches)
        phase, k, real = self.phase(), self.knobs, self.energy(x)
        if phase == "warm-up":
            yield {"D": real.mean()}
        elif phase == "measure":
            self.margin.add_(real.mean().detach() / k.epoch_len)
        if phase != "play":
            self.log({"energy/real": real.mean(), "energy/margin": self.margin})
            return
        fake = self.energy(self.fakes(len(x)))
        margin = torch.full_like(self.margin, k.hold) if k.hold else self.margin
        yield {"D": losses.margin_d(real, fake, margin)}
        against = self.energy(self.G(self.noise(len(x))))
        yield {"G": losses.energy_g(against)}
        e_x, e_g = real.mean().detach(), against.mean().detach()
        epoch_step = (self.steps - k.pretrain) % k.epoch_len + 1
        self.sum_real.mul_(epoch_step > 1).add_(e_x / k.epoch_len)           # the first step of an epoch resets the sums
        self.sum_fake.mul_(epoch_step > 1).add_(e_g / k.epoch_len)
        s_x, s_g = (self.epoch_mean(total, self.steps) for total in (self.sum_real, self.sum_fake))
        self.log({"energy/real": e_x, "energy/fake": e_g, "energy/margin": margin, "balance/L": e_x + (e_x - e_g).abs(),
                  "hinge/active": (fake < margin).float().mean(), "hinge/mean": (margin - fake).relu().mean(), "criteria/below": s_x < margin,
                  "criteria/less": s_x < s_g, "criteria/rose": s_g > self.fake_before})
        if epoch_step == k.epoch_len:
            margin = losses.margin_rule(self.margin, self.sum_real, self.sum_fake, self.fake_before)
            self.past.copy_(torch.where(margin < self.margin, torch.cat([self.past[1:], self.margin[None]]), self.past))
            self.margin.copy_(margin)
            self.fake_before.copy_(self.sum_fake)
