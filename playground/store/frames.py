"""The pictures of a run, by step: samples of its fixed latents, and snapshots of its D."""

from pathlib import Path

from playground.store.disk import numbered, thinned, write_aside
from playground.types import Refused

MOST = 300              # frames that stay
MOST_MARKED = 100       # of which marked ones
SUFFIXES = {b"RI": ".webp", b"PK": ".npz", b"\x1f\x8b": ".look"}       # by a file's first two bytes


class Frames:
    """`<step>.webp` for images, `<step>.npz` for points ("fakes", float16 (n, 2)), `<step>.look` for D (see `playground.inspection.critic`).

    At most 300 stay: evenly spaced ones, and the marked ones.
    """

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder, self.most = folder, most

    def put(self, step: int, data: bytes, mark: bool = False) -> None:
        """Store an encoded frame; its kind is read from its first bytes. `mark` spares it from thinning."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_aside(self.folder / f"{step}{SUFFIXES[data[:2]]}", data)
        if mark:
            with (self.folder / "marked").open("a") as file:
                file.write(f"{step}\n")
        steps = self.steps()
        if len(steps) > self.most:
            spared = {steps[0], steps[-1], *self._marked()}
            kept = spared | set(thinned([s for s in steps if s not in spared], self.most * 5 // 6 - len(spared)))
            self._drop([s for s in steps if s not in kept])

    def steps(self) -> list[int]:
        """The steps that have a frame, ascending."""
        return sorted(step for suffix in SUFFIXES.values() for step in numbered(self.folder, suffix))

    def path(self, step: int) -> Path:
        """The file of a step's frame. Refused("frame", ...) when there is none, or no longer."""
        for suffix in SUFFIXES.values():
            path = self.folder / f"{int(step)}{suffix}"
            if path.is_file():
                return path
        raise Refused("frame", f"there is no frame of step {int(step)}")

    def drop_after(self, step: int) -> None:
        """Delete the frames after `step`."""
        self._drop([s for s in self.steps() if s > step])

    def _drop(self, steps: list[int]) -> None:
        for step in steps:
            for suffix in SUFFIXES.values():
                (self.folder / f"{step}{suffix}").unlink(missing_ok=True)

    def _marked(self) -> list[int]:
        """The newest marked steps; older ones are thinned like the rest, so that dragging a slider cannot fill the disk."""
        path = self.folder / "marked"
        words = path.read_text().split() if path.is_file() else []
        return [int(word) for word in words if word.isdecimal()][-min(MOST_MARKED, self.most // 3):]
