"""The registry of everything that a lesson can measure, and how a measurement is written in a lesson."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Final

from core.errors import LessonError
from core.lessons.blocks import Layer, Measure
from core.lessons.measurements.gradients import GRADIENTS
from core.lessons.measurements.layers import LAYERS
from core.lessons.measurements.losses import LOSSES
from core.lessons.measurements.measurement import ARGUMENTS, Argument, Measurement, Value, argument_of, value_in_words
from core.lessons.measurements.races import RACES
from core.lessons.measurements.settings import SHAPE, TRAINING
from core.lessons.measurements.signals import SIGNALS
from core.lessons.sketches.curves import CURVES, Curve
from core.registry import registry
from core.training.snapshot import Snapshot

__all__ = [
    "CURVES",
    "MEASUREMENTS",
    "Curve",
    "Measurement",
    "Value",
    "measure",
    "measure_in_words",
    "parse_call",
    "value_in_words",
]

MEASUREMENTS: Final[Mapping[str, Measurement]] = registry(
    *LOSSES, *GRADIENTS, *LAYERS, *SHAPE, *TRAINING, *SIGNALS, *RACES
)
"""Every measurement by key."""

_CALL: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]{0,79})\s*(?:\(([^()]{0,200})\))?\s*")
_NUMBER: Final = re.compile(r"[0-9]{1,3}")


def measure(measure: Measure, snapshot: Snapshot) -> Value:
    """Compute ``measure``, which has been checked, in ``snapshot``; NaN (or an empty text) where it does not apply."""
    return MEASUREMENTS[measure.measure].of(snapshot, measure)


def measure_in_words(measure: Measure, snapshot: Snapshot) -> str:
    """Compute ``measure`` in ``snapshot``, and format its value for a sentence."""
    entry = MEASUREMENTS[measure.measure]
    return value_in_words(entry.of(snapshot, measure), entry)


def parse_call(text: str) -> Measure:
    """Parse a measurement written as ``gradient_ratio(1, last)`` or ``test_loss``.

    Raises:
        LessonError: there is no such measurement, or its arguments are wrong.
    """
    match = _CALL.fullmatch(text)
    if match is None:
        raise LessonError(
            f'expected a measurement such as test_loss or gradient_ratio(1, last), got "{text.strip()[:60]}"'
        )
    key = match[1]
    wanted = entry_of(key).arguments
    given = [part.strip() for part in (match[2] or "").split(",")] if (match[2] or "").strip() else []
    if len(given) != len(wanted):
        raise LessonError(f"expected {call_of(key)}, got {key}({', '.join(given)})")
    values = {name: _argument(name, word) for name, word in zip(wanted, given, strict=True)}
    neuron = values.pop("neuron", None)
    return Measure(
        measure=key,
        layer=values.get("layer"),
        from_=values.get("from"),
        to=values.get("to"),
        neuron=neuron if isinstance(neuron, int) else None,
    )


def call_of(key: str) -> str:
    """Return the call of a measurement with the names of its arguments: ``gradient_ratio(from, to)``."""
    arguments = MEASUREMENTS[key].arguments
    return f"{key}({', '.join(arguments)})" if arguments else key


def entry_of(key: str) -> Measurement:
    """Return the measurement called ``key``.

    Raises:
        LessonError: there is none.
    """
    if key not in MEASUREMENTS:
        raise LessonError(f'no measurement is called "{key}"{_suggestion(key, tuple(MEASUREMENTS))}')
    return MEASUREMENTS[key]


def check_arguments(measure: Measure, *, curve: bool = False) -> None:
    """Check that ``measure`` names a measurement (or a curve) and has exactly its arguments.

    Raises:
        LessonError: it does not; ``key`` names the wrong argument.
    """
    if curve:
        if measure.measure not in CURVES:
            raise LessonError(
                f'no curve is called "{measure.measure}"{_suggestion(measure.measure, tuple(CURVES))}', key="measure"
            )
        wanted: tuple[Argument, ...] = ()
    else:
        try:
            wanted = entry_of(measure.measure).arguments
        except LessonError as error:
            raise LessonError(error.message, key="measure") from None
    for name in ARGUMENTS:
        given = argument_of(measure, name) is not None
        if given and name not in wanted:
            takes = f"its arguments are {', '.join(wanted)}" if wanted else "it has none"
            raise LessonError(f"{measure.measure} has no argument {name}; {takes}", key=name)
        if not given and name in wanted:
            raise LessonError(f"{measure.measure} needs {name}", key="measure")


def _argument(name: str, word: str) -> Layer:
    if word in ("first", "last") and name != "neuron":
        return "first" if word == "first" else "last"
    highest = 512 if name == "neuron" else 51
    if _NUMBER.fullmatch(word) is None or not 1 <= int(word) <= highest:
        also = "" if name == "neuron" else ", first or last"
        raise LessonError(f'{name}: expected a number from 1 to {highest}{also}, got "{word[:40]}"')
    return int(word)


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f', did you mean "{close[0]}"?'
    return f"; there are {', '.join(known)}" if len(known) < 12 else "; assets/lessons/README.md lists them"
