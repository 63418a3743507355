"""Trained networks, for whatever is done with latents: of runs at rest, and of models. Read once, and kept for a while."""

from dataclasses import replace

from models.kit.gan import Latent
from playground.artifacts.gallery import Gallery
from playground.config.limits.memory_cache import LRUCache
from playground.explorer.generator import TrainedGenerator
from playground.training.build import averaged_gan, require_idle
from playground.ui.handlers.access import Access
from playground.ui.handlers.run_reader import RunReader

MEMORY = 192 << 20          # bytes of runs' networks that stay in memory


class Networks:
    """Threads may share it."""

    def __init__(self, runs: RunReader, gallery: Gallery, access: Access) -> None:
        self.runs, self.gallery, self.access = runs, gallery, access
        self._sources: LRUCache[TrainedGenerator] = LRUCache(MEMORY, lambda source: source.bytes)

    def network(self, id: str) -> Latent:
        """A run's GAN at its newest checkpoint, averaged; read once. Refused as `RunReader.saved`."""
        return self.source(id).gan

    def model_source(self, id: str) -> TrainedGenerator:
        """A model that who asks may look at. Refused as `given_model`, and "model" when it is damaged."""
        entry, found = self.access.given_model(id), self.gallery.model(id)
        about = found.about
        return self._fair(TrainedGenerator(found.hash, found.gan, about.data, about.size, about.options, entry.directions))

    def source(self, id: str) -> TrainedGenerator:
        """That network, with its data, for whatever is done with latents. Refused as `RunReader.saved`."""
        run, checkpoints = self.runs.run(id), self.runs.checkpoints(id)
        require_idle(run)
        key = ":".join([id, *(f"{step}:{checkpoints.path(step).stat().st_mtime_ns}" for step in checkpoints.steps()[-1:])])
        spec = run.spec

        def build() -> TrainedGenerator:
            return TrainedGenerator(key, averaged_gan(spec, self.runs.saved(id)), spec.data, spec.size, spec.options)
        return self._fair(self._sources.get_or_make(key, lambda: self.gallery.building(build)))

    def _fair(self, of: TrainedGenerator) -> TrainedGenerator:
        """A network that others' pictures cannot be had through: it does not know on which it was trained."""
        return of if self.access.may_use(of.data, of.options) else replace(of, options={})
