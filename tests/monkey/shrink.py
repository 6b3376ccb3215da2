"""Find a short sequence that still fails: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating
Failure-Inducing Input", IEEE Transactions on Software Engineering 28(2), 2002)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shortest(items: Sequence[T], fails: Callable[[list[T]], bool], seconds: float) -> list[T] | None:
    """Return a short sub-sequence of ``items`` for which ``fails`` is true, or ``None`` if not even all of them fail.

    Args:
        items: a sequence that failed once.
        fails: whether a sub-sequence fails in the same way; it need not be deterministic.
        seconds: time limit, after which the shortest one found so far is returned.
    """
    end = time.monotonic() + seconds
    present = _suffix(list(items), fails)
    if present is None:
        return None
    parts = 2
    while len(present) >= 2 and time.monotonic() < end:
        shorter = _without_a_part(present, parts, fails, end)
        if shorter is not None:
            present, parts = shorter, max(parts - 1, 2)
        elif parts >= len(present):
            break
        else:
            parts = min(2 * parts, len(present))
    return present


def _suffix(items: list[T], fails: Callable[[list[T]], bool]) -> list[T] | None:
    """Return the shortest of the last 4, 16, 64, … items that fails."""
    count = 4
    while count < len(items):
        if fails(items[-count:]):
            return items[-count:]
        count *= 4
    return items if fails(items) else None


def _without_a_part(items: list[T], parts: int, fails: Callable[[list[T]], bool], end: float) -> list[T] | None:
    """Return ``items`` without one of its ``parts`` such that it still fails."""
    size = -(-len(items) // parts)
    for start in range(0, len(items), size):
        if time.monotonic() >= end:
            return None
        rest = items[:start] + items[start + size :]
        if rest and fails(rest):
            return rest
    return None
