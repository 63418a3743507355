"""What to make of a run's numbers, and what to do about it."""
