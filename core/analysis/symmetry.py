"""Networks that differ only in the order and the signs of their hidden neurons compute the same function.

Permuting the neurons of a hidden layer, with their incoming and outgoing weights, changes nothing; nor does negating one
neuron's incoming and outgoing weights, if its activation is odd (Sussmann 1992, "Uniqueness of the weights for minimal
feedforward nets with a given input-output map").
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats, Integers
from core.formulas.activations import Activation
from core.network.architecture import Architecture, Layer

_PROBES: Final = np.linspace(0.1, 4.0, 12)


def is_odd(entry: Activation, alpha: float) -> bool:
    """Return whether φ(−z) = −φ(z) at the given α."""
    if entry.row_wise:
        return False
    return bool(np.allclose(entry.function(-_PROBES, alpha), -entry.function(_PROBES, alpha), rtol=1e-12, atol=1e-12))


def canonical(architecture: Architecture, parameters: Floats) -> Floats:
    """Return the ``parameters (P,)`` of the same function with hidden neurons in a fixed order and with fixed signs.

    Of every neuron with an odd activation, the incoming weight (or bias) of largest magnitude is positive; the neurons of
    a layer are in ascending lexicographic order of their incoming weights and biases.
    """
    flat = parameters.copy()
    for layer, following in zip(architecture.layers[:-1], architecture.layers[1:], strict=True):
        own = _incoming(layer, flat)
        signs = np.ones(layer.fan_out)
        if is_odd(layer.activation_entry, float(flat[layer.alpha_index])):
            signs = np.where(own[np.abs(own).argmax(axis=0), np.arange(layer.fan_out)] < 0.0, -1.0, 1.0)
        order = np.lexsort((own * signs)[::-1])
        _rearrange(flat, layer, following, order, signs[order])
    return flat


def aligned(architecture: Architecture, parameters: Floats, reference: Floats) -> Floats:
    """Return the ``parameters (P,)`` of the same function whose hidden neurons are matched to those of ``reference (P,)``.

    Layer by layer, the closest pairs of incoming weights are matched first.
    """
    flat = parameters.copy()
    for layer, following in zip(architecture.layers[:-1], architecture.layers[1:], strict=True):
        own, other = _incoming(layer, flat), _incoming(layer, reference)
        away = _distances(own, other)
        flipped = np.full_like(away, np.inf)
        if is_odd(layer.activation_entry, float(flat[layer.alpha_index])):
            flipped = _distances(-own, other)
        nearest = np.minimum(away, flipped)
        order, signs = np.zeros(layer.fan_out, dtype=np.int64), np.ones(layer.fan_out)
        for _ in range(layer.fan_out):
            neuron, place = np.unravel_index(int(nearest.argmin()), nearest.shape)
            order[place] = neuron
            signs[place] = -1.0 if flipped[neuron, place] < away[neuron, place] else 1.0
            nearest[neuron, :] = nearest[:, place] = np.inf
        _rearrange(flat, layer, following, order, signs)
    return flat


def distance(architecture: Architecture, parameters: Floats, reference: Floats) -> float:
    """Return ‖a − b‖ / ‖b‖ of ``parameters`` aligned with ``reference``; 0 if they differ in order and signs only."""
    moved = aligned(architecture, parameters, reference) - reference
    return float(np.linalg.norm(moved) / max(float(np.linalg.norm(reference)), 1e-300))


def _incoming(layer: Layer, flat: Floats) -> Floats:
    """Return each neuron's incoming weights with its bias below, (fan_in + 1, fan_out)."""
    return np.vstack([flat[layer.weights].reshape(layer.shape), flat[layer.bias]])


def _distances(own: Floats, other: Floats) -> Floats:
    """Return the distance of each column of ``own`` from each of ``other``, (n, n)."""
    return np.asarray(np.linalg.norm(own[:, :, np.newaxis] - other[:, np.newaxis, :], axis=0))


def _rearrange(flat: Floats, layer: Layer, following: Layer, order: Integers, signs: Floats) -> None:
    """Put the neurons of ``layer`` into ``order`` with ``signs``, in place, with the weights that lead on from them."""
    flat[layer.weights] = (flat[layer.weights].reshape(layer.shape)[:, order] * signs).ravel()
    flat[layer.bias] = flat[layer.bias][order] * signs
    onward = flat[following.weights].reshape(following.shape)
    flat[following.weights] = (onward[order] * signs[:, np.newaxis]).ravel()
