"""D's features of a sample: a space in which similar samples lie close to each other."""

from torch import Tensor, nn


def code(critic: nn.Module, x: Tensor) -> Tensor:
    """(n, *dims) -> (n, h): an autoencoder's code, what a critic that is told classes sees before it is told, else the input of a critic's last
    linear layer. Without D's own noise."""
    if hasattr(critic, "encoder"):
        return critic.encoder(critic.lift(x)).float()
    if hasattr(critic, "features"):
        return critic.features(x).float()
    last = max(i for i, layer in enumerate(critic) if isinstance(layer, nn.Linear))
    return critic[:last](x).flatten(1).float()
