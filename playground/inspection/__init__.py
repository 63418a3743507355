"""A view into a run: its samples, its critic, one step in detail."""
