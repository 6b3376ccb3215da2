"""Make a failing input smaller: remove pieces of it as long as it fails in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def shrunk(content: Any, fails: Callable[[Any], bool], ends: float) -> Any:
    """Return a small part of ``content`` (bytes, text, or a suffix with bytes) that ``fails``.

    Args:
        content: an input that fails.
        fails: whether an input fails in the same way.
        ends: processor time at which to stop.
    """
    if isinstance(content, tuple):
        suffix, body = content
        return suffix, shrunk(body, lambda smaller: fails((suffix, smaller)), ends)
    length = len(content) // 2
    while length and time.process_time() < ends:
        at, before = 0, len(content)
        while at < len(content) and time.process_time() < ends:
            smaller = content[:at] + content[at + length :]
            if fails(smaller):
                content = smaller
            else:
                at += length
        if len(content) == before or length > 1:
            length //= 2
    return content
