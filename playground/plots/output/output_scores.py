"""The scores of a network on both sets, which are written beside an exported map of its output."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.formulas.metrics import is_correct, r_squared
from core.training.snapshot import Snapshot

Both = tuple[float, float]
"""A value of the training and of the test set; NaN without a test set."""


class ClassScore(Struct, frozen=True):
    """How many samples of a class are predicted correctly.

    Attributes:
        correct: their number.
        samples: the number of samples of the class.
    """

    correct: int
    samples: int


class OutputScores(Struct, frozen=True):
    """Scores of both sets.

    Attributes:
        score: accuracy, or R² of a regression.
        loss: mean loss.
        samples: number of samples.
        classes: by class, of the test set, or of the training set without one; empty for a regression.
    """

    score: Both
    loss: Both
    samples: tuple[int, int]
    classes: tuple[ClassScore, ...]

    @property
    def is_tested(self) -> bool:
        """Whether there is a test set."""
        return self.samples[1] > 0


def score_of(snapshot: Snapshot) -> Both:
    """Return the accuracy of both sets, or R² of a regression."""
    data = snapshot.data
    if data.coding != "value":
        return snapshot.scores.train_accuracy, snapshot.scores.test_accuracy
    predictions = ((snapshot.trace.prediction, data.y_train), (snapshot.test_prediction, data.y_test))
    train, test = (r_squared(predicted, targets[: len(predicted)]) for predicted, targets in predictions)
    return train, test


def output_scores(snapshot: Snapshot) -> OutputScores:
    """Return the scores of ``snapshot``."""
    data, scores = snapshot.data, snapshot.scores
    classes: tuple[ClassScore, ...] = ()
    if data.coding != "value":
        tested = len(data.x_test) > 0
        prediction = snapshot.test_prediction if tested else snapshot.trace.prediction
        true = (data.labels_test if tested else data.labels_train)[: len(prediction)].astype(np.int64)
        right = is_correct(prediction, true, data.coding)
        every = np.bincount(true, minlength=data.classes).tolist()
        correct = np.bincount(true[right], minlength=data.classes).tolist()
        classes = tuple(map(ClassScore, correct, every))
    samples = len(data.x_train), len(data.x_test)
    return OutputScores(score_of(snapshot), (scores.train_loss, scores.test_loss), samples, classes)
