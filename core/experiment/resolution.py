"""Resolve ``auto``: the output activation, loss and target coding that fit the task."""

from __future__ import annotations

from msgspec import Struct

from core.data.raw_data import Coding, Task
from core.errors import ExperimentError
from core.experiment.experiment import AUTO, Experiment
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.losses import LOSSES


class Resolution(Struct, frozen=True):
    """The output activation, loss and coding after resolving ``auto``.

    Attributes:
        output_activation: key in ``OUTPUT_ACTIVATIONS``.
        loss: key in ``LOSSES``.
        coding: target coding: ``signed`` −1/+1, ``binary`` 0/1, ``one_hot`` (one column per class), ``value``.
        outputs: number of output neurons.
    """

    output_activation: str
    loss: str
    coding: Coding
    outputs: int


def resolve(experiment: Experiment, task: Task, classes: int) -> Resolution:
    """Return the output activation, loss and coding for ``task`` with ``classes`` classes (0 for regression).

    ``auto`` means: for two classes, targets −1/+1, a tanh output and squared error (as in TensorFlow Playground); for more
    classes, softmax and cross-entropy; for a regression, an identity output and squared error. Explicit choices are kept.

    Raises:
        ExperimentError: the chosen loss, output activation and task contradict each other.
    """
    loss, output = experiment.training.loss, experiment.network.output_activation
    if task == "regression":
        loss = "squared_error" if loss == AUTO else loss
        output = "identity" if output == AUTO else output
    else:
        loss = _class_loss(output, classes) if loss == AUTO else loss
        output = _class_output(loss, classes) if output == AUTO else output
    _reject_contradictions(loss, output, task)
    if task == "regression":
        return Resolution(output, loss, "value", 1)
    coding = "one_hot" if classes > 2 else OUTPUT_ACTIVATIONS[output].class_coding
    return Resolution(output, loss, coding, classes if coding == "one_hot" else 1)


def _class_loss(output: str, classes: int) -> str:
    one_each = classes > 2 if output == AUTO else OUTPUT_ACTIVATIONS[output].class_coding == "one_hot"
    return "cross_entropy" if one_each else "squared_error"


def _class_output(loss: str, classes: int) -> str:
    allowed = LOSSES[loss].allowed_outputs
    if len(allowed) == 1:
        return allowed[0]
    return "softmax" if classes > 2 else "tanh"


def _reject_contradictions(loss: str, output: str, task: Task) -> None:
    if task == "regression":
        needs = "needs classes, but the target of this data is a number"
        if LOSSES[loss].takes == "pre_activation":
            raise ExperimentError("$.training.loss", f"{LOSSES[loss].label} {needs}")
        if OUTPUT_ACTIVATIONS[output].class_coding == "one_hot":
            raise ExperimentError("$.network.output_activation", f"{OUTPUT_ACTIVATIONS[output].label} {needs}")
    allowed = LOSSES[loss].allowed_outputs
    if output not in allowed:
        raise ExperimentError(
            "$.network.output_activation",
            f"{LOSSES[loss].label} needs {' or '.join(sorted(allowed))} or auto, got {output}",
        )
