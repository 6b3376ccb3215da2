"""Record the measured truths that a learner was shown, so that they can be shown again when the lesson is reopened."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.lessons.blocks import Predict, Step
from core.lessons.classroom.questions import Truth
from core.lessons.predictions import true_curve, truth_of
from core.lessons.progress.record import Measured
from core.training.snapshot import Snapshot

MAX_POINTS: Final = 240
"""Maximum number of points kept of a measured curve."""

_MAX_VALUE: Final = 1e300


def measure_truths(step: Step, number: int, snapshot: Snapshot) -> tuple[Measured, ...]:
    """Measure the finite truths of the predictions of ``step``, whose number from 1 is ``number``, in ``snapshot``."""
    predictions = [block for block in step.content if isinstance(block, Predict)]
    found = []
    for index, predict in enumerate(predictions, start=1):
        if predict.kind == "curve":
            x, y = true_curve(predict, snapshot)
            usable = np.flatnonzero((np.abs(x) < _MAX_VALUE) & (np.abs(y) < _MAX_VALUE))
            if len(usable):
                kept = usable[np.unique(np.linspace(0, len(usable) - 1, MAX_POINTS).astype(int))]
                curve = tuple(zip(x[kept].tolist(), y[kept].tolist(), strict=True))
                found.append(Measured(step=number, prediction=index, curve=curve))
        elif math.isfinite(value := truth_of(predict, snapshot)) and abs(value) < _MAX_VALUE:
            found.append(Measured(step=number, prediction=index, value=value))
    return tuple(found)


def recorded_truth(measured: Measured) -> Truth | None:
    """Return the truth recorded in ``measured``; ``None`` if there is none."""
    if measured.curve is not None:
        x, y = np.array(measured.curve, dtype=np.float64).T
        return x, y
    return measured.value
