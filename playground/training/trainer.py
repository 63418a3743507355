"""One loop for every GAN. It knows players and losses; it knows no variant by name, no disk, no thread and no clock."""

import contextlib
import copy
import math
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor

from models.kit import dirac, mix
from models.kit.batch import Batch
from models.kit.gan import GAN
from models.kit.knobs import Common, check

BUFFER_STEPS = 100      # steps whose metrics the device keeps until `flush`
HUGE = 1e8              # losses and gradients beyond this count as diverged: nothing is learned from them, and NaN is near


class Diverged(RuntimeError):
    """A loss, a gradient or a weight became NaN, infinite or (`exploded`) huge. `rows` end with that step; of its metrics those that are not
    finite, or are huge, are None."""

    def __init__(self, player: str, step: int, term: str, rows: dict[str, list], exploded: bool = False) -> None:
        self.summary = f"{player}'s {term} " + ("grew beyond 10⁸" if exploded else "became NaN or infinite")
        super().__init__(f"{self.summary} at step {step}")
        self.player, self.step, self.term, self.rows, self.exploded = player, step, term, rows, exploded


class BatchSource(Protocol):
    """Endless batches whose position is part of a run's state."""

    def __iter__(self) -> Iterator[Batch]: ...
    def __next__(self) -> Batch: ...
    def state(self) -> dict[str, Tensor]:
        """The position, as tensors that a checkpoint can hold."""
    def load(self, state: dict[str, Tensor]) -> None:
        """Continue from such a position. ValueError when it belongs to other data."""


class MetricBuffer:
    """Metrics of up to BUFFER_STEPS steps, on the device: nothing waits for the device until `read`."""

    def __init__(self, device: str) -> None:
        self.device, self.columns = device, {}
        self.values, self.steps, self.present = torch.empty(BUFFER_STEPS, 0, device=device), [], []

    def write(self, step: int, row: dict[str, Tensor]) -> None:
        """Store a step's metrics, name -> scalar. RuntimeError when BUFFER_STEPS steps wait to be read."""
        if len(self.steps) == BUFFER_STEPS:
            raise RuntimeError(f"a page holds {BUFFER_STEPS} steps: flush it first")
        new = [name for name in row if name not in self.columns]
        if new:
            self.columns |= {name: len(self.columns) + i for i, name in enumerate(new)}
            fresh = torch.full((BUFFER_STEPS, len(self.columns)), torch.nan, device=self.device)
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
        finite, or is huge. Empties the buffer."""
        table = self.values[:len(self.steps)].cpu()
        rows = {"step": self.steps, **{name: [v if name in logged else None for v, logged in zip(table[:, i].tolist(), self.present, strict=True)]
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
    """Trains a GAN: takes each player's gradients, updates it, and keeps averaged weights, metrics and all that exact resumption needs."""

    def __init__(self, gan: GAN, batches: BatchSource, steps: int, device: str = "cpu", seed: int = 0, *, generator: torch.Generator | None = None,
                 bf16: bool = False) -> None:
        """`generator` is the run's own, on `device`, shared with `batches`; seeded with `seed` when not given."""
        layout = {} if gan.shape.is_points else {"memory_format": torch.channels_last}
        self.gan, self.batches, self.steps, self.device, self.seed, self.bf16 = gan.to(device, **layout).train(), batches, steps, device, seed, bf16
        gan.generator = generator or torch.Generator(device).manual_seed(seed)
        self.params = {name: [p for m in modules for p in m.parameters()] for name, modules in gan.players().items()}
        self.lr = {name: torch.tensor(gan.rate(name), device=device) for name in self.params}
        self.optimisers = {name: gan.descent(name, params, self.lr[name]) for name, params in self.params.items()}
        self.averaged = [copy.deepcopy(m) for m in gan.averaged_networks()]
        self._pairs = [(mean, now) for a, b in zip(self.averaged, gan.averaged_networks(), strict=True)
                       for mean, now in zip(a.state_dict().values(), b.state_dict().values(), strict=True) if mean.is_floating_point()]
        self.buffer, self._view = MetricBuffer(device), None

    @property
    def step(self) -> int:
        """The number of steps that have been made."""
        return self.gan.steps

    @property
    def done(self) -> bool:
        """Whether the budget of steps is used up."""
        return self.gan.steps >= self.steps

    def run(self) -> Iterator[int]:
        """Train to the end of the budget, yielding the step after each; flush at least every BUFFER_STEPS steps."""
        while not self.done:
            self.advance()
            yield self.step

    def advance(self) -> None:
        """One step: one round of the game. Never waits for the device."""
        for name, lr in self.lr.items():
            torch.mul(self.gan.lr_scale, self.gan.rate(name), out=lr)
        self.gan.logged = logged = {}
        game = self.gan.round(self.batches)
        while (losses := self._next(game)) is not None:
            logged |= self._move(losses)
        logged |= self.gan.logged | (dirac.position(self.gan) if self.gan.shape.single else {})
        self.gan.steps += 1
        self._average()
        self.buffer.write(self.gan.steps, logged)

    def _next(self, game: Iterator[dict[str, Tensor]]) -> dict[str, Tensor] | None:
        """The losses of the next yield; None at the end. Autocast never spans two yields: its cached bf16 weights would be stale after an update."""
        with torch.autocast(torch.device(self.device).type, torch.bfloat16) if self.bf16 else contextlib.nullcontext():
            return next(game, None)

    def _move(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """Take all gradients at the same point, each over its player's parameters alone; only then update the players. Returns losses and norms."""
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
        """Update the exponential moving average of weights and batch-norm statistics; its decay starts low."""
        beta = min(self.gan.knobs.ema, (1 + self.gan.steps) / (10 + self.gan.steps))
        means, now = [list(side) for side in zip(*self._pairs, strict=True)]
        if beta > 0:
            torch._foreach_lerp_(means, now, 1 - beta)
        else:
            torch._foreach_copy_(means, now)

    def flush(self) -> dict[str, list] | None:
        """Metrics of the steps since the last flush, as columns; None when there are none. Raises Diverged. Waits for the device."""
        if not self.buffer.steps:
            return None
        rows, bad = self.buffer.read()
        if bad:
            (name, at), kinds = bad, {"loss": "loss", "grad": "gradient"}
            kind, player = name.split("/")
            kept = {name: [*column[:at], column[at] if _in_range(column[at]) else None] for name, column in rows.items()}
            raise Diverged(player.upper(), rows["step"][at], kinds[kind], kept, exploded=math.isfinite(rows[name][at]))
        return rows

    def tune(self, knobs: Common) -> None:
        """Use these knobs from the next step on."""
        self.gan.knobs = knobs

    def view(self) -> GAN:
        """A copy for pictures: averaged weights where `ema` is on, eval mode, a generator of its own. The same object every time."""
        self._view = self.snapshot(self._view)
        return self._view

    def snapshot(self, view: GAN | None = None) -> GAN:
        """As `view`, but the caller's own copy: a new one, or an earlier one (`view`) brought up to date."""
        if view is None:
            generator, self.gan.generator, self.gan.logged = self.gan.generator, None, {}
            view = copy.deepcopy(self.gan).eval().requires_grad_(False)
            self.gan.generator = generator
        view.load_state_dict(self.gan.state_dict())
        if self.gan.knobs.ema > 0:
            for mean, module in zip(self.averaged, view.averaged_networks(), strict=True):
                module.load_state_dict(mean.state_dict())
        view.knobs, view.steps, view.generator = self.gan.knobs, self.gan.steps, torch.Generator(self.device).manual_seed(self.seed)
        return view

    def finite(self) -> bool:
        """Whether every weight and every buffer is finite. Waits for the device."""
        return all(bool(t.isfinite().all()) for t in self.gan.state_dict().values() if t.is_floating_point())

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything that exact resumption needs: tensors (contiguous copies) and JSON-able numbers. Flush first: unread metrics are left out."""
        tensors = {f"gan.{k}": v for k, v in self.gan.state_dict().items()}
        tensors |= {f"averaged.{i}.{k}": v for i, m in enumerate(self.averaged) for k, v in m.state_dict().items()}
        for player, optimiser in self.optimisers.items():
            for i, kept in optimiser.state_dict()["state"].items():
                tensors |= {f"optimiser.{player}.{i}.{k}": v for k, v in kept.items() if isinstance(v, Tensor)}
        tensors |= {f"batches.{k}": v for k, v in self.batches.state().items()} | {"generator": self.gan.generator.get_state()}
        return {k: v.detach().contiguous().clone() for k, v in tensors.items()}, {"step": self.step, "knobs": mix.told(vars(self.gan.knobs))}

    def load(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Continue where `state` was taken. Raises KeyError or RuntimeError when the tensors belong to other networks."""
        self.gan.load_state_dict(with_prefix(tensors, "gan."))
        for i, module in enumerate(self.averaged):
            module.load_state_dict(with_prefix(tensors, f"averaged.{i}."))
        for player, optimiser in self.optimisers.items():
            for i, p in enumerate(self.params[player]):
                kept = with_prefix(tensors, f"optimiser.{player}.{i}.")
                optimiser.state[p] = {k: torch.empty_like(p).copy_(v) if v.shape == p.shape else v.to(self.device, copy=True)
                                      for k, v in kept.items()}
        self.batches.load(with_prefix(tensors, "batches."))
        self.gan.generator.set_state(tensors["generator"].cpu())
        self.gan.knobs, self.gan.steps = check(type(self.gan).Knobs, meta["knobs"]), meta["step"]
        self.buffer = MetricBuffer(self.device)


def with_prefix(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, named without it."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _in_range(value: float | None) -> bool:
    return value is not None and abs(value) <= HUGE
