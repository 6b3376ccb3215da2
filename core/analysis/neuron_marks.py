"""Find neurons that cannot learn properly: dead, saturated, or clones of another one."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import clone_groups, dead_neurons
from core.arrays import Booleans, Floats, Integers
from core.formulas.activations import OUTPUT_ACTIVATIONS, saturated
from core.network import Network, Trace

MIN_SATURATED_SHARE: Final = 0.75
"""Minimum share of the samples on which φ′ of a saturated neuron is nearly 0."""

MAX_SAMPLES: Final = 500
"""Number of evenly spaced samples for estimating the saturated share; dead neurons are checked on all samples."""


class NeuronMarks(Struct, frozen=True):
    """The state of each neuron of each layer.

    Attributes:
        dead: for each layer (D_out,), whether φ′ = 0 on every sample.
        saturated_shares: for each layer (D_out,), the share of the samples on which φ′ is nearly 0; 0 for activations
            whose slope is either exactly 0 or not small (the ReLU family), and for softmax.
        groups: for each layer (D_out,), the first neuron with the same incoming weights and bias.
    """

    dead: tuple[Booleans, ...]
    saturated_shares: tuple[Floats, ...]
    groups: tuple[Integers, ...]

    def saturated(self, layer: int) -> Booleans:
        """Return the mask (D_out,) of the neurons of ``layer`` that are saturated on most samples and not dead."""
        return np.asarray((self.saturated_shares[layer] >= MIN_SATURATED_SHARE) & ~self.dead[layer])

    def distinct(self, layer: int) -> int:
        """Return the number of distinct neurons of ``layer``."""
        groups = self.groups[layer]
        return int(np.count_nonzero(groups == np.arange(len(groups))))

    def cloned(self, layer: int) -> Booleans:
        """Return the mask (D_out,) of the neurons of ``layer`` with the same incoming weights and bias as another one."""
        groups = self.groups[layer]
        return np.asarray(np.bincount(groups, minlength=len(groups))[groups] > 1)


def neuron_marks(network: Network, trace: Trace) -> NeuronMarks:
    """Return the state of every neuron of ``network`` over the samples of ``trace``."""
    dead, shares, groups = [], [], []
    for index, layer in enumerate(network.architecture.layers):
        Z = trace.pre_activations[index]
        dead.append(dead_neurons(network, Z, index))
        groups.append(clone_groups(network, index))
        row = OUTPUT_ACTIVATIONS[layer.activation]
        if row.row_wise or row.zone == "dead" or not len(Z):
            shares.append(np.zeros(Z.shape[1]))
            continue
        seen = Z[:: max(1, -(-len(Z) // MAX_SAMPLES))]
        with np.errstate(over="ignore", invalid="ignore"):
            shares.append(np.mean(saturated(seen, network.alpha(index), row), axis=0))
    return NeuronMarks(tuple(dead), tuple(shares), tuple(groups))
