"""Durations in lessons: ``1 s``, ``300 epochs``, ``50 steps``."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from core.errors import LessonError

DurationUnit: TypeAlias = Literal["s", "epochs", "steps"]

_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(s|min|epochs?|steps?)")
_UNITS: Final[dict[str, tuple[DurationUnit, float]]] = {
    "s": ("s", 1.0),
    "min": ("s", 60.0),
    "epoch": ("epochs", 1.0),
    "epochs": ("epochs", 1.0),
    "step": ("steps", 1.0),
    "steps": ("steps", 1.0),
}


class Duration(Struct, frozen=True):
    """An amount of time or of training."""

    amount: float
    unit: DurationUnit


def parse_duration(text: str) -> Duration:
    """Return the duration written as ``1 s``, ``2 min``, ``300 epochs`` or ``50 steps``; an empty text is 0 s.

    Raises:
        LessonError: it is written otherwise.
    """
    if not text:
        return Duration(0.0, "s")
    match = _DURATION.fullmatch(text)
    if match is None:
        raise LessonError(f'expected a duration such as "1 s", "300 epochs" or "50 steps", got "{text[:40]}"')
    unit, factor = _UNITS[match[2]]
    return Duration(float(match[1]) * factor, unit)
