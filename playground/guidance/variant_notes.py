"""What each variant is good and bad at here, and where it is known to fail: `notes` of its card, measured with the quick presets on two cores."""

from models import card
from models.kit.card import Notes
from playground import data


def advice(variant: str) -> Notes:
    """The notes on a variant; empty texts when its card has none. KeyError for an unknown variant."""
    return card(variant).notes


def warning(variant: str, data_id: str) -> str:
    """The warning about training `variant` on a data set, or "": of the set itself, else of its kind, else of any. Refused("data") for an unknown
    set."""
    kind, warns = data.get(data_id).kind, advice(variant).warns
    return next((warns[place] for place in (data_id, kind, "any") if place in warns), "")
