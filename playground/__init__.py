"""Trains GANs live: the engine, what it measures and keeps, and the page. README.md lists the rooms."""
