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


def hard(found: str) -> dict[str, str]:
    """The grid, of which no variant finds all."""
    return {"grid25": f"the 25 clusters are hard for every GAN here: after ten seconds it finds {found} of them."}


ADVICE: dict[str, Advice] = {
    "gan": Advice(
        good="the ring: eight modes in 5 s, 0.82 of its fakes in them; the closest on digits, from the first seconds on",
        bad="one digit in four is none; speckles on faces; nothing in its losses says how good the pictures are",
        warns=hard("10")),
    "lsgan": Advice(
        good="the ring, as GAN; as close on digits, with the greatest variety of all",
        bad="one digit in four is none; speckles on faces, which lose long hair",
        warns=hard("10")),
    "ls_gan": Advice(
        good="the ring: eight modes, 0.76 inside; clean faces",
        bad="speed, for its penalty is a second backward pass; faces lose long hair and colours",
        warns=hard("7 or 8")),
    "wgan": Advice(
        good="faces: the closest beside WGAN-GP, with long hair, hats and glasses; the quickest steps",
        bad="ragged digits; the clip must be set by hand, and its W compares with no other clip's",
        warns=hard("7 or 8")),
    "wgan_gp": Advice(
        good="the closest on digits after two minutes, beside GAN, and on faces, with long hair; W falls as pictures get better",
        bad="the first half minute; on the ring only 0.70 of its fakes are inside",
        warns={"grid25": "it finds none of the 25 clusters in ten seconds: its penalty keeps its critic too smooth for clusters so small."}),
    "ebgan": Advice(
        good="points: moons to the floor, the ring with 0.75 inside; clean digits, with bold strokes",
        bad="the first half minute; its landscape flattens as G gets good, which is right; speckles on faces, which lose long hair",
        warns=hard("7 or 8")),
    "ebgan_pt": Advice(
        good="the same as EBGAN, with codes that are kept apart",
        bad="at these sizes the extra term is hardly to be seen",
        warns=hard("7 or 8")),
    "magan": Advice(
        good="points as EBGAN, with no margin to choose; the cleanest of the varied digits",
        bad="the first half minute, when the margin is measured and G rests; faces lose hats and long hair",
        warns=hard("7 or 8")),
    "began": Advice(
        good="clean digits and faces; its balance says how far it is",
        bad="variety: its digits end more than twice as far off as GAN's; faces are much alike",
        warns=hard("7 or 8") | {
               "ring8": "γ is 4 here, beyond the paper's 1; beyond 3,000 steps it can become unstable.",
               "moons": "it draws near to the moons but does not find both arcs whole.",
               "digits": "it draws more 7s and 9s than there are: after two minutes its digits lie more than twice as far off as GAN's.",
               "points": "γ is beyond the paper's 1 here, and was chosen on the ring alone."}),
}


def advice(variant: str) -> Advice:
    """What is known of a variant; empty texts when nothing is."""
    return ADVICE.get(variant, NONE)


def warning(variant: str, data_id: str) -> str:
    """What to know before training `variant` on a data set, or "". Refused("data") when there is no such set."""
    kind, warns = data.get(data_id).kind, advice(variant).warns
    return next((warns[place] for place in (data_id, kind, "any") if place in warns), "")
