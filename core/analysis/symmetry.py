"""Networks that differ only in the order and the signs of their hidden neurons compute the same function.

Permuting the neurons of a hidden layer, with their incoming and outgoing weights, changes nothing; nor does negating one
neuron's incoming and outgoing weights, if its activation is odd (Sussmann 1992, "Uniqueness of the weights for minimal
feedforward nets with a given input-output map").
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.assignment import assignment
from core.arrays import Floats, Integers
from core.formulas.activations import Activation
from core.network.architecture import Architecture, Layer

IDLE: Final = 1e-6
"""Magnitude of outgoing weights up to which the rest of the network does not depend on a neuron."""

MAX_ROUNDS: Final = 50
ROUNDING: Final = 1e-12
"""Relative decrease of the squared distance that is a rounding error."""

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

    First the closest pairs of incoming weights, layer by layer; then each layer is matched anew by all weights that it has
    in common with its neighbours until none comes closer. With one hidden layer, no order and signs are closer.

    Source:
        Ainsworth, Hayase and Srinivasa (2023), "Git Re-Basin: merging models modulo permutation symmetries".
    """
    flat = parameters.copy()
    pairs = tuple(zip(architecture.layers[:-1], architecture.layers[1:], strict=True))
    for layer, following in pairs:
        order, signs = _nearest_inputs(layer, flat, reference)
        _rearrange(flat, layer, following, order, signs)
    for _ in range(MAX_ROUNDS):
        moved = [_match(layer, following, flat, reference) for layer, following in pairs]
        if not any(moved):
            break
    return flat


def _nearest_inputs(layer: Layer, flat: Floats, reference: Floats) -> tuple[Integers, Floats]:
    """Return order and signs that match the closest pairs of incoming weights first."""
    away, signs_of = _distances(layer, flat, _incoming(layer, flat), _incoming(layer, reference))
    order, signs = np.zeros(layer.fan_out, dtype=np.int64), np.ones(layer.fan_out)
    for _ in range(layer.fan_out):
        neuron, place = np.unravel_index(int(away.argmin()), away.shape)
        order[place], signs[place] = neuron, signs_of[neuron, place]
        away[neuron, :] = away[:, place] = np.inf
    return order, signs


def _match(layer: Layer, following: Layer, flat: Floats, reference: Floats) -> bool:
    """Put the neurons of ``layer`` where they are closest to ``reference`` in total, in place; return whether any moved."""
    own, other = (
        np.vstack([_incoming(layer, each), each[following.weights].reshape(following.shape).T])
        for each in (flat, reference)
    )
    away, signs_of = _distances(layer, flat, own, other)
    costs, places = away * away, np.arange(layer.fan_out)
    order = np.argsort(assignment(costs))
    before = float(np.sum((own - other) ** 2))
    if not float(costs[order, places].sum()) < before * (1.0 - ROUNDING):
        return False
    _rearrange(flat, layer, following, order, signs_of[order, places])
    return True


def without_idle(architecture: Architecture, parameters: Floats) -> Floats:
    """Return ``parameters (P,)`` with zeros in place of the incoming weights and biases of neurons that nothing depends on.

    The outgoing weights of such a neuron are at most ``IDLE``, as a penalty leaves them.
    """
    flat = parameters.copy()
    for layer, following in reversed(tuple(zip(architecture.layers[:-1], architecture.layers[1:], strict=True))):
        onward = flat[following.weights].reshape(following.shape)
        idle = np.max(np.abs(onward), axis=1, initial=0.0) <= IDLE
        onward[idle] = 0.0
        flat[following.weights] = onward.ravel()
        incoming = flat[layer.weights].reshape(layer.shape)
        incoming[:, idle] = 0.0
        flat[layer.weights], flat[layer.bias] = incoming.ravel(), np.where(idle, 0.0, flat[layer.bias])
    return flat


def distance(architecture: Architecture, parameters: Floats, reference: Floats) -> float:
    """Return ‖a − b‖ / ‖b‖ of ``parameters`` aligned with ``reference``; 0 if they differ in order and signs only."""
    moved = aligned(architecture, parameters, reference) - reference
    return float(np.linalg.norm(moved) / max(float(np.linalg.norm(reference)), 1e-300))


def _incoming(layer: Layer, flat: Floats) -> Floats:
    """Return each neuron's incoming weights with its bias below, (fan_in + 1, fan_out)."""
    return np.vstack([flat[layer.weights].reshape(layer.shape), flat[layer.bias]])


def _distances(layer: Layer, flat: Floats, own: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return the distance of each column of ``own`` from each of ``other``, and the sign with which it is smaller, (n, n)."""
    away = np.linalg.norm(own[:, :, np.newaxis] - other[:, np.newaxis, :], axis=0)
    if not is_odd(layer.activation_entry, float(flat[layer.alpha_index])):
        return away, np.ones_like(away)
    flipped = np.linalg.norm(own[:, :, np.newaxis] + other[:, np.newaxis, :], axis=0)
    return np.minimum(away, flipped), np.where(flipped < away, -1.0, 1.0)


def _rearrange(flat: Floats, layer: Layer, following: Layer, order: Integers, signs: Floats) -> None:
    """Put the neurons of ``layer`` into ``order`` with ``signs``, in place, with the weights that lead on from them."""
    flat[layer.weights] = (flat[layer.weights].reshape(layer.shape)[:, order] * signs).ravel()
    flat[layer.bias] = flat[layer.bias][order] * signs
    onward = flat[following.weights].reshape(following.shape)
    flat[following.weights] = (onward[order] * signs[:, np.newaxis]).ravel()
