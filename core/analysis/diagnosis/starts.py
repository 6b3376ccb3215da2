"""Detect initial weights that are too wide, and build the cure that redraws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import initialized, suited, suited_initializer
from core.analysis.diagnosis.finding import Cure
from core.formulas.initializers import INITIALIZERS
from core.network.architecture import Layer

WIDE: Final = 1.5
"""Multiple of the suited initializer's standard deviation above which initial weights are too wide."""


def all_equal(layer: Layer) -> bool:
    """Return whether the initializer gives all weights of ``layer`` the same value."""
    return INITIALIZERS[layer.initializer].distribution == "none" or layer.gain == 0.0


def relative_scale(layer: Layer) -> float:
    """Return the standard deviation of the layer's initial weights as a multiple of the suited initializer's."""
    own = INITIALIZERS[layer.initializer].variance(layer.fan_in, layer.fan_out, layer.gain)
    usual = INITIALIZERS[suited_initializer(layer.activation)].variance(layer.fan_in, layer.fan_out)
    return math.sqrt(own / usual)


def too_wide(case: Case) -> list[int]:
    """Return the layers whose initial weights are too wide for their activation."""
    return [index for index, layer in enumerate(case.layers) if relative_scale(layer) > WIDE]


def new_start(case: Case, indices: Sequence[int]) -> Cure:
    """Return the cure that redraws the weights of the layers ``indices`` with suited initializers."""
    activations = [case.layers[index].activation for index in indices]
    return Cure(f"Use {suited(activations)}", initialized(indices, case.layers[-1].activation), rewinds=True)
