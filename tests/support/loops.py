"""Coroutines in tests that share a process with a browser, which keeps the main thread's event loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it returns, or raises, in a loop and a thread of its own; who asks is who asks here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, coroutine).result()
