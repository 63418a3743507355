"""What each variant is good and bad at here, and where it is known to fail, as data. Measured with the quick presets on two cores.

`warns` maps a data set's id, a kind ("points" or "images") or "any" to a warning; the most specific one applies.
"""

from dataclasses import dataclass, field

from playground import data


@dataclass(frozen=True)
class Advice:
    """`good` and `bad` complete "good at" and "weak at"; warnings are whole sentences."""

    good: str
    bad: str
    warns: dict[str, str] = field(default_factory=dict)


NO_ADVICE = Advice("", "")


def grid_warning(found: str) -> dict[str, str]:
    """The warning for the grid, where no variant finds every cluster; `found`: how many this one finds."""
    return {"grid25": f"the 25 clusters are hard for every GAN here: after ten seconds it finds {found} of them."}


ADVICE: dict[str, Advice] = {
    "gan": Advice(
        good="the ring: eight modes in 5 s, 0.82 of its fakes in them; the closest on digits, from the first seconds on",
        bad="one digit in four is not legible; speckles on faces; its losses say nothing of how good the pictures are",
        warns=grid_warning("10")),
    "lsgan": Advice(
        good="the ring, as GAN; as close on digits, with the greatest variety of all",
        bad="one digit in four is not legible; speckles on faces, which lose long hair",
        warns=grid_warning("10")),
    "ls_gan": Advice(
        good="the ring: eight modes, 0.76 inside; clean faces",
        bad="speed, for its penalty is a second backward pass; faces lose long hair and colours",
        warns=grid_warning("7 or 8")),
    "wgan": Advice(
        good="faces: the closest beside WGAN-GP, with long hair, hats and glasses; the quickest steps",
        bad="ragged digits; the clip must be set by hand, and its W compares with no other clip's",
        warns=grid_warning("7 or 8")),
    "wgan_gp": Advice(
        good="the closest on digits after two minutes, beside GAN, and on faces, with long hair; W falls as pictures get better",
        bad="the first half minute; on the ring only 0.70 of its fakes are inside",
        warns={"grid25": "it finds none of the 25 clusters in ten seconds: its penalty keeps its critic too smooth for clusters so small."}),
    "ebgan": Advice(
        good="points: moons as close as real data, the ring with 0.75 inside; clean digits, with bold strokes",
        bad="the first half minute; its landscape flattens as G gets good, which is right; speckles on faces, which lose long hair",
        warns=grid_warning("7 or 8")),
    "ebgan_pt": Advice(
        good="the same as EBGAN, with codes that are kept apart",
        bad="at these sizes the extra term makes hardly any difference",
        warns=grid_warning("7 or 8")),
    "magan": Advice(
        good="points as EBGAN, with no margin to choose; the cleanest of the varied digits",
        bad="the first half minute, when the margin is measured and G does not train; faces lose hats and long hair",
        warns=grid_warning("7 or 8")),
    "began": Advice(
        good="clean digits and faces; its balance says how far it is",
        bad="variety: its digits end more than twice as far off as GAN's; faces vary little",
        warns=grid_warning("7 or 8") | {
               "ring8": "γ is 4 here, beyond the paper's 1; beyond 3,000 steps it can become unstable.",
               "moons": "it draws near to the moons but does not find both arcs whole.",
               "digits": "it draws more 7s and 9s than there are: after two minutes its digits lie more than twice as far off as GAN's.",
               "points": "γ is beyond the paper's 1 here, and was chosen on the ring alone."}),
}


def advice(variant: str) -> Advice:
    """The notes on a variant; empty texts when there are none."""
    return ADVICE.get(variant, NO_ADVICE)


def warning(variant: str, data_id: str) -> str:
    """The warning about training `variant` on a data set, or "". Refused("data") for an unknown set."""
    kind, warns = data.get(data_id).kind, advice(variant).warns
    return next((warns[place] for place in (data_id, kind, "any") if place in warns), "")
