"""A Snapshot: everything that the views show of the training state, computed once and frozen."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.plane import Plane
from core.arrays import Booleans, Floats, Integers
from core.data.prepared_data import PreparedData
from core.engine.cost import max_evaluated_samples
from core.engine.evaluation import Evaluator
from core.experiment import Experiment
from core.formulas.metrics import accuracy
from core.network import Gradients, Network, Trace
from core.training.divergence import Divergence
from core.training.recorders.gradient_history import NO_HISTORY, GradientHistory
from core.training.recorders.loss_curve import LossCurve
from core.training.recorders.parameter_path import NO_PATH, ParameterPath
from core.training.step_pass import StepPass
from core.training.training_state import TrainingState

MAX_PORTABLE: Final = 500_000
"""Maximum number of parameters of a network whose training state is stored in pictures: some 20 MB."""


class Scores(Struct, frozen=True):
    """Losses and accuracies on the training and the test set.

    Attributes:
        train_loss: mean loss, penalty excluded.
        test_loss: the same over the test set; NaN without one.
        penalty: what L1 and L2 add to the loss.
        train_accuracy: share of correctly classified samples; NaN for regression.
        test_accuracy: the same over the test set; NaN without one.
    """

    train_loss: float
    test_loss: float
    penalty: float
    train_accuracy: float
    test_accuracy: float


class Snapshot(Struct, frozen=True, eq=False):
    """The state of training at one step.

    Attributes:
        generation: generation number of the Experiment it belongs to; views ignore older generations.
        experiment: the settings.
        data: the samples.
        network: architecture and parameters.
        trace: forward pass over the training set (its first :func:`core.engine.cost.max_evaluated_samples`), no dropout.
        gradients: of the mean loss over the same samples, at the current weights.
        test_prediction: predictions for the test set, (N_test, K) (its first
            :func:`core.engine.cost.max_evaluated_samples`).
        last_update: change of each parameter in the last step, (P,).
        last_batch: indices of the training samples of the last step.
        dropped: for the features and each hidden layer, the mask of those dropped for the last sample of the last step;
            ``None`` without dropout.
        plane: activations over the input plane, or ``None`` for data without one.
        scores: losses, penalty, accuracies.
        curve: the loss curve so far.
        step: updates made.
        epoch: passes through the training set, fractional.
        playing: whether training is running.
        steps_per_second: measured speed, 0 when paused.
        divergence: why training stopped by itself, or ``None``.
        engine: the engine that computes the steps: ``numpy`` or ``compiled``.
        gradient_history: the norm of each layer's gradient so far.
        path: the path of the parameters so far.
        state: the training state, from which training can resume; ``None`` if a pinned run keeps it.
        step_pass: the pass of the training step whose phases are shown; its samples are then shown with its masks.
    """

    generation: int
    experiment: Experiment
    data: PreparedData
    network: Network
    trace: Trace
    gradients: Gradients
    test_prediction: Floats
    last_update: Floats
    last_batch: Integers
    dropped: tuple[Booleans | None, ...]
    plane: Plane | None
    scores: Scores
    curve: LossCurve
    step: int
    epoch: float
    playing: bool
    steps_per_second: float
    divergence: Divergence | None
    engine: str
    gradient_history: GradientHistory = NO_HISTORY
    path: ParameterPath = NO_PATH
    state: TrainingState | None = None
    step_pass: StepPass | None = None

    @property
    def portable_state(self) -> TrainingState | None:
        """The training state, unless it is too large to be stored in a picture."""
        return self.state if len(self.network.parameters) <= MAX_PORTABLE else None

    @property
    def is_finite(self) -> bool:
        """Whether training loss and gradient are finite."""
        return bool(np.isfinite(self.gradients.loss) and np.isfinite(self.gradients.flat).all())


def evaluate(
    network: Network, data: PreparedData, penalty: float, evaluator: Evaluator
) -> tuple[Trace, Gradients, Floats, Scores]:
    """Return the training set's trace and gradients, the test predictions, and the scores of both sets.

    Args:
        network: the network to evaluate.
        data: its training and test set.
        penalty: what L1 and L2 add to the loss.
        evaluator: computes traces and gradients.
    """
    limit = max_evaluated_samples(network.architecture)
    X, Y = data.x_train[:limit], data.y_train[:limit]
    with np.errstate(over="ignore", invalid="ignore"):
        trace, gradients = evaluator.differentiate(network, X, Y)
        X_test, Y_test = data.x_test[:limit], data.y_test[:limit]
        test_trace = evaluator.forward(network, X_test)
        test_loss = float(np.mean(network.loss(test_trace, Y_test))) if len(X_test) else float("nan")
    scores = Scores(
        gradients.loss,
        test_loss,
        penalty,
        _accuracy(trace.prediction, Y, data),
        _accuracy(test_trace.prediction, Y_test, data),
    )
    return trace, gradients, test_trace.prediction, scores


def losses_of(network: Network, data: PreparedData, evaluator: Evaluator) -> tuple[float, float]:
    """Return the mean loss over the evaluated samples of the training and the test set; NaN for an empty set."""
    limit = max_evaluated_samples(network.architecture)
    sets = ((data.x_train, data.y_train), (data.x_test, data.y_test))
    with np.errstate(over="ignore", invalid="ignore"):
        train, test = (
            float(np.mean(network.loss(evaluator.forward(network, X[:limit]), Y[:limit]))) if len(X) else float("nan")
            for X, Y in sets
        )
    return train, test


def _accuracy(prediction: Floats, Y: Floats, data: PreparedData) -> float:
    if data.coding == "value" or not len(Y):
        return float("nan")
    return accuracy(prediction, Y, data.coding)
