"""Numbers as texts for people."""


def span(seconds: float) -> str:
    """A duration: 40 s, 3 min, 2.5 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def amount(n: float) -> str:
    """An amount of bytes: 40 MB, 1.5 GB."""
    return f"{n / 1e6:.0f} MB" if n < 1e9 else f"{n / 1e9:.1f} GB"
