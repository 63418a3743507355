"""Models to look at and to play with: those that ship with the code, and those that people keep."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from playground.artifacts import model_card as card
from playground.artifacts.metadata import About
from playground.artifacts.model_file import Model, examined, renamed, told, unpack
from playground.artifacts.safetensors_header import HEAD, header
from playground.config.file_handles import out_of_handles
from playground.config.limits.memory_cache import LRUCache
from playground.config.limits.pool import Pool
from playground.config.limits.shares import Shares
from playground.store.models import FILE, GRID, ModelRecord, Models
from playground.types import Refused, is_id

log = logging.getLogger(__name__)
V = TypeVar("V")
README = "README.md"
SLUG = re.compile(r"[a-z0-9_]{1,40}(-[a-z0-9_]{1,40}){1,2}")
IN_MEMORY = 192 << 20   # bytes of models that stay built: of a file, or of its weights in memory, whatever is more
BUILDERS = 2            # networks that are built at once: each may take twice its 64 MB, or what a checkpoint holds


@dataclass(frozen=True)
class Entry:
    """One of the gallery. `owner` is "" of what ships."""

    id: str
    about: About
    folder: Path
    hash: str
    bytes: int
    owner: str = ""
    name: str = ""
    published: bool = True
    created: float = 0.0
    directions: dict[str, str] = field(default_factory=dict)

    @property
    def shipped(self) -> bool:
        """Whether it ships with the code."""
        return not self.owner

    @property
    def file(self) -> Path:
        """Its safetensors file."""
        return self.folder / FILE

    @property
    def grid(self) -> Path:
        """Its picture of samples."""
        return self.folder / GRID

    @property
    def known(self) -> About:
        """What is known of it now: people name it, and directions through it."""
        return replace(self.about, name=self.name, directions=self.directions)

    def card(self) -> str:
        """Its Markdown card."""
        return (self.folder / README).read_text(encoding="utf-8") if self.shipped else card.card(self.known, GRID)

    def read(self) -> bytes:
        """Its file, for whoever takes it along."""
        file = self.file.read_bytes()
        return file if self.known == self.about else renamed(file, self.known)


class Gallery:
    """Threads may share it. What takes an id raises Refused("model", ...) when there is none; who may ask is not judged here."""

    def __init__(self, shipped: Path, kept: Models) -> None:
        """`shipped`: a folder with a folder for each model that ships, named by its slug; it may be missing."""
        self.folder, self.kept = shipped, kept
        self._built: LRUCache[tuple[int, Model]] = LRUCache(IN_MEMORY, lambda built: built[0])
        self._builders = Pool("networks", BUILDERS, Shares("models and networks", most=24, each=6, address=16, kept=6))

    @cached_property
    def shipped(self) -> dict[str, Entry]:
        """Read once, the cards and the hashes; what is damaged is left out."""
        found = {}
        for folder in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if SLUG.fullmatch(folder.name) and (folder / FILE).is_file():
                try:
                    data = (folder / FILE).read_bytes()
                    about = told(header(data[:HEAD], len(data)).meta)
                except (Refused, OSError) as error:
                    if out_of_handles(error):
                        raise
                    log.warning("the gallery's %s is left out: %s", folder.name, error)
                    continue
                found[folder.name] = Entry(folder.name, about, folder, hashlib.sha256(data).hexdigest(), len(data), name=about.name,
                                           directions=about.directions)
        return found

    def all(self) -> list[Entry]:
        """What people keep, newest first; then what ships."""
        return [*map(self._entry, self.kept.all()), *self.shipped.values()]

    def get(self, id: str) -> Entry:
        """A model by its id or slug. Refused("model", ...) when there is none."""
        if id in self.shipped:
            return self.shipped[id]
        if not is_id(id):
            raise Refused("model", "there is no such model")
        return self._entry(self.kept.get(id))

    def model(self, id: str) -> Model:
        """The model itself, to be read by all and changed by none. Refused("model", ...) too when its file is damaged."""
        entry = self.get(id)

        def build() -> tuple[int, Model]:
            try:
                made = unpack(entry.file.read_bytes())
            except (Refused, OSError) as error:
                if out_of_handles(error):
                    raise
                raise Refused("model", f"this model's file is damaged: {error}") from error
            if made.hash != entry.hash:
                raise Refused("model", "this model's file is damaged: it is not the one that was kept")
            return max(entry.bytes, made.bytes), made
        return self._built.get_or_make(entry.hash, lambda: self.building(build))[1]

    def building(self, make: Callable[[], V]) -> V:
        """What `make` gives, which builds a network: in turn, a few at once. Refused("server", ...) when too many wait."""
        return self._builders.run(make)

    def keep(self, owner: str, file: bytes, name: str = "", published: bool = False) -> Entry:
        """A file of whatever origin as a model of `owner`'s; `name`: one other than its own. Refused as `unpack`, and "disk"."""
        def build() -> tuple[Model, bytes]:
            made = unpack(file)
            return made, card.grid(made)

        made, grid = self.building(build)
        return self._entry(self.kept.create(owner, file, grid, made.hash, made.about.json(), name or made.about.name, published,
                                            made.about.directions))

    def _entry(self, kept: ModelRecord) -> Entry:
        return Entry(kept.id, About.of_checked(kept.about), self.kept.folder(kept.id), kept.hash, kept.bytes, kept.owner, kept.name, kept.published,
                     kept.created, kept.directions)


def glance(path: Path) -> None:
    """Refused, as by `model.examined`, when a file from outside is no model's: before more than its header is read."""
    with path.open("rb") as file:
        examined(file.read(HEAD), path.stat().st_size)
