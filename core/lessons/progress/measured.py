"""The truths that a learner was shown, kept so that an opened lesson shows them again."""

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

_LARGEST: Final = 1e300


def measured_in(step: Step, number: int, snapshot: Snapshot) -> tuple[Measured, ...]:
    """Return the truth of each prediction of ``step``, the step ``number`` from 1, in ``snapshot``; finite ones only."""
    predictions = [block for block in step.content if isinstance(block, Predict)]
    found = []
    for index, predict in enumerate(predictions, start=1):
        if predict.kind == "curve":
            x, y = true_curve(predict, snapshot)
            usable = np.flatnonzero((np.abs(x) < _LARGEST) & (np.abs(y) < _LARGEST))
            if len(usable):
                kept = usable[np.unique(np.linspace(0, len(usable) - 1, MAX_POINTS).astype(int))]
                curve = tuple(zip(x[kept].tolist(), y[kept].tolist(), strict=True))
                found.append(Measured(step=number, prediction=index, curve=curve))
        elif math.isfinite(value := truth_of(predict, snapshot)) and abs(value) < _LARGEST:
            found.append(Measured(step=number, prediction=index, value=value))
    return tuple(found)


def truth_in(measured: Measured) -> Truth | None:
    """Return the truth in ``measured``; ``None`` if there is none."""
    if measured.curve is not None:
        x, y = np.array(measured.curve, dtype=np.float64).T
        return x, y
    return measured.value
