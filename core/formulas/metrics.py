"""Metrics of a network's outputs other than the loss: classes, accuracy, confusion matrix, R²."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.arrays import Booleans, Floats, Integers
    from core.formulas.activations import TargetCoding


def predicted_class(A: Floats, coding: TargetCoding) -> Integers:
    """Return the class that each row of outputs (or of coded targets) encodes, (B, K) → (B,).

    Args:
        A: outputs, (B, 1) for two classes in one output, (B, K) one-hot.
        coding: ``"signed"`` targets −1/+1: class 1 where a > 0; ``"binary"`` targets 0/1: class 1 where a > 0.5;
            ``"one_hot"``: the column of the largest output, the first one if several are equal.
    """
    if coding == "one_hot":
        winners: Integers = np.argmax(A, axis=1).astype(np.int64)
        return winners
    return (A[:, 0] > (0.0 if coding == "signed" else 0.5)).astype(np.int64)


def accuracy(prediction: Floats, targets: Floats, coding: TargetCoding) -> float:
    """Return the share of samples whose predicted class is the target's, in [0, 1]; nan if there are no samples.

    A NaN output predicts no class.

    Args:
        prediction: outputs A, (N, K).
        targets: Y as the loss takes them, (N, K).
        coding: how both code the classes.
    """
    if len(targets) == 0:
        return math.nan
    return float(np.mean(is_correct(prediction, predicted_class(targets, coding), coding)))


def is_correct(prediction: Floats, true: Integers, coding: TargetCoding) -> Booleans:
    """Return for each row of outputs whether it predicts its ``true`` class, (N,); False where an output is NaN."""
    correct: Booleans = (predicted_class(prediction, coding) == true) & ~np.isnan(prediction).any(axis=1)
    return correct


def confusion_matrix(predicted: Integers, true: Integers, classes: int) -> Integers:
    """Return the number of samples of each true class (row) predicted as each class (column), (K, K).

    Args:
        predicted: class indices, (N,), each below ``classes``.
        true: class indices, (N,), each below ``classes``.
        classes: K.
    """
    return np.bincount(true * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def r_squared(prediction: Floats, targets: Floats) -> float:
    """Return R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², the share of the targets' variance that is explained; at most 1.

    ȳ is the mean of each output; the sums run over samples and outputs. The result is nan if the targets
    are constant or there are none.

    Args:
        prediction: outputs A, (N, K).
        targets: Y, (N, K).
    """
    if len(targets) == 0:
        return math.nan
    total = float(np.sum((targets - np.mean(targets, axis=0)) ** 2))
    # The squared error of a diverging network can overflow; R² is −∞ then.
    with np.errstate(over="ignore", invalid="ignore"):
        missed = float(np.sum((targets - prediction) ** 2))
    return 1.0 - missed / total if total > 0.0 else math.nan
