"""What a run will need, known before anything is allocated: one step is played with tensors that have shapes and no numbers."""

import heapq
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

import models
from models.kit.batch import POINTS, Plain, Shape
from models.kit.knobs import check
from playground import data, quality
from playground.machine import free_memory, use_threads
from playground.trainer import Trainer
from playground.types import Refused, Spec

COPIES = 11         # of all weights: themselves, gradients, two moments, the average, copies for pictures and for quality, a checkpoint in the making
SLACK = 1.5         # activations in flight over those that are kept
BASE = 32 << 20
FREE_PART = 0.5     # of the free memory, at most
OWN = ("points", "set")         # options that say what a person drew, or which pictures they sent
_seen: dict[tuple, float] = {}


@dataclass(frozen=True)
class Estimate:
    seconds: float
    bytes: int
    text: str


@dataclass(frozen=True)
class Count:
    """One step of a run: floating-point operations, calls of an operator, bytes of weights, bytes kept for gradients at the peak."""

    flops: int
    calls: int
    weights: int
    kept: int


def estimate(spec: Spec) -> Estimate:
    """Of a checked Spec. Refused("batch" or the widest "width...", ...) when it would need more than half of the memory that is free."""
    needed, seconds = need(spec), spec.steps * seconds_per_step(spec)
    return Estimate(seconds, needed, f"about {span(seconds)}, {amount(needed)} of memory")


def need(spec: Spec) -> int:
    """Bytes that a run will need. Refused as `estimate` says."""
    count = counted(spec)
    weights, kept = COPIES * count.weights, int(SLACK * count.kept)
    samples = data.batch_bytes(spec.data, spec.size, spec.options) + quality.weight(data.shape(spec.data, spec.size, spec.options))
    needed, free = BASE + samples + weights + kept, free_memory(spec.device)
    if needed > FREE_PART * free:
        widths = sorted((k for k in spec.knobs if k.startswith("width")), key=lambda k: spec.knobs[k])
        field = "batch" if kept > weights or not widths else widths[-1]
        raise Refused(field, f"this needs about {amount(needed)}, more than half of the {amount(free)} that are free here: lower {field}")
    return needed


def seconds_per_step(spec: Spec) -> float:
    """As seen in a run of the same kind on this machine; else from what one step does and how fast this machine is."""
    if kind(spec) in _seen:
        return _seen[kind(spec)]
    count, (per_call, per_flop) = counted(spec), speed(spec.device, spec.threads, spec.precision)
    return count.calls * per_call + count.flops * per_flop


def left(spec: Spec, step: int) -> float:
    """Seconds from `step` to the budget."""
    return (spec.steps - step) * seconds_per_step(spec)


def wait(ahead: list[Spec], busy: list[tuple[Spec, int]], workers: int) -> float:
    """Seconds until a worker is free for who queues behind `ahead`, while `busy` train, each with the step that it is at."""
    free = sorted([left(*run) for run in busy] + [0.0] * (workers - len(busy)))
    for spec in ahead:
        heapq.heappush(free, heapq.heappop(free) + left(spec, 0))
    return free[0]


def learn(spec: Spec, seconds: float) -> None:
    """Remember how long a step of this kind took."""
    _seen[kind(spec)] = seconds


def kind(spec: Spec) -> tuple:
    """All of a Spec that the time of a step depends on."""
    rates = ("lr_g", "lr_d", "beta1", "beta2", "ema")
    options = sorted(option for option in spec.options.items() if option[0] not in OWN)      # it takes as long
    machine = spec.threads, spec.device, spec.precision
    return spec.variant, spec.data, spec.size, *machine, *options, *sorted((k, v) for k, v in spec.knobs.items() if k not in rates)


def counted(spec: Spec) -> Count:
    return _counted(spec.variant, data.shape(spec.data, spec.size, spec.options), tuple(sorted(spec.knobs.items())))


class Watch(TorchDispatchMode):
    """Counts what is asked of torch in this thread. (FlopCounterMode hooks every module in every thread, those that train too.)"""

    def __init__(self) -> None:
        super().__init__()
        self.flops = self.calls = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self.calls += 1
        if func._overloadpacket in flop_registry:
            self.flops += flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
        return out


@cache
def _counted(variant: str, shape: Shape, knobs: tuple) -> Count:
    made = models.get(variant)
    kept: dict[int, int] = {}
    peak = 0

    def keep(x: torch.Tensor) -> torch.Tensor:
        storage = x.untyped_storage()
        kept[storage._cdata] = storage.nbytes()
        return x

    with FakeTensorMode(allow_non_fake_inputs=True):
        gan = made(shape, check(made.Knobs, dict(knobs)), None)
        gan.generator = torch.Generator()
        players = {name: [p for module in modules for p in module.parameters()] for name, modules in gan.players().items()}

        def batches() -> Iterator[Plain]:
            while True:
                yield Plain(torch.empty(gan.knobs.batch, *shape.dims))

        with Watch() as watch, torch.autograd.graph.saved_tensors_hooks(keep, lambda x: x):
            for losses in gan.step(batches()):
                for i, (player, loss) in enumerate(losses.items()):
                    torch.autograd.grad(loss, players[player], retain_graph=i + 1 < len(losses))
                peak = max(peak, sum(kept.values()))
                kept.clear()
        weights = sum(t.numel() * t.element_size() for t in gan.state_dict().values())
    return Count(watch.flops, watch.calls, weights, peak)


@cache
def speed(device: str, threads: int, precision: str = "float32") -> tuple[float, float]:
    """Seconds per operator called and per floating-point operation, measured once, within a second, in a thread of its own.

    On small points all is calls; on small images what remains is arithmetic, at the rate that nets of this size reach.
    """
    found: list[tuple[float, float]] = []

    def measure() -> None:
        use_threads(threads)
        (points, a), (images, b) = _timed(POINTS, device), _timed(Shape(3, 32), device, bf16=precision == "bfloat16")
        per_call = points / a.calls
        found.append((per_call, max(images - b.calls * per_call, 0.2 * images) / b.flops))

    thread = threading.Thread(target=measure, name="speed")
    thread.start()
    thread.join()
    return found[0] if found else (1e-5, 1e-10)


def _timed(shape: Shape, device: str, seconds: float = 0.2, *, bf16: bool = False) -> tuple[float, Count]:
    """The median time of a step of a small GAN, and what it counts."""
    made = models.get("gan")
    knobs = check(made.Knobs, {"batch": 16})
    still = _Still(torch.zeros(16, *shape.dims, device=device))
    trainer = Trainer(made(shape, knobs, torch.Generator().manual_seed(0)), still, 10**6, device, bf16=bf16)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        trainer.advance()
        trainer.flush()                                 # waits for the device
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], _counted("gan", shape, tuple(sorted(vars(knobs).items())))


class _Still:
    """The same batch for ever."""

    def __init__(self, x: torch.Tensor) -> None:
        self.x = x

    def __iter__(self) -> Iterator[Plain]:
        return self

    def __next__(self) -> Plain:
        return Plain(self.x)

    def state(self) -> dict[str, torch.Tensor]:
        return {}

    def load(self, state: dict[str, torch.Tensor]) -> None:
        """It has no position."""


def span(seconds: float) -> str:
    """In words: 40 s, 3 min, 2.5 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def amount(n: float) -> str:
    """In words: 40 MB, 1.5 GB."""
    return f"{n / 1e6:.0f} MB" if n < 1e9 else f"{n / 1e9:.1f} GB"
