"""Norm and largest magnitude of each layer's weights in a flat vector, computed once for each vector of a large network."""

from __future__ import annotations

import threading
import weakref
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, norm
from core.network.architecture import Architecture

LARGE: Final = 200_000
"""Number of parameters from which the results are remembered; each takes 2 ms per million of them."""


class LayerSizes(Struct, frozen=True):
    """Sizes of the weights of each layer, or of their gradients or updates.

    Attributes:
        norms: L2 norm of each layer, (layers,).
        largest: largest magnitude of each layer, (layers,); NaN if one is NaN.
    """

    norms: Floats
    largest: Floats

    def of(self, index: int) -> tuple[float, float]:
        """Return norm and largest magnitude of layer ``index``."""
        return float(self.norms[index]), float(self.largest[index])


class _Known(Struct, frozen=True):
    flat: weakref.ref[Floats]
    architecture: Architecture
    sizes: LayerSizes


_known: dict[int, _Known] = {}
_lock = threading.Lock()


def layer_sizes(architecture: Architecture, flat: Floats) -> LayerSizes:
    """Return the sizes of each layer's weights in ``flat`` (P,).

    For a large network they are remembered as long as the vector exists, which must never be modified: the training thread
    computes them with each snapshot, and the views need them several times. Any thread may call this.
    """
    if len(flat) <= LARGE:
        return _computed(architecture, flat)
    with _lock:
        known = _known.get(id(flat))
    if known is not None and known.flat() is flat and known.architecture == architecture:
        return known.sizes
    sizes = _computed(architecture, flat)
    with _lock:
        for key in [key for key, each in _known.items() if each.flat() is None]:
            del _known[key]
        _known[id(flat)] = _Known(weakref.ref(flat), architecture, sizes)
    return sizes


def _computed(architecture: Architecture, flat: Floats) -> LayerSizes:
    # Layer by layer, within the CPU cache, is faster than all at once.
    norms, largest = [], []
    for layer in architecture.layers:
        weights = flat[layer.weights]
        largest.append(float(np.max(np.abs(weights), initial=0.0)))
        norms.append(norm(weights, largest[-1]))
    return LayerSizes(np.array(norms), np.array(largest))
