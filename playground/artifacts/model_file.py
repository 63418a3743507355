"""A trained GAN as one safetensors file: weights, averages and buffers, and what it takes to build it again. Loads from the file's bytes alone."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from models.kit.batch import Domain
from models.kit.gan import Latent
from playground import data
from playground.artifacts.metadata import VERSION, About, domain_fields
from playground.artifacts.model_forms import SMALL, WHOLE, WITHIN, entries, read_bytes, restored, shrunk
from playground.artifacts.safetensors_header import HEAD, MOST_BYTES, NAMES, Entry, header, retold, written
from playground.evaluation import suite
from playground.training.build import domain_of, untrained
from playground.types import Refused, Run
from playground.units import amount
from playground.validate import shown

if TYPE_CHECKING:
    from playground.store.checkpoints import Saved
    from playground.store.history import History

PARTS = ("gan.", "averaged.")       # of a checkpoint's tensors: the GAN's state, and the average of the networks that are shown


@dataclass(frozen=True)
class Model:
    """`hash`: SHA-256 of the file, hex. `gan`: on the CPU, eval mode, no gradients, averaged weights in G, D as it was trained; of a small file
    without what its variant lays `aside`."""

    about: About
    hash: str
    gan: Latent

    @property
    def bytes(self) -> int:
        """Bytes of its networks' weights, in memory."""
        return sum(tensor.nbytes for tensor in self.gan.state_dict().values())


def pack(about: About, tensors: dict[str, Tensor], form: str = WHOLE) -> bytes:
    """The file of a model; what else a checkpoint holds is left out. The same model gives the same bytes. Refused when `unpack` would refuse it."""
    about = About.read(about.json())
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith(PARTS)}
    if form == SMALL:
        _fits({name: Entry(NAMES[str(tensor.dtype)], tuple(tensor.shape)) for name, tensor in kept.items()}, about, WHOLE)
        kept = shrunk(untrained(about.variant, about.domain, about.checked_knobs()), kept)
    held = sum(tensor.numel() * tensor.element_size() for tensor in kept.values())
    if held > MOST_BYTES:
        raise Refused("file", f"this model's tensors hold {amount(held)}; a model's file has at most {amount(MOST_BYTES)}")
    file = written(kept, _texts(about, form))
    examined(file[:HEAD], len(file))
    return file


def renamed(file: bytes, about: About) -> bytes:
    """A model's file that tells something else of itself, as another name or other directions: weights are the same bytes."""
    return retold(file, _texts(about, header(file[:HEAD], len(file)).meta["format"]))


def _texts(about: About, form: str) -> dict[str, str]:
    return {"format": form, "model": json.dumps(about.json(), separators=(",", ":"), allow_nan=False)}


def examined(head: bytes, size: int) -> About:
    """What a file of `size` bytes that begins with `head`, its first HEAD bytes, is a model of. No tensor is read and nothing is allocated.

    Refused: "file" when it is no model's file, "tensors" when these are not its variant's, else the field of `About` that is wrong.
    """
    found = header(head, size)
    about = told(found.meta)
    _fits(found.tensors, about, found.meta["format"])
    whole = read_bytes(found.tensors)
    if whole > MOST_BYTES:
        raise Refused("file", f"the file's tensors hold {amount(whole)} once they are read; at most {amount(MOST_BYTES)} are")
    return about


def _fits(found: dict[str, Entry], about: About, form: str) -> None:
    """Refused("tensors", ...) when `found` are not the tensors of this form of the model's file, each by its name, kind and shape."""
    wanted, whose = expected(about, form), f"a {about.variant_class.title} of these knobs{WITHIN[form]}"
    for name in sorted(wanted.keys() - found.keys()):
        raise Refused("tensors", f"the file lacks {name}, which {whose} has")
    for name in sorted(found.keys() - wanted.keys()):
        raise Refused("tensors", f"the file has a tensor {shown(name)}, which {whose} has not")
    for name, entry in wanted.items():
        if found[name] != entry:
            raise Refused("tensors", f"{name} is {_words(found[name])}, and of {whose} it is {_words(entry)}")


def told(meta: dict[str, str]) -> About:
    """What a file's metadata say of the model. Refused as `examined`."""
    if meta.get("format") not in WITHIN or "model" not in meta:
        raise Refused("file", f"this is a safetensors file, and no model of this playground: its metadata do not say {WHOLE} or {SMALL}")
    try:
        raw = json.loads(meta["model"])
    except (ValueError, RecursionError):
        raise Refused("model", "what the file says of its model cannot be read") from None
    return About.read(raw)


def expected(about: About, form: str = WHOLE) -> dict[str, Entry]:
    """The tensors of a model by name, as they stand in its file."""
    return _expected(about.variant, about.domain, tuple(sorted(about.knobs.items())), form)


@lru_cache(64)
def _expected(variant: str, domain: Domain, knobs: tuple[tuple[str, Any], ...], form: str) -> dict[str, Entry]:
    with FakeTensorMode(allow_non_fake_inputs=True):        # shapes without numbers
        return entries(untrained(variant, domain, dict(knobs)), form)


def unpack(file: bytes) -> Model:
    """The model of a file that may come from anywhere. Refused as `examined`, and "tensors" when a number in them is none."""
    about = examined(file[:HEAD], len(file))
    try:
        tensors = load(file)
    except SafetensorError as error:
        raise Refused("file", f"the file cannot be read: {error}") from error
    for name, tensor in tensors.items():
        if not tensor.isfinite().all():
            raise Refused("tensors", f"{name} holds numbers that are NaN or infinite")
    form = header(file[:HEAD], len(file)).meta["format"]
    gan = restored(untrained(about.variant, about.domain, about.checked_knobs()), tensors, form, about.seed, about.step)
    return Model(about, hashlib.sha256(file).hexdigest(), gan)


def of_run(run: Run, saved: "Saved", history: "History", name: str = "") -> bytes:
    """A run's checkpoint as a model's file, with what was measured last at or before its step. Refused as `pack`."""
    step, tensors, meta = saved
    spec = run.spec
    with history.lock:
        quality = history.quality or {}
        latest = {metric: v for m in history.measures if m["step"] <= step for metric, v in m.items() if metric in suite.MEASURES and _finite(v)}
    known = {word: quality.get(words, {}) for word, words in (("floor", "floors"), ("deviation", "deviations"))}
    measured = {metric: {"value": v} | {word: of[metric] for word, of in known.items() if _finite(of.get(metric))}
                for metric, v in sorted(latest.items())}
    about = About(
        spec.variant, spec.data, knobs=meta["knobs"], step=step, size=spec.size, options=spec.options, seed=spec.seed,
        trained=datetime.fromtimestamp(run.created, UTC).date().isoformat(), quality=measured,
        measured={key: quality[key] for key in ("extractor", "n", "seed")} if quality else None,
        name=name, licence=data.licence(spec.data, spec.options), versions=versions(), **domain_fields(domain_of(spec)))
    return pack(about, tensors)


def versions() -> dict[str, str]:
    """Of what made a model."""
    return {"torch": torch.__version__, "playground": VERSION}


def _words(entry: Entry) -> str:
    return f"{entry.dtype} {list(entry.shape)}"


def _finite(value: float | None) -> bool:
    return value is not None and abs(value) < float("inf")
