"""How fast to train at first, and what is remembered of it from one start to the next."""

from __future__ import annotations

from typing import Final

WATCHABLE_SPEED: Final = 500.0
"""Steps a second at which the default network learns its data in about ten seconds."""

_MAXIMUM: Final = "max"
_LIMITS: Final = (1.0, 1e6)


def written(speed: float | None) -> str:
    """Return ``speed`` (steps a second, ``None`` for the maximum) as text to remember."""
    return _MAXIMUM if speed is None else str(speed)


def read(remembered: object) -> float | None:
    """Return the speed that ``remembered`` holds; what is missing or damaged becomes one that can be watched."""
    if remembered == _MAXIMUM:
        return None
    try:
        speed = float(str(remembered))
    except ValueError:
        return WATCHABLE_SPEED
    low, high = _LIMITS
    return speed if low <= speed <= high else WATCHABLE_SPEED
