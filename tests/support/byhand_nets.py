"""The networks written a second time, as functions of weights by name in float64: nothing here comes from models/kit."""

import math
from collections import defaultdict

import torch
from torch import Tensor
from torch.nn import functional as F

Weights = dict[str, Tensor]


def layers(w: Weights, prefix: str) -> list[Weights]:
    """The weights under a prefix, layer by layer in their order: {"weight", "bias", "running_mean", ...}."""
    found: dict[str, Weights] = defaultdict(dict)
    for name, tensor in w.items():
        if name.startswith(prefix):
            for end in ("parametrizations.weight.original", "parametrizations.weight.0._u", "parametrizations.weight.0._v"):
                if name.endswith("." + end):
                    found[name.removesuffix(end)][end.rsplit(".", 1)[1]] = tensor
                    break
            else:
                found[name.rsplit(".", 1)[0] + "."][name.rsplit(".", 1)[1]] = tensor
    return list(found.values())


def weight(layer: Weights) -> Tensor:
    """Of a layer with spectral norm, one round of its power iteration and W / σ."""
    if "original" not in layer:
        return layer["weight"]
    raw = layer["original"]
    flat = raw.flatten(1)
    with torch.no_grad():
        u = flat @ layer["_v"]
        layer["_u"].copy_(u / u.norm())
        v = flat.T @ layer["_u"]
        layer["_v"].copy_(v / v.norm())
    u, v = layer["_u"].clone(), layer["_v"].clone()
    return raw / (u @ flat @ v)


def normed(x: Tensor, layer: Weights) -> Tensor:
    """Batch norm that trains: by the batch's own statistics, which the running ones follow by a tenth."""
    n = x.numel() / x.shape[1]
    mean = x.mean((0, 2, 3), keepdim=True)
    var = (x - mean).square().mean((0, 2, 3), keepdim=True)
    with torch.no_grad():
        layer["running_mean"].copy_(0.9 * layer["running_mean"] + 0.1 * mean.flatten())
        layer["running_var"].copy_(0.9 * layer["running_var"] + 0.1 * var.flatten() * n / (n - 1))
        layer["num_batches_tracked"] += 1
    shape = (1, -1, 1, 1)
    return (x - mean) / (var + 1e-5).sqrt() * layer["weight"].view(shape) + layer["bias"].view(shape)


def mlp(x: Tensor, rows: list[Weights], bend) -> Tensor:
    for i, row in enumerate(rows):
        x = F.linear(bend(x) if i else x, weight(row), row["bias"])
    return x


def leaky(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, 0.2 * x)


def elu(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, x.clamp(max=0).exp() - 1)


def up(x: Tensor, row: Weights) -> Tensor:
    return F.conv_transpose2d(x, row["weight"], row.get("bias"), 2, 1)


def flat_layers(w: Weights, prefix: str) -> tuple[list[Weights], list[Weights]]:
    """(those of convolutions, those of linear layers)."""
    found = layers(w, prefix)
    dims = [next(row[name] for name in ("weight", "original") if name in row).ndim for row in found]
    return [row for row, d in zip(found, dims, strict=True) if d == 4], [row for row, d in zip(found, dims, strict=True) if d == 2]


def generator(w: Weights, z: Tensor, base: int, scale: float | None) -> Tensor:
    """Points: an MLP, with so many times z (None: not). Pictures: batch norm and ReLU before each doubling, tanh."""
    if base == 0:
        body = mlp(z, layers(w, "G."), leaky)
        return body if scale is None else scale * z + body
    first, *rest = layers(w, "G.")
    x = F.linear(z, first["weight"]).unflatten(1, (-1, base, base))
    for norm, double in zip(rest[::2], rest[1::2], strict=True):
        x = up(normed(x, norm).relu(), double)
    return x.tanh()


def critic(w: Weights, x: Tensor, base: int, floor: bool) -> Tensor:
    convs, linears = flat_layers(w, "D.")
    for row in convs:
        x = leaky(F.conv2d(x, weight(row), row["bias"], 2, 1))
    score = mlp(x.flatten(1), linears, leaky)[:, 0]
    return score.relu() if floor else score


def autoencoder(w: Weights, x: Tensor, base: int, kind: str, noise: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """(what should be reconstructed, what is, the code); `noise` is what D sees on x."""
    seen = x if noise is None else x + noise
    if base == 0:
        def lift(v: Tensor) -> Tensor:
            return math.sqrt(2) * (v @ w["D.lift.weight"].T + w["D.lift.phase"]).cos() if kind == "lift" else v

        code = mlp(lift(seen), layers(w, "D.encoder."), leaky)
        return lift(x), mlp(code, layers(w, "D.decoder."), leaky), code
    convs, linears = flat_layers(w, "D.encoder.")
    code = x
    for row in convs:
        code = elu(F.conv2d(code, weight(row), row["bias"], 2, 1))
    code = mlp(code.flatten(1), linears, elu)
    convs, linears = flat_layers(w, "D.decoder.")
    made = mlp(code, linears, elu).unflatten(1, (-1, base, base))
    for row in convs:
        made = up(elu(made), row)
    return x, made, code


def began_picture(w: Weights, z: Tensor, prefix: str, base: int) -> Tensor:
    """BEGAN's own decoder: two convolutions a stage, enlarged by repetition between stages."""
    convs, (first,) = flat_layers(w, prefix)
    x = F.linear(z, first["weight"], first["bias"]).unflatten(1, (-1, base, base))
    for i, row in enumerate(convs[:-1]):
        if i and i % 2 == 0:
            x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
        x = elu(F.conv2d(x, row["weight"], row["bias"], 1, 1))
    return F.conv2d(x, convs[-1]["weight"], convs[-1]["bias"], 1, 1)


def began_autoencoder(w: Weights, x: Tensor, base: int) -> tuple[Tensor, Tensor, Tensor]:
    convs, (last,) = flat_layers(w, "D.encoder.")
    code = x
    for i, row in enumerate(convs):
        halves = i >= 2 and i % 2 == 0
        code = elu(F.conv2d(code, row["weight"], row["bias"], 2 if halves else 1, 1))
    code = F.linear(code.flatten(1), last["weight"], last["bias"])
    return x, began_picture(w, code, "D.decoder.", base), code
