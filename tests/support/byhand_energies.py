"""Energy-based rounds of `byhand`: EBGAN, EBGAN-PT, MAGAN and BEGAN, with the state that they keep."""

from typing import Any

import torch
from byhand import ROUNDS, Hand


def ebgan(h: Hand, batches: Any) -> None:
    x, m = next(batches).x, h.k.margin
    e_x, e_g = h.energy(x)[0], h.energy(h.fakes(len(x)))[0]
    short = (m - e_g).clamp(min=0)
    h.move({"D": e_x.mean() + short.mean()})
    again, codes = h.energy(h.G(h.noise(len(x))))
    loss = again.mean()
    if h.variant == "ebgan_pt":
        n = len(codes)
        dots, lengths = codes @ codes.T, codes.norm(dim=1)
        squares = (dots / (lengths[:, None] * lengths[None])) ** 2
        pt = sum(squares[i, j] for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
        loss = loss + h.k.pt * pt
        h.row |= {"code/pt": pt, "code/rank": n ** 2 / squares.sum()}
    h.move({"G": loss})
    h.row |= {"energy/real": e_x.mean(), "energy/fake": e_g.mean(), "gap/mean": e_g.mean() - e_x.mean(),
              "hinge/active": (e_g < m).double().mean(), "hinge/mean": short.mean()}


def magan(h: Hand, batches: Any) -> None:
    """Its epochs' energies are kept as lists, and the margin is worked out from all of them."""
    x, k = next(batches).x, h.k
    e_x = h.energy(x)[0]
    margin = h.w["margin"]
    if h.steps < k.pretrain + k.epoch_len:
        if h.steps < k.pretrain:
            h.move({"D": e_x.mean()})
        else:
            h.epochs.append((e_x.mean().item(), 0.0))
            margin.fill_(sum(real for real, _ in h.epochs) / k.epoch_len)
        h.row |= {"energy/real": e_x.mean(), "energy/margin": margin.item()}
        return
    m = k.hold if k.hold else margin.item()
    e_d = h.energy(h.fakes(len(x)))[0]
    short = (m - e_d).clamp(min=0)
    h.move({"D": e_x.mean() + short.mean()})
    e_g = h.energy(h.G(h.noise(len(x))))[0]
    h.move({"G": e_g.mean()})
    h.epochs.append((e_x.mean().item(), e_g.mean().item()))

    played = h.epochs[k.epoch_len:]
    whole, rest = divmod(len(played), k.epoch_len)
    means = [[sum(pair[i] for pair in played[k.epoch_len * j:k.epoch_len * (j + 1)]) / k.epoch_len for i in (0, 1)] for j in range(whole)]
    now = played[k.epoch_len * whole:] or played[-k.epoch_len:]
    s_x, s_g = (sum(pair[i] for pair in now) / len(now) for i in (0, 1))
    before = means[:-1] if rest == 0 else means
    rose = bool(before) and s_g > before[-1][1]
    h.row |= {"energy/real": e_x.mean(), "energy/fake": e_g.mean(), "energy/margin": m, "balance/L": e_x.mean() + (e_x.mean() - e_g.mean()).abs(),
              "hinge/active": (e_d < m).double().mean(), "hinge/mean": short.mean(),
              "criteria/below": s_x < m, "criteria/less": s_x < s_g, "criteria/rose": rose}
    if rest == 0:
        if s_x < margin.item() and s_x < s_g and rose:
            h.w["past"].copy_(torch.cat([h.w["past"][1:], margin.view(1)]))
            margin.fill_(s_x)
        h.w["fake_before"].fill_(s_g)
    h.w["sum_real"].fill_(s_x * len(now) / k.epoch_len)             # kept until the next epoch's first step
    h.w["sum_fake"].fill_(s_g * len(now) / k.epoch_len)


def began(h: Hand, batches: Any) -> None:
    x, k, w = next(batches).x, h.k, h.w
    real = h.energy(x)[0].mean()
    fake = h.energy(h.G(h.noise(len(x))))[0].mean()
    other = fake if k.z == "shared" else h.energy(h.fakes(len(x)))[0].mean()
    h.move({"D": real - w["k"].item() * other, "G": fake})
    real, fake = real.item(), fake.item()
    mean = w["mean_real"].item()
    w["mean_real"].fill_(real if mean < 0 else 0.99 * mean + 0.01 * real)
    error = k.gamma * real - fake
    w["k"].fill_(min(1.0, max(0.0, w["k"].item() + k.lambda_k * error / (w["mean_real"].item() if k.k_scale == "relative" else 1.0))))
    M = real + abs(error)
    if k.halve_lr:
        mean = w["mean_M"].item()
        w["mean_M"].fill_(M if mean < 0 else 0.99 * mean + 0.01 * M)
        if w["mean_M"] < 0.99 * w["best_M"]:
            w["best_M"].copy_(w["mean_M"])
            w["stalled"].zero_()
        else:
            w["stalled"] += 1
        if w["stalled"] >= k.halve_lr:
            w["lr_scale"].fill_(max(w["lr_scale"].item() / 2, 1 / 16))
            w["stalled"].zero_()
    h.row |= {"energy/real": real, "energy/fake": fake, "balance/ratio": fake / real, "balance/k": w["k"].item(), "balance/M": M,
              "balance/error": error, "lr/scale": w["lr_scale"].item()}


ROUNDS |= {"ebgan": ebgan, "ebgan_pt": ebgan, "magan": magan, "began": began}
