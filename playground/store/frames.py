"""What a run made of its fixed latents, and what was seen of its D, step by step."""

from pathlib import Path

from playground.store.disk import numbered, thinned, write_aside
from playground.types import Refused

MOST = 300
MOST_MARKED = 100
SUFFIXES = {b"RI": ".webp", b"PK": ".npz", b"\x1f\x8b": ".look"}       # by a file's first two bytes


class Frames:
    """`<step>.webp` for images, `<step>.npz` for points ("fakes", float16 (n, 2)), `<step>.look` (`playground.look`).

    At most 300: spaced evenly, and the marked ones.
    """

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder, self.most = folder, most

    def put(self, step: int, data: bytes, mark: bool = False) -> None:
        """Keep an encoded frame; the kind is read from its first bytes. `mark` spares it when the frames are thinned."""
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
        """Refused("frame", ...) when there is no frame of that step, or no longer."""
        for suffix in SUFFIXES.values():
            path = self.folder / f"{int(step)}{suffix}"
            if path.is_file():
                return path
        raise Refused("frame", f"there is no frame of step {int(step)}")

    def drop_after(self, step: int) -> None:
        self._drop([s for s in self.steps() if s > step])

    def _drop(self, steps: list[int]) -> None:
        for step in steps:
            for suffix in SUFFIXES.values():
                (self.folder / f"{step}{suffix}").unlink(missing_ok=True)

    def _marked(self) -> list[int]:
        """The newest marks; older ones are thinned like the rest, so that a slider that is dragged cannot fill the disk."""
        path = self.folder / "marked"
        words = path.read_text().split() if path.is_file() else []
        return [int(word) for word in words if word.isdecimal()][-min(MOST_MARKED, self.most // 3):]
