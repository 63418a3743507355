"""Why a run failed, in words."""

import errno
import re

import torch

from playground.types import Refused

REASON = 1200               # characters: a failed download lists what it tried, and what a person can do


def reason(error: Exception) -> str:
    """An error in words for the page: short, without paths or a traceback."""
    text = str(error)
    if isinstance(error, Refused):                      # its message is written for people
        return text[:REASON]
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space, then resume: the last good checkpoint is kept."
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "not enough memory" in text or "can't allocate memory" in text:
        return "Out of memory. Lower the batch or the width."
    if isinstance(error, OSError):
        text = error.strerror or "input or output failed"
    first = re.sub(r"(\w:)?[/\\]\S+", "...", text.split("\n")[0])[:160]
    return f"{type(error).__name__}: {first}"
