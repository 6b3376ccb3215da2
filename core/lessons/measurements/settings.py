"""Measurements of settings, so that a lesson can check what a learner has changed."""

from __future__ import annotations

import math
from typing import Final

from core.analysis.step_limit import momentum_of
from core.data.datasets import DATASETS
from core.data.settings import DrawnSource
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.lessons.measurements.gradients import batch_size
from core.lessons.measurements.measurement import Measurement
from core.network.architecture import Layer
from core.training.snapshot import Snapshot


def _layer(snapshot: Snapshot, layer: int) -> Layer:
    return snapshot.network.architecture.layers[layer]


def _hidden_neurons(snapshot: Snapshot) -> float:
    return float(sum(layer.fan_out for layer in snapshot.network.architecture.layers[:-1]))


def _dataset(snapshot: Snapshot) -> str:
    source = snapshot.experiment.data.dataset
    if isinstance(source, str):
        return source
    return "drawn" if isinstance(source, DrawnSource) else "table"


def _clip_norm(snapshot: Snapshot) -> float:
    limit = snapshot.experiment.training.clip_norm
    return math.inf if limit is None else limit


SHAPE: Final = (
    Measurement(
        key="depth",
        label="Hidden layers",
        formula=r"\text{hidden layers}",
        explanation="Number of hidden layers.",
        compute=lambda snapshot: float(len(snapshot.network.architecture.layers) - 1),
        unit="count",
    ),
    Measurement(
        key="units",
        label="Neurons of a layer",
        formula=r"n_l",
        explanation="Number of neurons of one layer.",
        compute=lambda snapshot, layer: float(_layer(snapshot, layer).fan_out),
        arguments=("layer",),
        unit="count",
    ),
    Measurement(
        key="hidden_neurons",
        label="Hidden neurons",
        formula=r"\sum_l n_l",
        explanation="Number of hidden neurons in all layers.",
        compute=_hidden_neurons,
        unit="count",
    ),
    Measurement(
        key="parameters",
        label="Parameters",
        formula=r"P",
        explanation="Number of trained weights, biases and α.",
        compute=lambda snapshot: float(snapshot.network.architecture.trainable_count),
        unit="count",
    ),
    Measurement(
        key="features",
        label="Features",
        formula=r"D",
        explanation="Number of features that the network sees.",
        compute=lambda snapshot: float(snapshot.network.architecture.inputs),
        unit="count",
    ),
    Measurement(
        key="activation",
        label="Activation",
        formula=r"\varphi",
        explanation="Key of one layer's activation, such as relu; of the output layer with last.",
        compute=lambda snapshot, layer: _layer(snapshot, layer).activation,
        arguments=("layer",),
        unit="text",
        named_in=OUTPUT_ACTIVATIONS,
    ),
    Measurement(
        key="initializer",
        label="Initializer",
        formula=r"W_0",
        explanation="Key of one layer's initializer, such as he_normal.",
        compute=lambda snapshot, layer: _layer(snapshot, layer).initializer,
        arguments=("layer",),
        unit="text",
        named_in=INITIALIZERS,
    ),
    Measurement(
        key="gain",
        label="Weight scale",
        formula=r"g",
        explanation="Factor on the initializer's standard deviation of one layer.",
        compute=lambda snapshot, layer: _layer(snapshot, layer).gain,
        arguments=("layer",),
    ),
    Measurement(
        key="dropout",
        label="Drop probability",
        formula=r"p",
        explanation="Probability of dropping each neuron of one hidden layer.",
        compute=lambda snapshot, layer: _layer(snapshot, layer).dropout,
        arguments=("layer",),
        hidden_only=True,
    ),
    Measurement(
        key="input_dropout",
        label="Drop probability of the features",
        formula=r"p_0",
        explanation="Probability of dropping each feature.",
        compute=lambda snapshot: snapshot.network.architecture.input_dropout,
    ),
)
"""Measurements of the network's settings."""

TRAINING: Final = (
    Measurement(
        key="learning_rate",
        label="Learning rate",
        formula=r"\alpha",
        explanation="Step size of gradient descent.",
        compute=lambda snapshot: snapshot.experiment.training.learning_rate,
    ),
    Measurement(
        key="batch_size",
        label="Batch size",
        formula=r"K",
        explanation="Samples averaged for one update; the size of the training set for the whole set.",
        compute=lambda snapshot: float(batch_size(snapshot)),
        unit="count",
    ),
    Measurement(
        key="whole_set",
        label="Whole set",
        formula=r"K = N",
        explanation="1 if each update uses the whole training set, else 0.",
        compute=lambda snapshot: float(batch_size(snapshot) == len(snapshot.data.x_train)),
        unit="yes or no",
    ),
    Measurement(
        key="momentum",
        label="Momentum",
        formula=r"\mu",
        explanation="Momentum; 0 for an optimizer that does not use it.",
        compute=lambda snapshot: momentum_of(snapshot.experiment.training),
    ),
    Measurement(
        key="l1",
        label="L1",
        formula=r"\lambda_1",
        explanation="Strength of the L1 penalty.",
        compute=lambda snapshot: snapshot.experiment.training.l1,
    ),
    Measurement(
        key="l2",
        label="L2",
        formula=r"\lambda_2",
        explanation="Strength of the L2 penalty.",
        compute=lambda snapshot: snapshot.experiment.training.l2,
    ),
    Measurement(
        key="clip_norm",
        label="Clip norm",
        formula=r"c",
        explanation="Norm above which the gradient is scaled down; ∞ without clipping.",
        compute=_clip_norm,
    ),
    Measurement(
        key="optimizer",
        label="Optimizer",
        formula=r"w \leftarrow w - \dots",
        explanation="Key of the optimizer, such as sgd or adam.",
        compute=lambda snapshot: snapshot.experiment.training.optimizer,
        unit="text",
        named_in=OPTIMIZERS,
    ),
    Measurement(
        key="loss",
        label="Loss",
        formula=r"L",
        explanation="Key of the loss in use, such as squared_error; never auto.",
        compute=lambda snapshot: snapshot.network.architecture.loss,
        unit="text",
        named_in=LOSSES,
    ),
    Measurement(
        key="dropout_scaling",
        label="Dropout scaling",
        formula=r"1 / (1 - p)",
        explanation="Key of the dropout scaling: inverted, at_test_time or none.",
        compute=lambda snapshot: snapshot.experiment.training.dropout_scaling,
        unit="text",
        named_in=DROPOUT_SCALINGS,
    ),
    Measurement(
        key="dataset",
        label="Data set",
        formula=r"X, Y",
        explanation="Key of the data set, such as spiral; drawn for drawn points, table for a table.",
        compute=_dataset,
        unit="text",
        named_in=DATASETS,
    ),
    Measurement(
        key="samples",
        label="Training samples",
        formula=r"N",
        explanation="Number of samples in the training set.",
        compute=lambda snapshot: float(len(snapshot.data.x_train)),
        unit="count",
    ),
    Measurement(
        key="noise",
        label="Noise",
        formula=r"\varepsilon",
        explanation="Noise of the generated data.",
        unit="share",
        compute=lambda snapshot: snapshot.experiment.data.noise,
    ),
)
"""Measurements of the settings of training and data."""
