"""Kept for model cards published before the module moved: they import `unpack` from here."""

from playground.artifacts.model_file import unpack

__all__ = ["unpack"]
