"""What a run will need, known before anything is allocated: one step is run on fake tensors, which have shapes and no numbers."""

import heapq
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

import models
from models.kit.batch import POINTS, Batch, Domain, Shape
from playground import data
from playground.config.machine import cores, free_memory, use_threads
from playground.evaluation import suite
from playground.training.build import domain_of, untrained
from playground.training.trainer import Trainer
from playground.types import Refused, Spec
from playground.units import amount, span

COPIES = 11         # of all weights: themselves, gradients, two moments, the average, copies for pictures and for quality, a checkpoint being written
SLACK = 1.5         # peak activations over those that are saved for gradients
BASE = 32 << 20
LONGEST = 10_000    # steps before "play" that are left out of what a step does
COUNTED = 2000      # Specs whose counts are cached
FREE_PART = 0.5     # of the free memory that a run may need, at most
OWN = ("points", "set")         # options with what a person drew, or which pictures they sent
_step_seconds: dict[tuple, float] = {}


@dataclass(frozen=True)
class Estimate:
    """What a run will take: seconds, bytes, and both in words."""

    seconds: float
    bytes: int
    text: str


@dataclass(frozen=True)
class Count:
    """One step of a run: floating-point operations, calls of operators, bytes of weights, the peak of bytes saved for gradients, and batches drawn
    from the data."""

    flops: int
    calls: int
    weights: int
    saved: int
    batches: int = 1


def estimate(spec: Spec) -> Estimate:
    """The cost of a checked Spec. Refused("batch" or the widest "width...", ...) when it would need more than half of the free memory."""
    needed, seconds = bytes_needed(spec), seconds_left(spec, 0)
    return Estimate(seconds, needed, f"about {span(seconds)}, {amount(needed)} of memory")


def bytes_taken(spec: Spec) -> int:
    """Bytes of memory that a run will need, whether there are as many or not."""
    count = counted(spec)
    copied = data.batch_bytes(spec.data, spec.size, spec.options, models.get(spec.variant).batch)
    samples = copied + suite.weight(data.shape(spec.data, spec.size, spec.options))
    return BASE + samples + COPIES * count.weights + int(SLACK * count.saved)


def bytes_needed(spec: Spec) -> int:
    """The same. Refused as `estimate`."""
    needed, free = bytes_taken(spec), free_memory(spec.device)
    if needed > FREE_PART * free:
        count = counted(spec)
        weights, saved = COPIES * count.weights, int(SLACK * count.saved)
        widths = sorted((k for k in spec.knobs if k.startswith("width")), key=lambda k: spec.knobs[k])
        field = "batch" if saved > weights or not widths else widths[-1]
        raise Refused(field, f"this needs about {amount(needed)}, more than half of the {amount(free)} that are free here: lower {field}")
    return needed


def seconds_per_step(spec: Spec) -> float:
    """Measured in a run of the same kind on this machine; else estimated from what one step does and the speed of this machine."""
    if kind(spec) in _step_seconds:
        return _step_seconds[kind(spec)]
    count, (per_call, per_flop) = counted(spec), speed(spec.device, spec.threads or cores(), spec.precision)
    return count.calls * per_call + count.flops * per_flop


def images_per_step(spec: Spec) -> int:
    """Samples of the data that the first step sees; some variants see fewer later."""
    return counted(spec).batches * spec.knobs["batch"]


def seconds_left(spec: Spec, step: int) -> float:
    """Seconds of training from `step` to the budget."""
    steps = min(spec.steps, -(-spec.images // images_per_step(spec))) if spec.images else spec.steps
    left = max(0, steps - step) * seconds_per_step(spec)
    return min(left, max(0.0, spec.seconds - step * seconds_per_step(spec))) if spec.seconds else left


def wait(ahead: list[float], busy: list[float], workers: int) -> float:
    """Seconds until a worker is free for a run that queues behind others, which need a worker for `ahead` seconds each; the running ones need
    theirs for `busy` more."""
    free = sorted(busy + [0.0] * (workers - len(busy)))
    for seconds in ahead:
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return free[0]


def learn(spec: Spec, seconds: float) -> None:
    """Remember how long a step of this kind took."""
    _step_seconds[kind(spec)] = seconds


def kind(spec: Spec) -> tuple:
    """Everything in a Spec that the time of a step depends on."""
    knobs = sorted((name, v) for name, v in spec.knobs.items() if name not in ("beta1", "beta2", "ema") and not name.startswith("lr_"))
    options = sorted(option for option in spec.options.items() if option[0] not in OWN)      # they do not change the time
    machine = spec.device, spec.precision          # not the threads: a run has the number that is fastest for it
    return spec.variant, spec.data, spec.size, *machine, *options, *knobs


def counted(spec: Spec) -> Count:
    """What one step of this Spec does; cached."""
    return _counted(spec.variant, domain_of(spec), tuple(sorted(spec.knobs.items())))


class OperatorCounter(TorchDispatchMode):
    """Counts the calls of torch operators in this thread. (FlopCounterMode hooks every module in every thread, those that train too.)"""

    def __init__(self) -> None:
        super().__init__()
        self.flops = self.calls = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self.calls += 1
        if func._overloadpacket in flop_registry:
            self.flops += flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
        return out


@lru_cache(COUNTED)
def _counted(variant: str, domain: Domain, knobs: tuple) -> Count:
    saved: dict[int, int] = {}
    peak = 0

    def save(x: torch.Tensor) -> torch.Tensor:
        storage = x.untyped_storage()
        saved[storage._cdata] = storage.nbytes()
        return x

    with FakeTensorMode(allow_non_fake_inputs=True):
        gan = untrained(variant, domain, dict(knobs))
        gan.generator = torch.Generator()
        while gan.phase() != "play" and gan.steps < LONGEST:            # WGAN's first steps are twenty times as long as the others
            gan.steps += 1
        players = {name: [p for module in modules for p in module.parameters()] for name, modules in gan.players().items()}
        example = gan.batch.example(gan.knobs.batch, gan.domain)
        with OperatorCounter() as counter, torch.autograd.graph.saved_tensors_hooks(save, lambda x: x):
            for losses in gan.round(drawn := Drawn(example)):
                for i, (player, loss) in enumerate(losses.items()):
                    torch.autograd.grad(loss, players[player], retain_graph=i + 1 < len(losses))
                peak = max(peak, sum(saved.values()))
                saved.clear()
        weights = sum(t.numel() * t.element_size() for t in gan.state_dict().values())
    return Count(counter.flops, counter.calls, weights, peak, drawn.n)


class Drawn:
    """The same batch again and again, counted."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.n = batch, 0

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        self.n += 1
        return self.batch


@cache
def speed(device: str, threads: int, precision: str = "float32") -> tuple[float, float]:
    """Seconds per operator call and per floating-point operation, measured once, within a second, in a thread of its own.

    On small points the time is all in calls; on small images the rest is arithmetic, at the rate that networks of this size reach.
    """
    found: list[tuple[float, float]] = []

    def measure() -> None:
        use_threads(threads)
        (points, a), (images, b) = _timed(Domain(POINTS), device), _timed(Domain(Shape(3, 32)), device, bf16=precision == "bfloat16")
        per_call = points / a.calls
        found.append((per_call, max(images - b.calls * per_call, 0.2 * images) / b.flops))

    thread = threading.Thread(target=measure, name="speed")
    thread.start()
    thread.join()
    return found[0] if found else (1e-5, 1e-10)


def _timed(domain: Domain, device: str, seconds: float = 0.2, *, bf16: bool = False) -> tuple[float, Count]:
    """The median time of a step of a small GAN, and what it counts."""
    gan = untrained("gan", domain, {"batch": 16}, torch.Generator().manual_seed(0))
    trainer = Trainer(gan, data.ExampleBatches(gan.batch, gan.knobs.batch, gan.domain, device), 10**6, device, bf16=bf16)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        trainer.advance()
        trainer.flush()                                 # waits for the device
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], _counted("gan", domain, tuple(sorted(vars(gan.knobs).items())))
