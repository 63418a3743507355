"""One run, in its thread."""
