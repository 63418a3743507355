"""MAGAN's margin over many epochs of random energies: each of the rule's three conditions decides somewhere, by the epoch just before."""

import torch
from papers import staged

from models.kit.batch import Plain

LENGTH, EPOCHS = 2, 300


def test_margin_follows_the_rule_through_many_epochs() -> None:
    rng = torch.Generator().manual_seed(4)

    def drawn(around: float) -> torch.Tensor:
        return around * (0.7 + 0.6 * torch.rand(3, 1, generator=rng, dtype=torch.float64))

    gan = staged("magan", None, pretrain=0, epoch_len=LENGTH)
    made: list[torch.Tensor] = []
    gan.noise = lambda n: made.append(drawn(level * 0.92)) or made[-1]
    margin = before = lowest = float("inf")
    decided = {"below": 0, "less": 0, "rose": 0, "moved": 0, "not by the lowest": 0}
    for epoch in range(EPOCHS):
        level, real, fake = 10 * 0.99 ** epoch, [], []
        for gan.steps in range(LENGTH * epoch, LENGTH * (epoch + 1)):
            x = drawn(level)
            losses = list(gan.step(iter([Plain(x)])))
            real.append(x.mean().item())
            if epoch:
                d, g = losses
                fake.append(g["G"].item())
                short = (margin - made[-2]).clamp(min=0)
                assert abs(d["D"].item() - (x.mean() + short.mean()).item()) < 1e-9, "fakes of its own for each player"
                assert abs(g["G"].item() - made[-1].mean().item()) < 1e-9
        s_x, s_g = sum(real) / LENGTH, sum(fake) / LENGTH
        if epoch == 0:
            margin = s_x
        else:
            says = {"below": s_x < margin, "less": s_x < s_g, "rose": s_g > before}
            for name in says:
                decided[name] += not says[name] and all(says[other] for other in says if other != name)
            decided["moved"] += all(says.values())
            decided["not by the lowest"] += says["below"] and says["less"] and s_g > lowest and not says["rose"]
            margin, before, lowest = (s_x if all(says.values()) else margin), s_g, min(lowest, s_g)
        assert abs(gan.margin.item() - margin) < 1e-9, epoch
    assert min(decided.values()) > 1, decided
