"""Whether a checkpoint can become another run's: other knobs, or another variant, as long as the networks are the same."""

from dataclasses import asdict, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import models
from models.kit import knobs as declared
from models.kit.gan import GAN
from models.kit.knobs import BadKnob
from playground import data
from playground.store.checkpoints import Saved
from playground.types import Refused, Spec

EARLY = 10_000          # phases lie in a run's first steps


class Fitted(NamedTuple):
    """A checkpoint for the other run, and what could not be taken over, in words."""

    tensors: dict[str, Tensor]
    fresh: list[str]


def carried(variant: str, values: dict[str, Any]) -> dict[str, Any]:
    """Those of `values` that this variant has a knob for, and would take."""
    kind, taken = models.get(variant).Knobs, {}
    for name in declared.declared(kind).keys() & values.keys():
        try:
            taken[name] = asdict(declared.check(kind, {name: values[name]}))[name]
        except BadKnob:
            continue
    return taken


def fitted(old: Spec, new: Spec, saved: Saved) -> Fitted:
    """`saved`, of a run of `old`, as one of a run of `new` would be. Refused names the knob, or "variant", that stands in the way."""
    step, tensors, _ = saved
    before, after = built(old), built(new)
    wrong = misfit(before, after)
    if wrong:
        raise Refused(blamed(old, new, before), f"{wrong}: a fork goes on with the same networks. Start a new run instead")
    state = {f"gan.{name}": tensor for name, tensor in after.state_dict().items()}
    own = [name for name, _ in after.named_buffers(recurse=False) if f"gan.{name}" not in tensors]
    skipped = sorted(phases(after, step) - phases(before, step))
    if skipped and any(name != "lr_scale" for name, _ in after.named_buffers(recurse=False)):
        raise Refused("variant" if old.variant != new.variant else next(iter(differing(old, new)), "knobs"),
                      f"{after.title} needs what it finds out in its phases: {', '.join(skipped)}. This run has not had those by step {step}")
    fresh = [f"{after.title}'s first phase, {', '.join(skipped)}, is left out"] if skipped else []
    if own:
        fresh.append(f"{after.title}'s own state begins anew: {', '.join(own)}")
    if before.larger_is != after.larger_is:
        fresh.append(f"D has to turn round: its larger scores meant {before.larger_is}, and mean {after.larger_is} now")
    taken = {name: tensor for name, tensor in tensors.items() if name in state or name.startswith(("averaged.", "batches.")) or name == "generator"}
    for player in after.players():
        kinds = [type(optimiser(gan, player)).__name__ for gan in (before, after)]
        if kinds[0] == kinds[1]:
            taken |= {name: tensor for name, tensor in tensors.items() if name.startswith(f"optimiser.{player}.")}
        else:
            fresh.append(f"{player}'s optimiser begins anew: {kinds[1]} remembers other things than {kinds[0]}")
    return Fitted(state | taken, fresh)


def differing(old: Spec, new: Spec) -> dict[str, Any]:
    """The knobs of both that have another value now."""
    return {name: value for name, value in new.knobs.items() if name in old.knobs and old.knobs[name] != value}


def built(spec: Spec) -> GAN:
    """The GAN of a Spec, with whatever weights."""
    cls = models.get(spec.variant)
    return cls(data.shape(spec.data, spec.size, spec.options), declared.check(cls.Knobs, spec.knobs), None)


def misfit(before: GAN, after: GAN) -> str:
    """What is wrong with the networks of the one for the other; "" when nothing is."""
    theirs = dict(before.named_children())
    for name, network in after.named_children():
        if name not in theirs:
            return f"{after.title} has a network {name}, which {before.title} lacks"
        if _shapes(network) != _shapes(theirs[name]):
            return f"{name} would be another network: {_size(theirs[name])} in the run, {_size(network)} in the fork"
    return ""


def blamed(old: Spec, new: Spec, before: GAN) -> str:
    """The first knob that alone keeps the networks from fitting; else the variant."""
    for name, value in differing(old, new).items():
        if misfit(before, built(replace(old, knobs={**old.knobs, **carried(old.variant, {name: value})}))):
            return name
    return "variant" if old.variant != new.variant else "knobs"


def phases(gan: GAN, step: int) -> set[str]:
    """Those of the steps up to `step`."""
    found = set()
    for gan.steps in range(min(step, EARLY)):
        found.add(gan.phase())
    return found


def optimiser(gan: GAN, player: str) -> torch.optim.Optimizer:
    params = [p for module in gan.players()[player] for p in module.parameters()]
    return gan.optimiser(player, params, torch.tensor(gan.rate(player)))


def _shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def _size(network: nn.Module) -> str:
    shapes = _shapes(network)
    return f"{sum(p.numel() for p in network.parameters()):,} weights in {len(shapes)} tensors"
