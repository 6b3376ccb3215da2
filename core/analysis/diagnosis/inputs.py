"""The rule about features whose scale slows down descent or saturates the first layer."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import standardized
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.words import number
from core.arrays import Floats

LARGE: Final = 20.0
"""Root mean square of a feature above which it is reported."""

UNEVEN: Final = 50.0
"""Ratio of the largest to the smallest standard deviation of the features above which they are reported."""


def root_mean_squares(case: Case) -> Floats:
    """Return the root mean square of each feature over the training samples of the trace, (D_in,)."""
    X = case.trace.inputs[0]
    return np.sqrt(np.mean(X * X, axis=0)) if len(X) else np.zeros(X.shape[1])


def unscaled(case: Case) -> Finding | None:
    """Detect features far from 0, or with very different spread, in data that is not standardized."""
    if case.does_well or case.experiment.data.standardize or not len(case.trace.inputs[0]):
        return None
    sizes, spread = root_mean_squares(case), case.trace.inputs[0].std(axis=0)
    largest, widest = int(np.argmax(sizes)), int(np.argmax(spread))
    varying = np.sort(spread[spread > 0.0])
    # Of many features, a few may be nearly constant, like the corner pixels of an image.
    usual = float(varying[(len(varying) - 1) // 4]) if len(varying) else 0.0
    ratio = float(spread[widest]) / usual if usual else 1.0
    names = case.data.feature_names
    if sizes[largest] > LARGE:
        feature = largest
        center = float(case.trace.inputs[0][:, largest].mean())
        evidence = f"{names[largest]} has mean {number(center)} and standard deviation {number(float(spread[largest]))}"
    elif ratio > UNEVEN:
        feature = widest
        narrow = int(np.flatnonzero(spread == usual)[0])
        evidence = (
            f"{names[widest]} has standard deviation {number(float(spread[widest]))}, {number(ratio)} × that of "
            f"{names[narrow]}"
        )
    else:
        return None
    return Finding(
        key="unscaled",
        title="Features are not scaled",
        severity="warning",
        evidence=f"{evidence}: the loss is far steeper along its weights than along the others.",
        view="inspector",
        numbers=(("largest root mean square", float(sizes[largest])), ("ratio of standard deviations", ratio)),
        feature=feature,
        cure=Cure("Standardize the features", standardized, rewinds=True),
    )
