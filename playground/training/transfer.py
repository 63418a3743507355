"""Whether a checkpoint fits another run: with other knobs, or another variant, as long as the networks are the same."""

from dataclasses import asdict, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import models
from models.kit import knobs as declared
from models.kit import mix
from models.kit.gan import GAN
from models.kit.knobs import BadKnob
from playground.store.checkpoints import Saved
from playground.training.build import gan_of
from playground.types import Refused, Spec

EARLY = 10_000          # phases lie in a run's first steps


class Fitted(NamedTuple):
    """A checkpoint for the other run, and what could not be taken over, in words."""

    tensors: dict[str, Tensor]
    fresh: list[str]


def carried(variant: str, values: dict[str, Any]) -> dict[str, Any]:
    """Those of `values` that this variant has a knob for, and accepts."""
    kind, taken = models.get(variant).Knobs, {}
    for name in declared.declared(kind).keys() & values.keys():
        try:
            taken[name] = asdict(declared.check(kind, {name: values[name]}))[name]
        except BadKnob:
            continue
    return taken


def fitted(old: Spec, new: Spec, saved: Saved) -> Fitted:
    """The checkpoint `saved`, of a run of `old`, as a run of `new` would have it. Refused names the knob, or "variant", that prevents it."""
    step, tensors, _ = saved
    old_gan, new_gan = gan_of(old), gan_of(new)
    wrong = misfit(old_gan, new_gan)
    if wrong:
        raise Refused(obstacle(old, new, old_gan), f"{wrong}: a fork goes on with the same networks. Start a new run instead")
    state = {f"gan.{name}": tensor for name, tensor in new_gan.state_dict().items()}
    own = [name for name, _ in new_gan.named_buffers(recurse=False) if f"gan.{name}" not in tensors]
    skipped = sorted(phases(new_gan, step) - phases(old_gan, step))
    if skipped and any(name != "lr_scale" for name, _ in new_gan.named_buffers(recurse=False)):
        raise Refused("variant" if old.variant != new.variant else next(iter(differing(old, new)), "knobs"),
                      f"{new_gan.title} needs what it finds out in its phases: {', '.join(skipped)}. This run has not had those by step {step}")
    fresh = [f"{new_gan.title}'s first phase, {', '.join(skipped)}, is left out"] if skipped else []
    if own:
        fresh.append(f"{new_gan.title}'s own state begins anew: {', '.join(own)}")
    if old_gan.larger_is != new_gan.larger_is:
        fresh.append(f"D has to turn round: its larger scores meant {old_gan.larger_is}, and mean {new_gan.larger_is} now")
    taken = {name: tensor for name, tensor in tensors.items() if name in state or name.startswith(("averaged.", "batches.")) or name == "generator"}
    for player in new_gan.players():
        kinds = [type(optimiser(gan, player)).__name__ for gan in (old_gan, new_gan)]
        if kinds[0] == kinds[1]:
            taken |= {name: tensor for name, tensor in tensors.items() if name.startswith(f"optimiser.{player}.")}
        else:
            fresh.append(f"{player}'s optimiser begins anew: {kinds[1]} remembers other things than {kinds[0]}")
    return Fitted(state | taken, fresh)


def differing(old: Spec, new: Spec) -> dict[str, Any]:
    """The knobs that both have, with other values in `new`; where none are told of what is mixed in, nothing is."""
    before, after = (mix.OWN | spec.knobs for spec in (old, new))
    return {name: value for name, value in after.items() if name in before and before[name] != value}


def misfit(old: GAN, new: GAN) -> str:
    """How the networks of two GANs differ, or the positions in the data that their batches have, in words; "" when they fit."""
    if len(old.batch.orders) != len(new.batch.orders):
        return f"{new.title} draws its data in another way than {old.title}"
    networks = dict(old.named_children())
    for name, network in new.named_children():
        if name not in networks:
            return f"{new.title} has a network {name}, which {old.title} lacks"
        if _shapes(network) != _shapes(networks[name]):
            return f"{name} would be another network: {_size(networks[name])} in the run, {_size(network)} in the fork"
    return ""


def obstacle(old: Spec, new: Spec, before: GAN) -> str:
    """The first knob that alone keeps the networks from fitting; else "variant" or "knobs"."""
    for name, value in differing(old, new).items():
        if misfit(before, gan_of(replace(old, knobs={**old.knobs, **carried(old.variant, {name: value})}))):
            return name
    return "variant" if old.variant != new.variant else "knobs"


def phases(gan: GAN, step: int) -> set[str]:
    """The phases of the steps up to `step`."""
    found = set()
    for gan.steps in range(min(step, EARLY)):
        found.add(gan.phase())
    return found


def optimiser(gan: GAN, player: str) -> torch.optim.Optimizer:
    """The optimiser that a trainer makes for this player."""
    params = [p for module in gan.players()[player] for p in module.parameters()]
    return gan.descent(player, params, torch.tensor(gan.rate(player)))


def _shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def _size(network: nn.Module) -> str:
    shapes = _shapes(network)
    return f"{sum(p.numel() for p in network.parameters()):,} weights in {len(shapes)} tensors"
