"""Texts of people in files for spreadsheets."""

from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r")            # a text cell that begins so is a formula to a spreadsheet


def safe_cell(value: Any) -> Any:
    """Numbers as they are; a text that a spreadsheet would run gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
