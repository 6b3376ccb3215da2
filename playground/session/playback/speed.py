"""The initial training speed, and how it is saved from one start to the next."""

from __future__ import annotations

from typing import Final

WATCHABLE_SPEED: Final = 500.0
"""Steps per second at which the default network learns its data in about ten seconds."""

_MAXIMUM: Final = "max"
_LIMITS: Final = (1.0, 1e6)


def written(speed: float | None) -> str:
    """Format ``speed`` (steps per second, ``None`` for the maximum) for saving."""
    return _MAXIMUM if speed is None else str(speed)


def read(remembered: object) -> float | None:
    """Parse the saved speed; if it is missing or damaged, use the default."""
    if remembered == _MAXIMUM:
        return None
    try:
        speed = float(str(remembered))
    except ValueError:
        return WATCHABLE_SPEED
    low, high = _LIMITS
    return speed if low <= speed <= high else WATCHABLE_SPEED
