"""What each variant is good and bad at here, and where it is known to fail: data, not code. Measured with the quick presets on two cores.

`warns` has a text per place: a data set's id, else a kind ("points" or "images"), else "any"; the closest place speaks.
"""

from dataclasses import dataclass, field

from playground import data


@dataclass(frozen=True)
class Advice:
    """`good` and `bad` are half sentences that follow "good at" and "weak at"; a warning is a whole one."""

    good: str
    bad: str
    warns: dict[str, str] = field(default_factory=dict)


NONE = Advice("", "")

ADVICE: dict[str, Advice] = {
    "gan": Advice(
        good="the ring: all eight modes in 5 s, 0.82 of its fakes in them; digits that can be read in 20 s",
        bad="one digit in five is none; nothing in its losses says how good the pictures are"),
    "lsgan": Advice(
        good="the ring: all eight modes in 5 s; keeps what is rare in faces, hats and bright hair",
        bad="speckles on faces; one digit in five is none"),
    "began": Advice(
        good="clean digits and faces; its balance says how far it is",
        bad="variety: digits favour 1, 9 and 4, faces lose hats, bright hair and most glasses",
        warns={"ring8": "γ is 4 here, beyond its paper's 1: with less, k would never act on the ring. Beyond 3,000 steps it can become unstable."}),
}


def advice(variant: str) -> Advice:
    """What is known of a variant; empty texts when nothing is."""
    return ADVICE.get(variant, NONE)


def warning(variant: str, data_id: str) -> str:
    """What to know before training `variant` on a data set, or "". Refused("data") when there is no such set."""
    kind, warns = data.get(data_id).kind, advice(variant).warns
    return next((warns[place] for place in (data_id, kind, "any") if place in warns), "")
