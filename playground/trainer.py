"""One loop for every GAN. It knows players and losses; it knows no variant by name, no disk, no thread and no clock."""

import contextlib
import copy
import math
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor

from models.kit.batch import Plain
from models.kit.gan import GAN
from models.kit.knobs import Common, check

PAGE = 100      # rows of metrics kept on the device before somebody must flush
HUGE = 1e8      # of a loss or a gradient: nothing is learned from what is larger, and NaN is near


class Diverged(RuntimeError):
    """A loss, a gradient or a weight became NaN, infinite or (`exploded`) huge. `rows` are the good ones before it."""

    def __init__(self, player: str, step: int, term: str, rows: dict[str, list], exploded: bool = False) -> None:
        self.says = f"{player}'s {term} " + ("grew beyond 10⁸" if exploded else "became NaN or infinite")
        super().__init__(f"{self.says} at step {step}")
        self.player, self.step, self.term, self.rows, self.exploded = player, step, term, rows, exploded


class Source(Protocol):
    """Endless batches whose position is part of a run's state."""

    def __iter__(self) -> Iterator[Plain]: ...
    def __next__(self) -> Plain: ...
    def state(self) -> dict[str, Tensor]: ...
    def load(self, state: dict[str, Tensor]) -> None: ...


class Page:
    """Metrics of up to PAGE steps, on the device: nothing waits for it until `read`."""

    def __init__(self, device: str) -> None:
        self.device, self.columns = device, {}
        self.values, self.steps, self.present = torch.empty(PAGE, 0, device=device), [], []

    def write(self, step: int, row: dict[str, Tensor]) -> None:
        if len(self.steps) == PAGE:
            raise RuntimeError(f"a page holds {PAGE} steps: flush it first")
        new = [name for name in row if name not in self.columns]
        if new:
            self.columns |= {name: len(self.columns) + i for i, name in enumerate(new)}
            fresh = torch.full((PAGE, len(self.columns)), torch.nan, device=self.device)
            fresh[:, :self.values.shape[1]] = self.values
            self.values = fresh
        values, at = torch.stack(list(row.values())), len(self.steps)
        if len(row) == len(self.columns) and list(row) == list(self.columns):
            self.values[at] = values
        else:
            self.values[at, [self.columns[name] for name in row]] = values
        self.steps.append(step)
        self.present.append(row.keys())

    def read(self) -> tuple[dict[str, list], tuple[str, int] | None]:
        """All rows as columns, None where a step did not log a metric, and the first (metric, row) among losses and gradients that is not
        finite, or is huge. Empties the page."""
        table = self.values[:len(self.steps)].cpu()
        rows = {"step": self.steps, **{name: [v if name in there else None for v, there in zip(table[:, i].tolist(), self.present, strict=True)]
                                       for name, i in self.columns.items()}}
        bad = None
        for at, i in (~(table.abs() <= HUGE)).nonzero().tolist():
            name = list(self.columns)[i]
            if name in self.present[at] and name.startswith(("loss/", "grad/")):
                bad = (name, at)
                break
        self.values.fill_(torch.nan)
        self.steps, self.present = [], []
        return rows, bad


class Trainer:
    """Plays a GAN's rounds: takes each player's gradients, moves it, keeps averages, metrics and all that exact resumption needs."""

    def __init__(self, gan: GAN, batches: Source, steps: int, device: str = "cpu", seed: int = 0, *, generator: torch.Generator | None = None,
                 bf16: bool = False) -> None:
        """`generator` is the run's own, on `device`, shared with `batches`; made from `seed` when not given."""
        layout = {} if gan.shape.is_points else {"memory_format": torch.channels_last}
        self.gan, self.batches, self.steps, self.device, self.seed, self.bf16 = gan.to(device, **layout).train(), batches, steps, device, seed, bf16
        gan.generator = generator or torch.Generator(device).manual_seed(seed)
        self.params = {name: [p for m in modules for p in m.parameters()] for name, modules in gan.players().items()}
        self.lr = {name: torch.tensor(gan.rate(name), device=device) for name in self.params}
        self.optimisers = {name: gan.optimiser(name, params, self.lr[name]) for name, params in self.params.items()}
        self.averaged = [copy.deepcopy(m) for m in gan.shown()]
        self._pairs = [(mean, now) for a, b in zip(self.averaged, gan.shown(), strict=True)
                       for mean, now in zip(a.state_dict().values(), b.state_dict().values(), strict=True) if mean.is_floating_point()]
        self.page, self._view = Page(device), None

    @property
    def step(self) -> int:
        return self.gan.steps

    @property
    def done(self) -> bool:
        return self.gan.steps >= self.steps

    def run(self) -> Iterator[int]:
        """Train to the end of the budget, yielding the step after each; flush at least every PAGE steps."""
        while not self.done:
            self.advance()
            yield self.step

    def advance(self) -> None:
        """One step: one round of the game. Never waits for the device."""
        for name, lr in self.lr.items():
            torch.mul(self.gan.lr_scale, self.gan.rate(name), out=lr)
        self.gan.logged = logged = {}
        game = self.gan.step(self.batches)
        while (losses := self._next(game)) is not None:
            logged |= self._move(losses)
        logged |= self.gan.logged
        self.gan.steps += 1
        self._average()
        self.page.write(self.gan.steps, logged)

    def _next(self, game: Iterator[dict[str, Tensor]]) -> dict[str, Tensor] | None:
        """On to the next yield. Autocast never spans two: it would serve stale bf16 weights of a network that has moved."""
        with torch.autocast(torch.device(self.device).type, torch.bfloat16) if self.bf16 else contextlib.nullcontext():
            return next(game, None)

    def _move(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """All gradients at the same point, each over its player's parameters alone; only then do all move."""
        last, grads, row = len(losses) - 1, {}, {}
        for i, (player, loss) in enumerate(losses.items()):
            grads[player] = torch.autograd.grad(loss, self.params[player], retain_graph=i < last)
            row[f"loss/{player.lower()}"] = loss.detach().float()
            row[f"grad/{player.lower()}"] = torch.nn.utils.get_total_norm(grads[player])
        for player, found in grads.items():
            for p, g in zip(self.params[player], found, strict=True):
                p.grad = g if g.stride() == p.stride() else torch.empty_like(p).copy_(g)     # fused Adam reads memory in order
            self.optimisers[player].step()
            self.optimisers[player].zero_grad()
        return row

    def _average(self) -> None:
        """Weights, and batch-norm statistics with them, drift to the trained ones; quickly at first."""
        beta = min(self.gan.knobs.ema, (1 + self.gan.steps) / (10 + self.gan.steps))
        means, now = [list(side) for side in zip(*self._pairs, strict=True)]
        if beta > 0:
            torch._foreach_lerp_(means, now, 1 - beta)
        else:
            torch._foreach_copy_(means, now)

    def flush(self) -> dict[str, list] | None:
        """Metrics of the steps since the last flush, as columns; None when there are none. Raises Diverged. Waits for the device."""
        if not self.page.steps:
            return None
        rows, bad = self.page.read()
        if bad:
            (name, at), kinds = bad, {"loss": "loss", "grad": "gradient"}
            kind, player = name.split("/")
            raise Diverged(player.upper(), rows["step"][at], kinds[kind], {name: column[:at] for name, column in rows.items()},
                           exploded=math.isfinite(rows[name][at]))
        return rows

    def tune(self, knobs: Common) -> None:
        """Other knobs from the next step on."""
        self.gan.knobs = knobs

    def view(self) -> GAN:
        """A copy for pictures: averaged weights where `ema` is on, eval mode, a generator of its own. The same object every time."""
        self._view = self.snapshot(self._view)
        return self._view

    def snapshot(self, view: GAN | None = None) -> GAN:
        """Such a copy of one's own: a new one, or `view`, made here before, brought up to date."""
        if view is None:
            generator, self.gan.generator, self.gan.logged = self.gan.generator, None, {}
            view = copy.deepcopy(self.gan).eval().requires_grad_(False)
            self.gan.generator = generator
        view.load_state_dict(self.gan.state_dict())
        if self.gan.knobs.ema > 0:
            for mean, module in zip(self.averaged, view.shown(), strict=True):
                module.load_state_dict(mean.state_dict())
        view.knobs, view.steps, view.generator = self.gan.knobs, self.gan.steps, torch.Generator(self.device).manual_seed(self.seed)
        return view

    def finite(self) -> bool:
        """Whether every weight and every state is a number. Waits for the device."""
        return all(bool(t.isfinite().all()) for t in self.gan.state_dict().values() if t.is_floating_point())

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything that exact resumption needs: tensors (contiguous copies) and JSON-able numbers. Flush first: unread rows are not kept."""
        tensors = {f"gan.{k}": v for k, v in self.gan.state_dict().items()}
        tensors |= {f"averaged.{i}.{k}": v for i, m in enumerate(self.averaged) for k, v in m.state_dict().items()}
        for player, optimiser in self.optimisers.items():
            for i, kept in optimiser.state_dict()["state"].items():
                tensors |= {f"optimiser.{player}.{i}.{k}": v for k, v in kept.items() if isinstance(v, Tensor)}
        tensors |= {f"batches.{k}": v for k, v in self.batches.state().items()} | {"generator": self.gan.generator.get_state()}
        return {k: v.detach().contiguous().clone() for k, v in tensors.items()}, {"step": self.step, "knobs": vars(self.gan.knobs)}

    def load(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Go on where `state` was taken. Raises KeyError or RuntimeError when the tensors are of other networks."""
        def part(prefix: str) -> dict[str, Tensor]:
            return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

        self.gan.load_state_dict(part("gan."))
        for i, module in enumerate(self.averaged):
            module.load_state_dict(part(f"averaged.{i}."))
        for player, optimiser in self.optimisers.items():
            for i, p in enumerate(self.params[player]):
                kept = part(f"optimiser.{player}.{i}.")
                optimiser.state[p] = {k: torch.empty_like(p).copy_(v) if v.shape == p.shape else v.to(self.device) for k, v in kept.items()}
        self.batches.load(part("batches."))
        self.gan.generator.set_state(tensors["generator"].cpu())
        self.gan.knobs, self.gan.steps = check(type(self.gan).Knobs, meta["knobs"]), meta["step"]
        self.page = Page(self.device)
