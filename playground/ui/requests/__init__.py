"""Who asks, and what came in."""
