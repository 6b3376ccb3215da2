"""The true answers to predictions, and how far a learner's answer is from the truth."""

from __future__ import annotations

import math

from msgspec import UNSET

from core.lessons.blocks import Limits, Predict
from core.lessons.measurements.registry import measure
from core.lessons.sketches.curves import CURVES, XY
from core.lessons.sketches.distance import Difference, Points, curve_difference
from core.training.snapshot import Snapshot


def truth_of(predict: Predict, snapshot: Snapshot) -> float:
    """Return the true answer to a prediction of a choice or a number."""
    return float(measure(predict.truth, snapshot))


def true_curve(predict: Predict, snapshot: Snapshot) -> XY:
    """Return the true answer to a prediction of a curve: x and y, both (n,)."""
    return CURVES[predict.truth.measure].of(snapshot)


def right_choice(predict: Predict, truth: float) -> int:
    """Return the number of the right choice, from 1; 0 if none is right, or more than one."""
    right = [number for number, limits in enumerate(predict.choices, 1) if lies_within(limits, truth)]
    return right[0] if len(right) == 1 else 0


def lies_within(limits: Limits, value: float) -> bool:
    """Return whether ``value`` is at least ``from`` and less than ``below``; NaN never is."""
    if math.isnan(value):
        return False
    return (limits.from_ is UNSET or value >= limits.from_) and (limits.below is UNSET or value < limits.below)


def number_difference(answer: float, truth: float) -> tuple[float, float]:
    """Return ``answer − truth`` and ``answer / truth``; the ratio is NaN if ``truth`` is 0."""
    return answer - truth, answer / truth if truth else math.nan


def sketch_difference(predict: Predict, points: Points, snapshot: Snapshot) -> Difference | None:
    """Return how far the sketch ``points`` is from the true curve; ``None`` if there is nothing to compare."""
    curve = CURVES[predict.truth.measure]
    return curve_difference(points, *curve.of(snapshot), log=curve.log, by_layer=curve.by_layer)
