"""One step in slow motion: the training step after a checkpoint, recorded stage by stage. Nothing of it is stored."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from models.kit.batch import Batch
from models.kit.capabilities import Coder, scored, scored_fakes, told_labels
from models.kit.code import Code
from models.kit.gan import Latent
from playground.data import Batches, load
from playground.inspection.step_terms import Scores, Terms, term
from playground.render import encode
from playground.store.checkpoints import Saved
from playground.training.build import trainer_of
from playground.training.trainer import Diverged, Trainer
from playground.types import Refused, Spec

SHOWN, SEED = 256, 20140610     # points of a batch that are shown; seed of the input noise of some D
REALS, FAKES, COLUMNS = 4, 8, 4         # pictures of a batch that are shown; columns of a sheet
Stage = dict[str, Any]


def trace_step(spec: Spec, saved: Saved) -> dict[str, Any]:
    """The step after a checkpoint as JSON. Refused("run", ...) when it diverges or the checkpoint does not fit."""
    trace = restored(spec, saved)
    trace.advance()
    try:
        row = {name: column[-1] for name, column in trace.flush().items()}
    except Diverged as bad:
        raise Refused("run", f"{bad}: there is nothing to show") from bad
    return {"step": int(row.pop("step")), "variant": spec.variant, "stages": trace.report(row)}


def restored(spec: Spec, saved: Saved) -> "StepTrace":
    """A trainer that continues from a checkpoint, as a resumed run does. Refused("run", ...) for a checkpoint of other networks."""
    trace = trainer_of(spec, load(spec.data, spec.size, spec.options), StepTrace)
    try:
        trace.load(*saved[1:])
    except (KeyError, RuntimeError, ValueError) as error:
        raise Refused("run", "its checkpoint was made by another version of this variant and cannot be played") from error
    return trace


class StepTrace(Trainer):
    """Makes one training step and records its stages.

    The whole step uses one real batch and one set of latents, so that its numbers are comparable: every call of `noise` returns the same z, and
    D's own noise is the same each time. Of several updates of D only the last is recorded; the others are made as in training.
    """

    def __init__(self, gan: Latent, batches: Batches, *rest: Any, **more: Any) -> None:
        super().__init__(gan, batches, *rest, **more)
        self.stages: list[Stage] = []
        self.x = self.y = self.z = self.fakes = None            # y: the classes of the fakes and, where they are labels, of x
        self.terms = Terms(gan)
        for module in gan.modules():
            if is_parametrized(module):                     # spectral norm
                module.parametrizations.eval()              # every forward pass has the same weights: no step of power iteration between them

    def advance(self) -> None:
        """Make the step; to be called once."""
        self.copy, self.before = self._copied(), {name: b.clone() for name, b in self.gan.named_buffers(recurse=False)}
        self.moves: dict[str, dict[str, Any]] = {}         # players of the last yield -> numbers of their updates
        self.times = dict.fromkeys(self.params, 0)
        self.terms.start()
        noise, batches = self.gan.noise, self.batches
        self.gan.noise, self.batches = lambda n: self._latents(noise, n), self._recorded(batches)
        if isinstance(self.gan, Coder):
            drawn = self.gan.drawn_categories
            self.gan.drawn_categories = lambda n: self._categories(drawn, n)
        for gan in (self.gan, self.copy):                   # each forward pass of D changes its samples in the same way
            gan.augmenter = lambda: torch.Generator(self.device).manual_seed(SEED)
        hook = self.gan.D.register_forward_pre_hook(self._same_noise)
        try:
            super().advance()
        finally:
            hook.remove()
            del self.gan.noise, self.gan.augmenter
            self.gan.__dict__.pop("drawn_categories", None)
            self.batches = batches
        self._record_start()
        self._record_moves()

    def report(self, row: dict[str, float]) -> list[Stage]:
        """All stages as JSON; `row`: what the step logged."""
        stages: list[Stage] = []
        for stage in self.stages:
            kind, _, player = stage["id"].partition(":")
            scores = stage.pop("scores", None)
            if kind == "draw":
                stage["says"] += "".join(f" {player} moves {n} times in this step: what is told is the last; the others were on samples of their own."
                                         for player, n in self.times.items() if n > 1)
            if kind == "loss":
                hinge = self.terms.hinge(player, row, self.before)
                stages += [hinge] if hinge else []
                stage["terms"] += self.terms.loss_terms(player, row, self.before, scores)
            stages.append(stage)
        return [*stages, self.terms.state(row, self.before, self.scores)]

    def _recorded(self, batches: Batches) -> Iterator[Batch]:
        """The batches; each restarts the recording, with the networks as they are then."""
        for batch in batches:
            self.x, self.z, self.fakes, self.stages, self.moves = batch[0], None, None, [], {}
            self.y = batch.y if told_labels(self.gan) else None
            self.copy.load_state_dict(self.gan.state_dict())
            yield batch

    def _latents(self, noise: Callable[[int], Tensor], n: int) -> Tensor:
        self.z = noise(n) if self.z is None else self.z
        return self.z

    def _categories(self, drawn: Callable[[int], Tensor], n: int) -> Tensor:
        self.y = drawn(n) if self.y is None else self.y
        return self.y

    def _same_noise(self, _: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """A hook on D's inputs: replaces the run's generator by a freshly seeded one."""
        return given[0], *(part if isinstance(part, Tensor) else torch.Generator(self.device).manual_seed(SEED) for part in given[1:])

    def _record_start(self) -> None:
        """Record the stages before the first update, once x and z are known."""
        if self.stages:
            return
        if self.z is None:                                  # G rests in this phase
            self.z = self.copy.noise(len(self.x), torch.Generator(self.device).manual_seed(SEED))
        self.scores, samples = self._observe()
        n, points = len(self.x), self.gan.shape.is_points
        drawn_are = f"{min(n, SHOWN)} of each are drawn" if points else f"{min(n, REALS)} of x and {min(n, FAKES)} of G's are shown"
        says = f"{n} real samples x and {n} latents z serve the whole step (training draws z anew for G). Means are over all {n}; {drawn_are}."
        sizes = [term("B", "samples of each kind", n), term("n_z", "numbers in a latent", self.gan.z_dim)]
        self._add_stage("draw", "Draw", says, sizes, without_fakes(samples))
        self._add_stage("fakes", "G makes fakes", "One of each z, as G is now.", [term("n_x", "numbers in a fake", self.x[0].numel())], samples)
        self._add_stage("score", "D scores", self.terms.score_text, self.terms.scores(self.scores), samples)

    def _move(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        self._record_start()
        self._record_moves()
        starts = {player: [p.detach().clone() for p in self.params[player]] for player in losses}
        row = super()._move(losses)
        for player, start in starts.items():
            away = torch.nn.utils.get_total_norm([p.detach() - was for p, was in zip(self.params[player], start, strict=True)])
            self.moves[player] = {"loss": row[f"loss/{player.lower()}"].item(), "grad": row[f"grad/{player.lower()}"].item(), "away": away.item()}
            self.times[player] += 1
        return row

    def _record_moves(self) -> None:
        """Record the losses and updates of the last yield's players, after whatever the step does to their weights (clipping)."""
        for player, shown in self.moves.items():
            terms = [term(f"L_{player}", f"what {player} minimises", shown["loss"]),
                     term(f"|∇L_{player}|", f"length of {player}'s gradient", shown["grad"])]
            self._add_stage(f"loss:{player}", f"{player}'s loss", self.terms.loss_text(player, list(self.moves)), terms,
                            {"scores": self.scores}, self.terms.formula(player))
        for player, shown in self.moves.items():
            for mine, now in zip(self.copy.players()[player], self.gan.players()[player], strict=True):
                mine.load_state_dict(now.state_dict())
            before, (self.scores, samples) = self.scores, self._observe()
            scores = self.terms.scores(self.scores, before)
            terms = [term(f"η_{player}", "learning rate", self.lr[player].item()), term(f"|Δ{player}|", "how far its weights went", shown["away"])]
            says = self.terms.update_text(player, self.optimisers[player])
            role = self.gan.roles[player]
            makes = role in ("generator", "encoder")
            self._add_stage(f"move:{player}", f"{player} moves", says, terms + scores if makes else terms, samples if makes else None)
            if role == "critic":
                self._add_stage("again", "D scores again", self.terms.again_text, scores, samples)
        self.moves = {}

    def _copied(self) -> Latent:
        generator, self.gan.generator = self.gan.generator, None
        copied = copy.deepcopy(self.gan).requires_grad_(False)
        self.gan.generator = generator
        return copied

    @torch.no_grad()
    def _observe(self) -> tuple[Scores, Stage]:
        """(scores of x and of the fakes of z, the samples as JSON), by the copy in training mode; D's own noise is the same every time."""
        kept = {name: b.clone() for name, b in self.copy.named_buffers()}
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.bf16):
            self.copy.generator = torch.Generator(self.device).manual_seed(SEED)
            code = Code(self.z, self.y)
            real, fakes = scored(self.copy, self.x, self.y).float(), self.copy.sample(code).float()
            self.copy.generator.manual_seed(SEED)
            fake = scored_fakes(self.copy, fakes, code).float()
        for name, b in self.copy.named_buffers():           # batch norm has updated its statistics
            b.copy_(kept[name])
        before, self.fakes = self.fakes, fakes
        return (real, fake), self._cloud(fakes) if self.gan.shape.is_points else self._pictures(fakes, before)

    def _cloud(self, fakes: Tensor) -> Stage:
        found = {"z": self.z if self.gan.z_dim == 2 else self.z[:0], "fake": fakes, "real": self.x}
        return {"cloud": {name: [[round(v, 4) for v in p] for p in points[:SHOWN].tolist()] for name, points in found.items()}}

    def _pictures(self, fakes: Tensor, before: Tensor | None) -> Stage:
        """Sheets of x and of the fakes of z; after G's update of the fakes and of how far each pixel moved: white is `most`, of 2 at most."""
        if before is None:
            return {"pictures": {"size": self.gan.shape.size, "real": _sheet(self.x[:REALS]), "fake": _sheet(fakes[:FAKES])}}
        moved = (fakes - before)[:FAKES].abs().mean(1, keepdim=True)
        most = moved.max().item()
        return {"pictures": {"fake": _sheet(fakes[:FAKES]), "moved": _sheet(moved / most * 2 - 1), "most": most}} if most else {}

    def _add_stage(self, id: str, title: str, says: str, terms: list[dict[str, Any]], shown: Stage | None = None, formula: str = "") -> None:
        self.stages.append({"id": id, "title": title, "says": says, "formula": formula, "terms": terms, **(shown or {})})


def without_fakes(samples: Stage) -> Stage:
    """The samples without the fakes, for the stage before G has made any."""
    return {kind: {of: shown for of, shown in parts.items() if of != "fake"} for kind, parts in samples.items()}


def _sheet(images: Tensor) -> str:
    return encode.uri(images, COLUMNS)
