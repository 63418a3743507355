"""What handlers work with, put together once when the app starts."""

from pathlib import Path

from playground.artifacts.gallery import Gallery
from playground.data.ingest import ImageIngest
from playground.engine.engine import Engine
from playground.explorer.explorer import Explorer
from playground.store.models import Models
from playground.store.sets import Sets
from playground.ui.handlers.access import Access
from playground.ui.handlers.networks import Networks
from playground.ui.handlers.run_reader import RunReader
from playground.ui.requests.uploads import Uploads


class Services:
    """The engine; `runs`: what is known of runs; `networks`: their weights; `access`: who may do what; and what people keep and send."""

    def __init__(self, engine: Engine, assets: Path, reader: type[RunReader] = RunReader) -> None:
        """`assets`: the folder of what ships; `reader`: what finds runs."""
        self.engine, root = engine, engine.runs.root.parent
        self.studio = Explorer(engine.index.cache)
        self.uploads = Uploads(root / "uploads", engine.limits.free)
        self.gallery = Gallery(assets / "gallery", Models(root))
        self.sets = Sets(root)
        self.sets.sweep()
        self.intake = ImageIngest(self.sets, engine.quota.stay)
        engine.usage.other_stores += [self.gallery.kept, self.sets]
        self.runs = reader(engine, assets / "recorded")
        self.access = Access(self.runs, self.gallery, self.sets)
        self.networks = Networks(self.runs, self.gallery, self.access)
