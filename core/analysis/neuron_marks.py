"""The neurons that do not learn as they should: dead, saturated, clones of another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.gradient_flow import clone_groups, dead_neurons
from core.arrays import Booleans, Floats, Integers
from core.formulas.activations import OUTPUT_ACTIVATIONS, saturated
from core.network import Network, Trace

MOSTLY: Final = 0.75
"""A neuron counts as saturated when φ′ is nearly 0 on at least this share of the samples."""

MAX_SAMPLES: Final = 500
"""Evenly chosen samples from which the saturated share is estimated; dead neurons are checked on all."""


@dataclass(frozen=True, slots=True)
class NeuronMarks:
    """Facts on each neuron of each layer.

    Attributes:
        dead: φ′ = 0 on every sample, (D_out,) of each layer.
        saturated_shares: share of the samples on which φ′ is nearly 0, (D_out,) of each layer; 0 for activations whose
            slope is either exactly 0 or not small (the ReLU family), and for softmax.
        groups: of each neuron the first one with the same incoming weights and bias, (D_out,) of each layer.
    """

    dead: tuple[Booleans, ...]
    saturated_shares: tuple[Floats, ...]
    groups: tuple[Integers, ...]

    def saturated(self, layer: int) -> Booleans:
        """Return which neurons of ``layer`` are saturated on most samples and not dead, (D_out,)."""
        return np.asarray((self.saturated_shares[layer] >= MOSTLY) & ~self.dead[layer])

    def distinct(self, layer: int) -> int:
        """Return how many neurons of ``layer`` differ from one another."""
        return len(np.unique(self.groups[layer]))

    def cloned(self, layer: int) -> Booleans:
        """Return which neurons of ``layer`` share their incoming weights and bias with another one, (D_out,)."""
        groups = self.groups[layer]
        return np.asarray(np.bincount(groups, minlength=len(groups))[groups] > 1)


def neuron_marks(network: Network, trace: Trace) -> NeuronMarks:
    """Return the facts on every neuron of ``network`` over the samples of ``trace``."""
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
