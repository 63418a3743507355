"""Building blocks of the variants: base classes, knobs, networks, losses."""
