"""Evaluate the conditions of goals and challenges, and format them with their values."""

from __future__ import annotations

import math
from typing import Final

from core.lessons.blocks import Condition, Measure
from core.lessons.measurements.measurement import Measurement, argument_of, value_in_words
from core.lessons.measurements.registry import MEASUREMENTS, Value, measure
from core.training.snapshot import Snapshot

TOLERANCE: Final = 1e-9
"""Relative tolerance of ``equals``."""


def condition_holds(condition: Condition, snapshot: Snapshot) -> bool:
    """Return whether ``condition`` holds in ``snapshot``."""
    return fulfils(condition, measure(condition, snapshot))


def fulfils(condition: Condition, value: Value) -> bool:
    """Return whether ``value`` fulfils ``condition``; NaN fulfils none."""
    if isinstance(value, str):
        return value == condition.equals
    if math.isnan(value):
        return False
    if condition.equals is not None:
        return not isinstance(condition.equals, str) and math.isclose(value, condition.equals, rel_tol=TOLERANCE)
    if condition.below is not None and not value < condition.below:
        return False
    return condition.above is None or value > condition.above


def condition_in_words(condition: Condition) -> str:
    """Format a condition: ``Gradient ratio, layer 1 to last < 10⁻⁴``."""
    entry, name = MEASUREMENTS[condition.measure], measure_name(condition)
    if condition.equals is not None:
        wanted = (
            value_in_words(condition.equals, entry)
            if isinstance(condition.equals, str)
            else value_in_words(float(condition.equals), entry)
        )
        return f"{name} = {wanted}"
    above, below = condition.above, condition.below
    if entry.unit in ("count", "epochs"):  # an integer exceeds 9.5 if it is at least 10
        if above is not None and below is None and not float(above).is_integer():
            return f"{name} ≥ {value_in_words(float(math.ceil(above)), entry)}"
        if below is not None and above is None and not float(below).is_integer():
            highest = math.floor(below)
            return f"{name} {'≤' if highest else '='} {value_in_words(float(highest), entry)}"
    # A limit just beyond a round number includes that number: below 0.00101 is “≤ 0.001”, not “< 0.001”.
    low = "" if above is None else _limit(above, entry)
    high = "" if below is None else _limit(below, entry)
    includes_low = above is not None and _shown(above, entry) > above
    includes_high = below is not None and _shown(below, entry) < below
    if low and low == high:
        return f"{name} = {low}"
    if low and high:
        return f"{low} {'≤' if includes_low else '<'} {name} {'≤' if includes_high else '<'} {high}"
    return f"{name} {'≤' if includes_high else '<'} {high}" if high else f"{name} {'≥' if includes_low else '>'} {low}"


def _limit(value: float, entry: Measurement) -> str:
    """Format a limit with two significant digits, even if it is small."""
    mantissa, power = f"{abs(value):.1e}".split("e") if value else ("0.0", "0")
    if entry.unit or int(power) >= -3 or mantissa.endswith(".0"):
        return value_in_words(value, entry)
    return f"{'−' if value < 0 else ''}{mantissa}·{value_in_words(10.0 ** int(power), entry)}"


def _shown(value: float, entry: Measurement) -> float:
    """Return the number that :func:`_limit` shows for ``value``."""
    if entry.unit == "share":
        return round(value, 2)
    return value if entry.unit else float(f"{value:.1e}")


def measured_in_words(condition: Condition, value: Value) -> str:
    """Format ``value``, with more digits if it would look equal to a limit of ``condition`` that it differs from."""
    entry = MEASUREMENTS[condition.measure]
    words = value_in_words(value, entry)
    if entry.unit or isinstance(value, str) or not 1e-3 <= abs(value) < 1e4:
        return words
    limits = [limit for limit in (condition.above, condition.below) if limit is not None and limit != value]
    return four_digits(value) if words in [value_in_words(limit, entry) for limit in limits] else words


def four_digits(value: float) -> str:
    """Format a number with up to four significant digits: ``0.2041``."""
    return f"{value:.4g}".replace("-", "−")


def score_in_words(score: Measure, value: float) -> str:
    """Format the ``value`` of a challenge's ``score`` with enough digits to compare two results."""
    entry = MEASUREMENTS[score.measure]
    return value_in_words(value, entry) if entry.unit or not 1e-3 <= abs(value) < 1e4 else four_digits(value)


def measure_name(measure: Measure) -> str:
    """Return the name of a measurement with its arguments: ``Gradient ratio, layer 1 to last``."""
    entry = MEASUREMENTS[measure.measure]
    given = {name: argument_of(measure, name) for name in entry.arguments}
    parts = [f"layer {given['layer']}"] if "layer" in given else []
    if "neuron" in given:
        parts.append(f"neuron {given['neuron']}")
    if "from" in given:
        parts.append(f"layer {given['from']} to {given['to']}")
    return ", ".join((entry.label.removesuffix(" of a layer"), *parts))
