"""Builds GANs: from a Spec, with batches and a trainer; from a checkpoint or a model's tensors, to draw samples from. Nothing else builds one."""

from typing import Any, TypeVar

import torch
from torch import Tensor

import models
from models.kit.batch import Domain, needed
from models.kit.capabilities import Conditional
from models.kit.code import Code
from models.kit.gan import GAN, Latent
from models.kit.knobs import Common, check
from playground import data
from playground.data import Batches, Data, at_batch
from playground.store.checkpoints import Checkpoints, Saved
from playground.training.trainer import Trainer, with_prefix
from playground.types import Refused, Run, Spec, Status

T = TypeVar("T", bound=Trainer)
G = TypeVar("G", bound=GAN)
SHOWN, COLUMNS = 64, 8          # pictures of a frame, and how many stand in a row
ROWS = 16                       # of a frame where each row is a class


def domain_of(spec: Spec) -> Domain:
    """What a run's variant knows of its data. Raises ValueError for data that lack what it needs, which `specs.check` refuses."""
    return needed(models.get(spec.variant).batch, data.domain(spec.data, spec.size, spec.options))


def untrained(variant: str, domain: Domain, knobs: dict[str, Any] | Common, generator: torch.Generator | None = None) -> GAN:
    """An untrained GAN on the CPU. `generator` draws its weights; None leaves them to torch, for weights that are replaced.

    Raises BadKnob for knobs that this variant does not take, KeyError for an unknown variant, ValueError for a domain that lacks what it needs.
    """
    cls = models.get(variant)
    return cls(domain, knobs if isinstance(knobs, Common) else check(cls.Knobs, knobs), generator)


def gan_of(spec: Spec) -> GAN:
    """The GAN of a Spec, with weights from torch's global generator: for its shapes."""
    return untrained(spec.variant, domain_of(spec), spec.knobs)


def trainer_of(spec: Spec, loaded: Data, kind: type[T] = Trainer) -> T:
    """The trainer of a run of this Spec, at step 0: weights, batches and noise come from the Spec's seed."""
    gan = untrained(spec.variant, loaded.domain, spec.knobs, torch.Generator().manual_seed(spec.seed))
    generator = torch.Generator(spec.device).manual_seed(spec.seed)
    batches = batches_of(gan, loaded, generator, spec.device, spec.seed, own_order=spec.shared_order, **at_batch(spec.options))
    return kind(gan, batches, spec.steps, spec.device, spec.seed, generator=generator, bf16=spec.precision == "bfloat16")


def batches_of(gan: GAN, loaded: Data, generator: torch.Generator, device: str = "cpu", seed: int = 0, **options: Any) -> Batches:
    """The batches that a GAN asks for; `options`: those that `Batches` takes. Refused and ValueError as there."""
    return Batches(loaded, gan.batch, gan.knobs.batch, generator, device, known=gan.known_labels(), seed=seed, **options)


def averaged_gan(spec: Spec, saved: Saved) -> Latent:
    """A run's GAN at a checkpoint, as from `with_weights`. KeyError or RuntimeError when the checkpoint belongs to other networks."""
    _, tensors, meta = saved
    gan = untrained(spec.variant, domain_of(spec), meta["knobs"])
    if not isinstance(gan, Latent):
        raise Refused("run", f"{gan.title} has no latents")
    return with_weights(gan, tensors, spec.seed, meta["step"])


def with_weights(gan: G, tensors: dict[str, Tensor], seed: int, step: int) -> G:
    """`gan` with the weights in `tensors`, a checkpoint's or a model file's: averaged ones in its `averaged_networks`, trained ones elsewhere.
    In eval mode, without gradients, with a generator of its own."""
    gan.load_state_dict(with_prefix(tensors, "gan."))
    for i, network in enumerate(gan.averaged_networks()):
        network.load_state_dict(with_prefix(tensors, f"averaged.{i}."))
    return at_rest(gan, seed, step)


def at_rest(gan: G, seed: int, step: int) -> G:
    """`gan` as it is after `step` steps, in eval mode, without gradients, with a generator of its own."""
    gan.generator, gan.steps = torch.Generator().manual_seed(seed), step
    return gan.eval().requires_grad_(False)


def require_idle(run: Run) -> None:
    """Raises Refused("run", ...) while a run is queued or trains: its weights are about to change."""
    if run.status in (Status.QUEUED, Status.RUNNING):
        raise Refused("run", f"this run is {run.status}: pause or stop it first, then its weights can be read")


def newest_checkpoint(run: Run, checkpoints: Checkpoints) -> Saved:
    """A run's newest complete checkpoint. Refused("run", ...) while it trains, or when there is none."""
    require_idle(run)
    saved = checkpoints.latest()
    if saved is None:
        raise Refused("run", "this run has no checkpoint: its weights are not kept")
    return saved


def frame_code(gan: Latent, generator: torch.Generator) -> Code:
    """What the pictures of a frame are drawn from, SHOWN of them; of a `Conditional` variant COLUMNS of each class, at most ROWS of them."""
    if not isinstance(gan, Conditional):
        return gan.draw(SHOWN, generator)
    rows = min(len(gan.classes()), ROWS)
    return gan.draw(rows * COLUMNS, generator, torch.arange(rows).repeat_interleave(COLUMNS))


def samples(gan: Latent, code: Code | Tensor) -> Tensor:
    """Samples of n codes, or of latents alone: (n, *dims), without gradients."""
    with torch.inference_mode():
        return gan.sample(code)
