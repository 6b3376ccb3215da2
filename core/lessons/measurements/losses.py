"""Measurements of losses, accuracies and progress."""

from __future__ import annotations

import math
from typing import Final

from core.analysis.baseline import baseline_loss
from core.lessons.measurements.measurement import Measurement
from core.training.snapshot import Snapshot


def _generalization_gap(snapshot: Snapshot) -> float:
    return snapshot.scores.test_loss - snapshot.scores.train_loss


def _start_loss(snapshot: Snapshot) -> float:
    losses = snapshot.curve.train
    return float(losses[0]) if len(losses) else math.nan


def _loss_drop(snapshot: Snapshot) -> float:
    start, now = _start_loss(snapshot), snapshot.scores.train_loss
    if now > 0.0:
        return start / now
    return math.nan if math.isnan(start) else math.inf


def _loss_share(snapshot: Snapshot) -> float:
    """Return the training loss as a share of the best constant prediction's; NaN if that is 0."""
    rows = len(snapshot.trace.inputs[0])
    constant = baseline_loss(snapshot.network.architecture.loss, snapshot.data.y_train[:rows])
    return snapshot.scores.train_loss / constant if constant > 0.0 else math.nan


LOSSES: Final = (
    Measurement(
        key="train_loss",
        label="Training loss",
        formula=r"L = \frac{1}{N} \sum_i L_i",
        explanation="Mean loss over the training set, penalty excluded.",
        compute=lambda snapshot: snapshot.scores.train_loss,
    ),
    Measurement(
        key="test_loss",
        label="Test loss",
        formula=r"L_\text{test}",
        explanation="Mean loss over the test set; no value without one.",
        compute=lambda snapshot: snapshot.scores.test_loss,
    ),
    Measurement(
        key="penalty",
        label="Penalty",
        formula=r"\lambda_1 \|W\|_1 + \frac{\lambda_2}{2} \|W\|^2",
        explanation="What L1 and L2 add to the loss.",
        compute=lambda snapshot: snapshot.scores.penalty,
    ),
    Measurement(
        key="train_accuracy",
        label="Training accuracy",
        formula=r"\text{correct} / N",
        explanation="Share of training samples that are classified correctly; no value for a regression.",
        compute=lambda snapshot: snapshot.scores.train_accuracy,
        unit="share",
    ),
    Measurement(
        key="test_accuracy",
        label="Test accuracy",
        formula=r"\text{correct} / N_\text{test}",
        explanation="Share of test samples that are classified correctly; no value for a regression.",
        compute=lambda snapshot: snapshot.scores.test_accuracy,
        unit="share",
    ),
    Measurement(
        key="generalization_gap",
        label="Generalization gap",
        formula=r"L_\text{test} - L",
        explanation="Test loss minus training loss: large if the network has memorized the training set.",
        compute=_generalization_gap,
    ),
    Measurement(
        key="start_loss",
        label="Training loss at the start",
        formula=r"L_0",
        explanation="Training loss before the first update of this run.",
        compute=_start_loss,
    ),
    Measurement(
        key="loss_drop",
        label="Training loss, start ÷ now",
        formula=r"L_0 / L",
        explanation="Training loss at the start divided by the training loss now.",
        compute=_loss_drop,
    ),
    Measurement(
        key="loss_share",
        label="Remaining share of the loss",
        formula=r"L / L_\text{const}",
        explanation="Training loss as a share of the best constant prediction's: 1 if nothing has been learned.",
        compute=_loss_share,
        unit="share",
    ),
    Measurement(
        key="epoch",
        label="Epochs",
        formula=r"\text{epochs}",
        explanation="Passes through the training set since the start, fractional.",
        compute=lambda snapshot: snapshot.epoch,
        unit="epochs",
    ),
    Measurement(
        key="step",
        label="Updates",
        formula=r"\text{updates}",
        explanation="Updates of the weights since the start.",
        compute=lambda snapshot: float(snapshot.step),
        unit="count",
    ),
    Measurement(
        key="diverged",
        label="Diverged",
        formula=r"\exists w: |w| = \infty",
        explanation="1 if training stopped by itself because a number overflowed, else 0.",
        compute=lambda snapshot: float(snapshot.divergence is not None),
        unit="yes or no",
    ),
)
"""Measurements of losses, accuracies and progress."""
