"""The two forms of a model's file. Whole: all networks as a run has them, and the averages. Small: what a model is shown by, in a third of the bytes.

In the small form averages stand where what they are averages of would be, tensors of two and more dimensions are float16, and what a variant lays
`aside` is left out. Numbers by themselves and in rows (biases, norms, balances) are few, and stay what they are.
"""

import math

from torch import Tensor

from models.kit.gan import GAN
from playground.artifacts.safetensors_header import NAMES, SIZES, Entry
from playground.training.build import at_rest, with_prefix, with_weights
from playground.types import Refused

WHOLE, SMALL = "gan-playground-1", "gan-playground-1-small"         # as a file's metadata name them
WITHIN = {WHOLE: "", SMALL: ", in a file of the small form,"}       # behind the words "a GAN of these knobs"


def tensors_of(gan: GAN, form: str) -> dict[str, Tensor]:
    """The tensors of a file of `gan` by name; averages are what `averaged_networks` hold. The small form takes `gan` apart."""
    if form == SMALL:
        return {f"gan.{name}": tensor.half() if tensor.is_floating_point() and tensor.dim() > 1 else tensor
                for name, tensor in _without_aside(gan).state_dict().items()}
    state = {f"gan.{name}": tensor for name, tensor in gan.state_dict().items()}
    for i, network in enumerate(gan.averaged_networks()):
        state |= {f"averaged.{i}.{name}": tensor for name, tensor in network.state_dict().items()}
    return state


def shrunk(gan: GAN, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """A whole file's tensors, which fit the untrained `gan`, in the small form. Refused("tensors", ...) when float16 cannot hold one of them."""
    found = tensors_of(with_weights(gan, tensors, 0, 0), SMALL)
    for name, tensor in found.items():
        if not tensor.isfinite().all():
            raise Refused("tensors", f"{name} holds numbers that are NaN, or beyond 65,504: float16 has none of those")
    return found


def restored(gan: GAN, tensors: dict[str, Tensor], form: str, seed: int, step: int) -> GAN:
    """The untrained `gan` with the tensors of a file, as from `with_weights`; float32 throughout."""
    if form == WHOLE:
        return with_weights(gan, tensors, seed, step)
    _without_aside(gan).load_state_dict(with_prefix(tensors, "gan."))
    return at_rest(gan, seed, step)


def entries(gan: GAN, form: str) -> dict[str, Entry]:
    """What the header of a file says of the tensors of `gan`, which is taken apart."""
    return {name: Entry(NAMES[str(tensor.dtype)], tuple(tensor.shape)) for name, tensor in tensors_of(gan, form).items()}


def read_bytes(found: dict[str, Entry]) -> int:
    """Bytes of all tensors once they are read: float16 becomes float32."""
    return sum(math.prod(entry.shape) * (4 if entry.dtype == "F16" else SIZES[entry.dtype]) for entry in found.values())


def _without_aside(gan: GAN) -> GAN:
    for name in gan.aside:
        whole, _, part = name.rpartition(".")
        delattr(gan.get_submodule(whole), part)         # not left untrained: who asks for it finds no network, and no nonsense
    return gan
