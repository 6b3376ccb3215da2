"""The case: the input of the rules, a network in training."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.baseline import baseline_loss
from core.analysis.gradient_flow import dead_neurons, saturated_share, update_ratios, weight_gradient_norms
from core.analysis.sharpness import Hessian, sharpness
from core.analysis.step_limit import step_limit
from core.arrays import Booleans, Floats
from core.data.prepared_data import PreparedData
from core.experiment import Experiment
from core.network import Gradients, Network, Trace
from core.network.architecture import Layer, architecture_for
from core.network.parameters import initial_parameters
from core.random_streams import stream

LEARNED: Final = 0.1
"""Maximum loss, as a share of the baseline's, of a network that has learned."""

LEARNED_MUCH: Final = 0.5
"""Maximum loss, as a share of the baseline's, of a network that has learned enough not to report causes."""

FALLING: Final = 0.97
"""The loss is falling if it is at most this share of its value at half of the steps."""

BLOWN_UP: Final = 10.0
"""Multiple of the baseline's loss above which a cure rewinds to new initial weights."""

EIGENVALUE_TOLERANCE: Final = 0.01
"""Relative precision of λ_max: the rules compare orders of magnitude."""

MAX_HESSIAN_SAMPLES: Final = 250
MAX_HESSIAN_PARAMETERS: Final = 100_000
"""Maximum number of parameters for computing the curvature, which keeps sixty vectors of that length."""


class Overflow(Struct, frozen=True):
    """The first quantity that overflowed when training diverged.

    Attributes:
        step: the step that failed.
        layer: name of the layer.
        quantity: the quantity, such as ``the gradient``.
    """

    step: int
    layer: str
    quantity: str


class Case(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The state of training to examine; derived numbers are computed lazily.

    Attributes:
        experiment: the settings.
        data: the samples.
        network: architecture and parameters.
        trace: forward pass over the first training samples, without dropout.
        gradients: of the mean loss over the same samples.
        last_update: change of each parameter in the last step, (P,).
        step: updates made.
        train_loss: mean loss over these samples, penalty excluded.
        test_loss: mean loss over the test set; NaN without one.
        penalty: the L1 and L2 penalty.
        steps: steps at which losses were recorded, (n,), ascending.
        train: training losses there, (n,).
        test: test losses there, (n,).
        overflow: the overflow if training diverged, or ``None``.
    """

    experiment: Experiment
    data: PreparedData
    network: Network
    trace: Trace
    gradients: Gradients
    last_update: Floats
    step: int
    train_loss: float
    test_loss: float
    penalty: float
    steps: Floats
    train: Floats
    test: Floats
    overflow: Overflow | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, the output last."""
        return self.network.architecture.layers

    @property
    def hidden(self) -> range:
        """Indices of the hidden layers."""
        return range(len(self.layers) - 1)

    @property
    def is_finite(self) -> bool:
        """Whether weights, pre-activations, gradient and loss are finite."""
        return bool(
            math.isfinite(self.train_loss)
            and np.isfinite(self.network.parameters).all()
            and np.isfinite(self.gradients.flat).all()
            and all(np.isfinite(Z).all() for Z in self.trace.pre_activations)
        )

    @cached_property
    def targets(self) -> Floats:
        """Targets of the samples of the trace, (B, K)."""
        return self.data.y_train[: len(self.trace.inputs[0])]

    # -- progress ----------------------------------------------------------------------------------------------------

    @cached_property
    def baseline(self) -> float:
        """The mean loss of the best constant prediction."""
        return baseline_loss(self.network.architecture.loss, self.targets)

    @property
    def remaining(self) -> float:
        """The training loss as a share of the baseline; 0 if the baseline is 0."""
        return self.train_loss / self.baseline if self.baseline > 0.0 else 0.0

    @property
    def has_learned(self) -> bool:
        """Whether the training loss is close to 0."""
        return self.remaining <= LEARNED

    @cached_property
    def is_falling(self) -> bool:
        """Whether the training loss is clearly lower than it was at half of the steps."""
        return self.step > 1 and self.loss_at_half is not None and self.train_loss <= FALLING * self.loss_at_half

    @cached_property
    def loss_at_half(self) -> float | None:
        """The training loss at half of the steps; ``None`` if it was not recorded."""
        before = self.steps <= 0.5 * self.step
        return float(self.train[before][-1]) if before.any() else None

    @property
    def does_well(self) -> bool:
        """Whether the network has learned most, or does better than a constant prediction and improves."""
        return self.remaining <= LEARNED_MUCH or (self.is_falling and self.remaining < 1.0)

    @property
    def has_blown_up(self) -> bool:
        """Whether the loss is many times that of a constant prediction, so that rewinding is better than continuing."""
        return self.step > 0 and self.remaining > BLOWN_UP

    @property
    def steps_per_epoch(self) -> int:
        """Updates in an epoch."""
        samples, batch = len(self.data.x_train), self.experiment.training.batch_size
        return -(-samples // (min(batch, samples) or samples))

    # -- layers ------------------------------------------------------------------------------------------------------

    @cached_property
    def gradient_norms(self) -> Floats:
        """‖∂L/∂W‖ of each layer, (layers,)."""
        return weight_gradient_norms(self.network, self.gradients)

    @cached_property
    def update_ratios(self) -> Floats:
        """‖ΔW‖/‖W‖ of each layer in the last step, (layers,)."""
        return update_ratios(self.network, self.last_update)

    @cached_property
    def saturated(self) -> Floats:
        """Share of each layer's pre-activations in the saturated or dead zone, (layers,)."""
        Z = self.trace.pre_activations
        return np.array([saturated_share(self.network, Z[index], index) for index in range(len(Z))])

    @cached_property
    def dead(self) -> tuple[Booleans, ...]:
        """The dead neurons of each layer, (D_out,) each."""
        Z = self.trace.pre_activations
        return tuple(dead_neurons(self.network, Z[index], index) for index in range(len(Z)))

    # -- curvature ---------------------------------------------------------------------------------------------------

    @cached_property
    def eigenvalue(self) -> float | None:
        """λ_max of the Hessian of the loss with L2, over the first samples; ``None`` if the network is too large."""
        return self._eigenvalue_of(self.network)

    @cached_property
    def initial_eigenvalue(self) -> float | None:
        """The same at the initial weights."""
        return self.initial_eigenvalue_of(self.experiment)

    @property
    def limit(self) -> float | None:
        """The learning rate above which the optimizer is unstable here; ``None`` if unknown."""
        if self.eigenvalue is None or not math.isfinite(self.eigenvalue):
            return None
        return step_limit(self.eigenvalue, self.experiment.training)

    def initial_eigenvalue_of(self, experiment: Experiment) -> float | None:
        """Return the same at the initial weights of ``experiment``, another network for the same data."""
        architecture = architecture_for(experiment, self.data)
        return self._eigenvalue_of(Network(architecture, initial_parameters(architecture, experiment.network.seed)))

    def _eigenvalue_of(self, network: Network) -> float | None:
        if network.architecture.size > MAX_HESSIAN_PARAMETERS:
            return None
        X, Y = self.data.x_train[:MAX_HESSIAN_SAMPLES], self.data.y_train[:MAX_HESSIAN_SAMPLES]
        with np.errstate(over="ignore", invalid="ignore"):
            hessian = Hessian(network, X, Y, l2=self.experiment.training.l2)
            return sharpness(hessian, rng=stream(0, "doctor"), tolerance=EIGENVALUE_TOLERANCE).eigenvalue
