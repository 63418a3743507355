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
        good="the ring: eight modes in 5 s, 0.82 of its fakes in them; digits, early and in all ten kinds",
        bad="speckles on faces; nothing in its losses says how good the pictures are"),
    "lsgan": Advice(
        good="the ring, as GAN; among the closest on digits; keeps what is rare in faces, hats and bright hair",
        bad="speckles on faces; one digit in five is none"),
    "ls_gan": Advice(
        good="the ring: eight modes, 0.76 inside; digits nearly as close as LSGAN's",
        bad="speed, for its penalty is a second backward pass; faces lose some colour"),
    "wgan": Advice(
        good="faces: hats, glasses and colours stay; steps are quick",
        bad="the clip must be set by hand, and its W compares with no other clip's"),
    "wgan_gp": Advice(
        good="the closest on digits after two minutes, and on faces; W falls as pictures get better",
        bad="the first half minute, and the price of a step"),
    "ebgan": Advice(
        good="points: moons to the floor, the ring with 0.75 inside; smooth digits",
        bad="its landscape flattens as G gets good, which is right; digits lean to bold strokes"),
    "ebgan_pt": Advice(
        good="the same as EBGAN, with codes that are kept apart",
        bad="at these sizes the extra term is hardly to be seen"),
    "magan": Advice(
        good="points as EBGAN, with no margin to choose; clean digits",
        bad="the first seconds, when the margin is measured and G rests; faces lose hats"),
    "began": Advice(
        good="clean digits and faces; its balance says how far it is",
        bad="variety: digits favour simple ones, faces lose hats, bright hair and most glasses",
        warns={"ring8": "γ is 4 here, beyond the paper's 1; beyond 3,000 steps it can become unstable.",
               "moons": "it draws near to the moons but does not find both arcs whole.",
               "points": "γ is beyond the paper's 1 here, and was chosen on the ring alone."}),
}


def advice(variant: str) -> Advice:
    """What is known of a variant; empty texts when nothing is."""
    return ADVICE.get(variant, NONE)


def warning(variant: str, data_id: str) -> str:
    """What to know before training `variant` on a data set, or "". Refused("data") when there is no such set."""
    kind, warns = data.get(data_id).kind, advice(variant).warns
    return next((warns[place] for place in (data_id, kind, "any") if place in warns), "")
