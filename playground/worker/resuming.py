"""What a run that resumes from a checkpoint needs to know of its own past."""

from dataclasses import dataclass
from typing import Any

from models.kit.knobs import BadKnob
from playground.store.checkpoints import Saved
from playground.store.past import events_until
from playground.training.trainer import Trainer
from playground.types import Event, Refused


def restore(trainer: Trainer, found: Saved | None, events: list[Event]) -> tuple[float, int]:
    """Load a checkpoint into a trainer, if one was `found`. Returns the seconds of training by then, and how many samples it had drawn.
    Refused("run", ...) when it does not fit, or the run cannot begin without one."""
    if not found:
        if any("fork" in event for event in events):
            raise Refused("run", "the checkpoint that this fork began with is damaged")
        return 0.0, 0
    _, tensors, meta = found
    elapsed, images = float(meta.pop("elapsed", 0.0)), meta.pop("images", None)
    try:
        trainer.load(tensors, meta)
    except (KeyError, RuntimeError, BadKnob) as other:
        raise Refused("run", "its checkpoint was made by another version of this variant and cannot be loaded") from other
    return elapsed, trainer.step * trainer.gan.knobs.batch if images is None else int(images)        # older ones do not say


@dataclass(frozen=True)
class Past:
    """What the journal says."""

    void: bool                              # something was logged after the checkpoint, or may have been: it needs a rewind
    inherited: float                        # seconds of training of its parent
    valid: list[Event]                       # the events that are still valid
    changes: list[Event]                    # tunes and numbers of threads, to be made again at their steps, in order
    threads: int                            # that it computed with before them; 0: as its Spec says
    quality: dict[str, Any] | None          # what measures are compared with
    phase: str                              # the last one logged

    @staticmethod
    def read(events: list[Event], step: int, found: bool) -> "Past":
        """The past in all `events` of its journal; the run goes on after `step`, from a checkpoint if one was `found`."""
        changes = sorted((e for e in events if "tune" in e or "threads" in e), key=lambda e: e["step"])      # stable: the later of one step wins
        return Past(void=(found or any("rows" in event for event in events)) and not _yielded(events, step),
                    inherited=next((event["elapsed"] for event in events if "fork" in event), 0.0), valid=events_until(events, step),
                    changes=[e for e in changes if e["step"] >= step],
                    threads=next((e["threads"] for e in reversed(changes) if "threads" in e and e["step"] < step), 0),
                    quality=next((event["quality"] for event in reversed(events) if "quality" in event), None),
                    phase=next((event["phase"] for event in reversed(events) if "phase" in event), "play"))


def _yielded(events: list[Event], step: int) -> bool:
    """Whether it gave up its worker after this very step, and nothing but statuses and changes was logged since."""
    last = next((event for event in reversed(events) if not event.keys() & {"status", "tune", "threads"}), {})
    return last.get("yield") == step
