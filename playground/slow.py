"""One step in slow motion: a checkpoint's next round, played as training plays it, and told stage by stage. Nothing is kept of it."""

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

import models
from models.kit.batch import Plain
from models.kit.gan import Latent
from models.kit.knobs import check
from playground import pictures
from playground.data import Batches, at_batch, load
from playground.store.checkpoints import Saved
from playground.terms import Terms, term
from playground.trainer import Diverged, Trainer
from playground.types import Refused, Spec

SHOWN, SEED = 64, 20140610      # points of a batch that are shown; of the noise that some D see while they score
REALS, FAKES, COLUMNS = 4, 8, 4         # pictures of it
Stage = dict[str, Any]


def slow(spec: Spec, saved: Saved) -> dict[str, Any]:
    """The step after a checkpoint. Refused("run", ...) when it diverges or the checkpoint does not fit."""
    played = restored(spec, saved)
    played.advance()
    try:
        row = {name: column[-1] for name, column in played.flush().items()}
    except Diverged as bad:
        raise Refused("run", f"{bad}: there is nothing to show") from bad
    return {"step": int(row.pop("step")), "variant": spec.variant, "stages": played.told(row)}


def restored(spec: Spec, saved: Saved) -> "Slow":
    """A trainer as a run that is resumed has it. Refused("run", ...) for a checkpoint of other networks."""
    data, variant = load(spec.data, spec.size, spec.options), models.get(spec.variant)
    generator = torch.Generator(spec.device)
    gan = variant(data.shape, check(variant.Knobs, spec.knobs), None)
    batches = Batches(data.train, gan.knobs.batch, generator, spec.device, **at_batch(spec.options))
    played = Slow(gan, batches, spec.steps, spec.device, spec.seed, generator=generator, bf16=spec.precision == "bfloat16")
    try:
        played.load(*saved[1:])
    except (KeyError, RuntimeError, ValueError) as other:
        raise Refused("run", "its checkpoint was made by another version of this variant and cannot be played") from other
    return played


class Slow(Trainer):
    """Plays one step and writes down what happens. The real batch and the z that the step draws first are looked at all the way."""

    def __init__(self, gan: Latent, batches: Batches, *rest: Any, **more: Any) -> None:
        super().__init__(gan, batches, *rest, **more)
        self.stages: list[Stage] = []
        self.x = self.z = self.fakes = None
        self.words = Terms(gan)

    def advance(self) -> None:
        """One step, once."""
        self.copy, self.before = self._copied(), {name: b.clone() for name, b in self.gan.named_buffers(recurse=False)}
        self.moving: dict[str, dict[str, Any]] = {}         # players of the last yield, with what is known of their moves
        noise, own = self.gan.noise, self.batches
        self.gan.noise, self.batches = lambda *asked: self._drawn(noise(*asked)), self._given(own)
        try:
            super().advance()
        finally:
            del self.gan.noise
            self.batches = own
        self._begin()
        self._moved()

    def told(self, row: dict[str, float]) -> list[Stage]:
        """All stages; `row` is what the step logged."""
        told: list[Stage] = []
        for stage in self.stages:
            kind, _, player = stage["id"].partition(":")
            if kind == "loss":
                hinge = self.words.hinge(player, row, self.before)
                told += [hinge] if hinge else []
                stage["terms"] += self.words.of_loss(player, row, self.before)
            told.append(stage)
        return [*told, self.words.state(row, self.before)]

    def _given(self, batches: Batches) -> Iterator[Plain]:
        for batch in batches:
            self.x = batch.x if self.x is None else self.x
            yield batch

    def _drawn(self, z: Tensor) -> Tensor:
        self.z = z if self.z is None else self.z
        return z

    def _begin(self) -> None:
        """Once x and z are known, and nothing has moved."""
        if self.stages:
            return
        if self.z is None:                                  # G rests in this phase
            self.z = self.copy.noise(len(self.x), torch.Generator(self.device).manual_seed(SEED))
        self.scores, sight = self._looked()
        n = len(self.x)
        self._tell("draw", "Draw", f"{n} real samples x, and {len(self.z)} latents z. These are looked at all the way.",
                   [term("B", "samples of each kind", n), term("|z|", "numbers in a latent", self.gan.z_dim)], drawn(sight))
        self._tell("fakes", "G makes fakes", "One of each z, as G is now.", [term("|G(z)|", "numbers in a fake", self.x[0].numel())], sight)
        self._tell("score", "D scores", self.words.scoring, self.words.scores(self.scores), sight)

    def _move(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        self._begin()
        if set(losses) != set(self.moving):
            self._moved()
            self.moving = {player: {"times": 0} for player in losses}
        starts = {player: [p.detach().clone() for p in self.params[player]] for player in losses}
        row = super()._move(losses)
        for player, start in starts.items():
            away = torch.nn.utils.get_total_norm([p.detach() - was for p, was in zip(self.params[player], start, strict=True)])
            found = {"loss": row[f"loss/{player.lower()}"].item(), "grad": row[f"grad/{player.lower()}"].item(), "away": away.item()}
            self.moving[player] |= found | {"times": self.moving[player]["times"] + 1}
        return row

    def _moved(self) -> None:
        """The players of the last yield have moved, and the step has done with them what it does. One after the other is looked at."""
        for player, seen in self.moving.items():
            terms = [term(f"L_{player}", f"what {player} minimises", seen["loss"]),
                     term(f"|∇L_{player}|", f"length of {player}'s gradient", seen["grad"])]
            self._tell(f"loss:{player}", f"{player}'s loss", self.words.losing(player, list(self.moving), seen["times"]), terms,
                       formula=self.words.formula(player))
        for player, seen in self.moving.items():
            for mine, now in zip(self.copy.players()[player], self.gan.players()[player], strict=True):
                mine.load_state_dict(now.state_dict())
            before, (self.scores, sight) = self.scores, self._looked()
            scores = self.words.scores(self.scores, before)
            terms = [term(f"η_{player}", "learning rate", self.lr[player].item()),
                     term(f"|Δ{player}|", "how far its weights went" + (", the last time" if seen["times"] > 1 else ""), seen["away"])]
            says = self.words.moving(player, self.optimisers[player], seen["times"])
            if player == "G":
                self._tell("move:G", "G moves", says, terms + scores, sight)
            else:
                self._tell(f"move:{player}", f"{player} moves", says, terms)
                self._tell("again", "D scores again", self.words.again, scores, sight)

    def _copied(self) -> Latent:
        generator, self.gan.generator = self.gan.generator, None
        made = copy.deepcopy(self.gan).requires_grad_(False)
        self.gan.generator = generator
        return made

    @torch.no_grad()
    def _looked(self) -> tuple[dict[str, float], Stage]:
        """(mean scores of x and of the fakes of z, what they look like) by the copy, as it trains; D's own noise is the same every time."""
        kept = {name: b.clone() for name, b in self.copy.named_buffers()}
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.bf16):
            self.copy.generator = torch.Generator(self.device).manual_seed(SEED)
            real = self.copy.score(self.x).float().mean().item()
            fakes = self.copy.G(self.z).float()
            self.copy.generator.manual_seed(SEED)
            fake = self.copy.score(fakes).float().mean().item()
        for name, b in self.copy.named_buffers():           # batch norm and spectral norm keep what they see
            b.copy_(kept[name])
        before, self.fakes = self.fakes, fakes
        return {"real": real, "fake": fake}, self._cloud(fakes) if self.gan.shape.is_points else self._pictures(fakes, before)

    def _cloud(self, fakes: Tensor) -> Stage:
        found = {"z": self.z if self.gan.z_dim == 2 else self.z[:0], "fake": fakes, "real": self.x}
        return {"cloud": {name: [[round(v, 4) for v in p] for p in points[:SHOWN].tolist()] for name, points in found.items()}}

    def _pictures(self, fakes: Tensor, before: Tensor | None) -> Stage:
        """Sheets of x and of the fakes of z; after G's move those of the fakes and of how far they went: white is `most`, of 2 that are possible."""
        if before is None:
            return {"pictures": {"size": self.gan.shape.size, "real": _sheet(self.x[:REALS]), "fake": _sheet(fakes[:FAKES])}}
        moved = (fakes - before)[:FAKES].abs().mean(1, keepdim=True)
        most = moved.max().item()
        return {"pictures": {"fake": _sheet(fakes[:FAKES]), "moved": _sheet(moved / most * 2 - 1), "most": most}} if most else {}

    def _tell(self, id: str, title: str, says: str, terms: list[dict[str, Any]], seen: Stage | None = None, formula: str = "") -> None:
        self.stages.append({"id": id, "title": title, "says": says, "formula": formula, "terms": terms, **(seen or {})})


def drawn(sight: Stage) -> Stage:
    """What is seen before G has made anything."""
    return {kind: {of: seen for of, seen in parts.items() if of != "fake"} for kind, parts in sight.items()}


def _sheet(images: Tensor) -> str:
    return pictures.uri(images, COLUMNS)
