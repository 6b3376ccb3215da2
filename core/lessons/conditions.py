"""Whether a condition holds, and how it reads."""

from __future__ import annotations

import math
from typing import Final

from core.lessons.blocks import Condition, Measure
from core.lessons.measurement import argument_of
from core.lessons.measurement import in_words as value_in_words
from core.lessons.measurements import MEASUREMENTS, Value, measure
from core.training.snapshot import Snapshot

TOLERANCE: Final = 1e-9
"""Relative tolerance of ``equals``."""


def holds(condition: Condition, snapshot: Snapshot) -> bool:
    """Return whether ``condition`` holds in ``snapshot``."""
    return holds_for(condition, measure(condition, snapshot))


def holds_for(condition: Condition, value: Value) -> bool:
    """Return whether ``value`` fulfils ``condition``; NaN never does, and an infinite one only a limit it lies beyond."""
    if isinstance(value, str):
        return value == condition.equals
    if math.isnan(value):
        return False
    if condition.equals is not None:
        return not isinstance(condition.equals, str) and math.isclose(value, condition.equals, rel_tol=TOLERANCE)
    if condition.below is not None and not value < condition.below:
        return False
    return condition.above is None or value > condition.above


def in_words(condition: Condition) -> str:
    """Return the condition as a short text: ``Gradient ratio, layer 1 to last < 10⁻⁴``."""
    entry, name = MEASUREMENTS[condition.measure], measure_name(condition)
    if condition.equals is not None:
        wanted = (
            value_in_words(condition.equals, entry)
            if isinstance(condition.equals, str)
            else value_in_words(float(condition.equals), entry)
        )
        return f"{name} = {wanted}"
    above, below = condition.above, condition.below
    if entry.unit in ("count", "epochs"):  # a limit between two whole numbers stands for one of them
        if above is not None and below is None and not float(above).is_integer():
            return f"{name} ≥ {value_in_words(float(math.ceil(above)), entry)}"
        if below is not None and above is None and not float(below).is_integer():
            return f"{name} ≤ {value_in_words(float(math.floor(below)), entry)}"
    low = None if above is None else value_in_words(above, entry)
    high = None if below is None else value_in_words(below, entry)
    if low is not None and high is not None:
        return f"{low} < {name} < {high}"
    return f"{name} < {high}" if high is not None else f"{name} > {low}"


def measure_name(measure: Measure) -> str:
    """Return the name of a measurement with its arguments: ``Gradient ratio, layer 1 to last``."""
    entry = MEASUREMENTS[measure.measure]
    given = {name: argument_of(measure, name) for name in entry.arguments}
    parts = [f"layer {given['layer']}"] if "layer" in given else []
    if "neuron" in given:
        parts.append(f"neuron {given['neuron']}")
    if "from" in given:
        parts.append(f"layer {given['from']} to {given['to']}")
    return ", ".join((entry.label, *parts))
