"""The shipped step against the usual way to write it, on the same nets: python -m bench.peer [--seconds N] [--pairs N] [--only NAME]

The nets are those of the best known collection of small GANs, 32 px, batch 64, without its dropout: a generator of 1.05 M weights that
upsamples and convolves; for "dcgan" a critic of 0.1 M, for "began" an autoencoder with a bottleneck of 16384-32-16384. The usual way:
torch's defaults, nearest upsampling and a convolution, NCHW, D run anew for each loss, backward() through all that hangs together, a
plain Adam, the C library's malloc as it is. The shipped way: the zoo's own GAN and BEGAN with these nets and, as such scripts have it, one
draw of z for both players (z = "shared"), played by the Trainer as a run has it, in float32 ("exact") and with bfloat16. Both see the
same batches and noise and start from the same weights; a check holds the losses of their first step together. Each measurement is a fresh
process; the ways take turns. A ratio is the median over pairs.
"""

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from bench.common import fresh, say
from models.began import BEGAN
from models.gan import MinimaxGAN
from models.kit import nets
from models.kit.batch import Domain, Plain, Shape
from models.kit.knobs import check
from models.kit.layers import Flat, Float32, Grid, UpConv
from playground.config import machine
from playground.data import Batches, Data
from playground.specs.cost import OperatorCounter
from playground.training.trainer import BUFFER_STEPS, Trainer

SHAPE, BATCH, Z = Shape(3, 32), 64, 100
CLOSE = 1e-5                            # of the two ways' first losses, relative
WAYS = ("peer", "exact", "bf16")
TARGETS = {"began": {"exact": 1.6, "bf16": 2.4}, "dcgan": {"exact": 1.9, "bf16": 2.7}}


class Parts(NamedTuple):
    """The layers that the two ways write differently."""

    up: Callable[[int, int], nn.Module]         # nearest upsampling by 2, then a 3x3 convolution
    grid: Callable[[int, int], nn.Module]
    flat: Callable[[], nn.Module]


KIT = Parts(UpConv, Grid, Flat)
TORCH = Parts(lambda a, b: nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(a, b, 3, padding=1)),
              lambda channels, size: nn.Unflatten(1, (channels, size, size)), nn.Flatten)


def generator(by: Parts) -> nn.Module:
    return nn.Sequential(nn.Linear(Z, 128 * 8 * 8), by.grid(128, 8), nn.BatchNorm2d(128),
                         by.up(128, 128), nn.BatchNorm2d(128), nn.LeakyReLU(0.2), by.up(128, 64), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),
                         nn.Conv2d(64, 3, 3, padding=1), nn.Tanh(), Float32())


def critic(by: Parts) -> nn.Module:
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise((3, 16, 32, 64, 128)):
        layers += [nn.Conv2d(a, b, 3, 2, 1), nn.LeakyReLU(0.2), *([nn.BatchNorm2d(b)] if a > 3 else [])]
    return nn.Sequential(*layers, by.flat(), nn.Linear(128 * 2 * 2, 1), nn.Flatten(0), Float32())


def autoencoder(by: Parts) -> nn.Module:
    inside = 64 * 16 * 16
    encoder = nn.Sequential(nn.Conv2d(3, 64, 3, 2, 1), nn.ReLU(), by.flat(), nn.Linear(inside, 32), nn.BatchNorm1d(32), nn.ReLU())
    decoder = nn.Sequential(nn.Linear(32, inside), nn.BatchNorm1d(inside), nn.ReLU(), by.grid(64, 16), by.up(64, 3))
    return nets.Autoencoder(encoder, decoder)


class Dcgan(MinimaxGAN):
    def make_g(self) -> nn.Module:
        return generator(KIT)

    def make_d(self) -> nn.Module:
        return critic(KIT)


class Began(BEGAN):
    def make_g(self) -> nn.Module:
        return generator(KIT)

    def make_d(self) -> nn.Module:
        return autoencoder(KIT)


class Case(NamedTuple):
    variant: type[Dcgan | Began]
    d: Callable[[Parts], nn.Module]


CASES = {"dcgan": Case(Dcgan, critic), "began": Case(Began, autoencoder)}


def source(generator: torch.Generator) -> Batches:
    """Pictures of noise: what is in them costs nothing."""
    x = torch.rand(2048, *SHAPE.dims, generator=torch.Generator().manual_seed(1)) * 2 - 1
    return Batches(Data(x, x, Domain(SHAPE)), Plain, BATCH, generator)


def shipped(case: Case, bf16: bool) -> Trainer:
    knobs = check(case.variant.Knobs, {"batch": BATCH, "z_dim": Z, "z": "shared"})
    own = torch.Generator().manual_seed(0)
    return Trainer(case.variant(Domain(SHAPE), knobs, torch.Generator().manual_seed(0)), source(own), 10**9, generator=own, bf16=bf16)


class Peer:
    """The same game as scripts for one GAN each play it."""

    def __init__(self, case: Case) -> None:
        like = shipped(case, bf16=False)
        self.G, self.D = generator(TORCH), case.d(TORCH)
        with torch.no_grad():
            for mine, theirs in ((self.G, like.gan.G), (self.D, like.gan.D)):
                for p, q in zip(mine.parameters(), theirs.parameters(), strict=True):
                    p.copy_(q)
        self.adam = {name: torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for name, net in (("d", self.D), ("g", self.G))}
        self.random, self.k = torch.Generator().manual_seed(0), 0.0
        self.batches = source(self.random)
        self.step = self.began if case.variant is Began else self.dcgan

    def draw(self) -> tuple[Tensor, Tensor]:
        x = next(self.batches).x
        return x, torch.randn(BATCH, Z, generator=self.random)

    def dcgan(self) -> tuple[Tensor, Tensor]:
        (x, z), cross_entropy, ones, zeros = self.draw(), nn.BCELoss(), torch.ones(BATCH), torch.zeros(BATCH)
        made = self.G(z)
        self.adam["d"].zero_grad()
        loss_d = cross_entropy(self.D(x).sigmoid(), ones) + cross_entropy(self.D(made.detach()).sigmoid(), zeros)
        loss_d.backward()
        self.adam["d"].step()
        self.adam["g"].zero_grad()
        loss_g = cross_entropy(self.D(made).sigmoid(), ones)
        loss_g.backward()
        self.adam["g"].step()
        return loss_d, loss_g

    def began(self) -> tuple[Tensor, Tensor]:
        x, z = self.draw()
        made = self.G(z)
        self.adam["g"].zero_grad()
        loss_g = (self.D(made).output - made).abs().mean()
        loss_g.backward()
        self.adam["g"].step()
        self.adam["d"].zero_grad()
        real, fake = (self.D(x).output - x).abs().mean(), (self.D(made.detach()).output - made.detach()).abs().mean()
        loss_d = real - self.k * fake
        loss_d.backward()
        self.adam["d"].step()
        self.k = min(max(self.k + 1e-3 * (0.5 * real - fake).item(), 0.0), 1.0)
        return loss_d, loss_g


def difference(case: Case) -> float:
    """Of the two ways' losses in their first step, relative; also holds their weights to the same number."""
    ours, usual = shipped(case, bf16=False), Peer(case)
    counts = [sum(p.numel() for net in (way.G, way.D) for p in net.parameters()) for way in (ours.gan, usual)]
    assert counts[0] == counts[1], counts
    ours.advance()
    rows, losses = ours.flush(), usual.step()
    return max(abs(rows[f"loss/{player}"][0] / loss.item() - 1) for player, loss in zip("dg", losses, strict=True))


def measure(case: Case, way: str, seconds: float) -> dict[str, Any]:
    """Images per second, and floating-point operations per second, in this process."""
    torch.set_num_threads(machine.cores())
    if way == "peer":
        step = Peer(case).step
    else:
        machine.tune_malloc()
        trainer = shipped(case, way == "bf16")

        def step() -> None:
            trainer.advance()
            if len(trainer.buffer.steps) == BUFFER_STEPS:
                trainer.flush()

    def train(seconds: float) -> tuple[int, float]:
        steps, start = 0, time.perf_counter()
        while time.perf_counter() < start + seconds:
            step()
            steps += 1
        return steps, time.perf_counter() - start

    train(1.5)
    cpu = time.process_time()
    steps, took = train(seconds)
    cpu = time.process_time() - cpu
    with OperatorCounter() as watch:
        step()
    return {"images_per_s": steps * BATCH / took, "images_per_cpu_s": steps * BATCH / cpu, "share": cpu / took / machine.cores(),
            "gflops": watch.flops * steps / took / 1e9, "flops": watch.flops}


def convolution(bf16: bool, seconds: float = 1.0) -> float:
    """GFLOP/s that this machine reaches in a convolution alone, forward and backward, channels last."""
    torch.set_num_threads(machine.cores())
    machine.tune_malloc()
    kind = torch.bfloat16 if bf16 else torch.float32
    layer = nn.Conv2d(128, 128, 3, padding=1).to(dtype=kind, memory_format=torch.channels_last)
    x = torch.randn(BATCH, 128, 32, 32, dtype=kind).to(memory_format=torch.channels_last).requires_grad_()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        torch.autograd.grad(layer(x).sum(), [x, *layer.parameters()])
        best = min(best, time.perf_counter() - start)
    return 3 * 2 * BATCH * 32 * 32 * 128 * 128 * 9 / best / 1e9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", choices=list(CASES), action="append")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        name, way = asked.one
        print(json.dumps(convolution(way == "bf16") if name == "machine" else difference(CASES[name]) if way == "check" else
                         measure(CASES[name], way, asked.seconds)))
        return
    able = machine.precision("cpu", {}) == "bfloat16"
    rates = {way: fresh("bench.peer", "--one", "machine", way) for way in WAYS[1:]}
    for name in asked.only or CASES:
        say("peer", f"{name}: first losses apart", fresh("bench.peer", "--one", name, "check"), most=CLOSE)
        rounds = [{way: fresh("bench.peer", "--one", name, way, "--seconds", asked.seconds) for way in WAYS} for _ in range(asked.pairs)]

        def middle(way: str, what: str, rounds: list[dict[str, Any]] = rounds) -> float:
            return round(statistics.median(r[way][what] for r in rounds), 3)

        for way in WAYS[1:]:
            ratios = {by: [r[way][by] / r["peer"][by] for r in rounds] for by in ("images_per_s", "images_per_cpu_s")}
            say("peer", f"{name}: {way} against the usual way", statistics.median(ratios["images_per_s"]), "times",
                least=TARGETS[name][way] if way == "exact" or able else None,
                least_of_pairs=round(min(ratios["images_per_s"]), 2), most_of_pairs=round(max(ratios["images_per_s"]), 2),
                per_cpu_s=round(statistics.median(ratios["images_per_cpu_s"]), 2), share=middle(way, "share"), pairs=asked.pairs,
                images_per_s=middle(way, "images_per_s"), peer_images_per_s=middle("peer", "images_per_s"),
                gflops=middle(way, "gflops"), peer_gflops=middle("peer", "gflops"), machine_gflops=round(rates[way]),
                gflop_a_step=round(rounds[0][way]["flops"] / 1e9, 1), peer_gflop_a_step=round(rounds[0]["peer"]["flops"] / 1e9, 1))


if __name__ == "__main__":
    main()
