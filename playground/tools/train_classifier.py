"""Trains the classifier whose features measure digits: python -m playground.tools.train_classifier [--epochs N] [--seed N] [--only N] [--to FILE]

A minute and a half on one thread. It sees the training split alone; its accuracy is that on the held-out split.
"""

import argparse
import copy
import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from playground import data
from playground.evaluation.features import FOLDER, Classifier

BATCH, LR, DECAY = 64, 4e-3, 1e-2
SHIFT, TURN, GROW = 1 / 7, math.radians(12), 0.12           # at most: of half a width (2 pixels), radians, a share


def warped(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture a little shifted, turned, leant and scaled; what comes in from outside is black."""
    n = len(x)

    def within(most: float) -> Tensor:
        return (torch.rand(n, generator=generator) * 2 - 1) * most

    angle, lean, a, b = within(TURN), within(TURN), 1 + within(GROW), 1 + within(GROW)
    theta = torch.stack([a * angle.cos(), -b * (angle + lean).sin(), within(SHIFT), a * angle.sin(), b * (angle + lean).cos(), within(SHIFT)], 1)
    grid = F.affine_grid(theta.view(n, 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x + 1, grid, align_corners=False) - 1


def accuracy(net: Classifier, x: Tensor, labels: Tensor) -> float:
    """Share of pictures whose class it knows."""
    with torch.no_grad():
        return (net(x)[1].argmax(1) == labels).float().mean().item()


def train(epochs: int, seed: int, only: int | None = None) -> tuple[Classifier, dict[str, float]]:
    """The classifier with averaged weights, in eval mode, and what to say of it. `only`: how many digits it sees."""
    digits = data.load("digits")
    x, held = (part.float() / 127.5 - 1 for part in (digits.train[:only], digits.held))
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)                             # dropout and the first weights
    net = Classifier()
    mean, steps = copy.deepcopy(net), epochs * (len(x) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), LR, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LR, steps, pct_start=0.15)
    for step in range(steps):
        at = torch.randint(len(x), (BATCH,), generator=generator)
        loss = F.cross_entropy(net(warped(x[at], generator))[1], digits.labels[at])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for kept, now in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
                kept.lerp_(now, 0.01) if kept.is_floating_point() else kept.copy_(now)
        if (step + 1) % 500 == 0:
            print(f"{step + 1} of {steps}: loss {loss.item():.3f}", flush=True)
    return mean.eval(), {"accuracy": round(accuracy(mean, held, digits.held_labels), 4), "n": len(x), "seed": seed, "epochs": epochs}


def main(arguments: list[str] | None = None) -> None:
    """Train the digit extractor, and write it to a file."""
    parser = argparse.ArgumentParser(description="Train the digit extractor and write it to assets/extractors.")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="take that many digits: for a try")
    parser.add_argument("--to", type=Path, default=FOLDER / "digits.safetensors")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    net, about = train(args.epochs, args.seed, args.only)
    args.to.parent.mkdir(parents=True, exist_ok=True)
    told = {"about": json.dumps(about)}                 # one entry: several would be written in any order, and the file has its hash for a name
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, args.to, told)
    print(f"{args.to}: {100 * about['accuracy']:.2f} % of the held-out digits, {args.to.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
