"""Initial parameters, and which parameters are kept when the network's shape changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.arrays import Floats
from core.formulas.initializers import INITIALIZERS, initial_weights, standard_draws
from core.formulas.tf_playground import MAX_DRAWS, weight_draws
from core.network.architecture import Architecture, Layer
from core.random_streams import stream

Pairs: TypeAlias = Sequence[tuple[int, int]]
"""(old, new) positions of kept items."""

Values: TypeAlias = npt.NDArray[Any]
"""A value of each parameter, (P,)."""


def draws_of(architecture: Architecture, index: int, seed: int) -> Floats:
    """Return the standard draws of layer ``index`` before scaling, (fan_in, fan_out).

    They come from the layer's own stream, or, if the network starts like TensorFlow Playground's, from that program's
    stream: U(−1, 1) = 2·(draw − ½), neuron by neuron (except layers that end beyond ``MAX_DRAWS`` weights).
    """
    layer = architecture.layers[index]
    initializer = INITIALIZERS[layer.initializer]
    if architecture.draws_after is not None and initializer.distribution == "uniform":
        counts = [each.fan_in * each.fan_out for each in architecture.layers]
        first, last = sum(counts[:index]), sum(counts[: index + 1])
        if last <= MAX_DRAWS:
            draws = weight_draws(architecture.draws_after, sum(counts), seed)[first:last]
            return 2.0 * (draws.reshape(layer.fan_out, layer.fan_in).T - 0.5)
    return standard_draws(initializer, layer.fan_in, layer.fan_out, rng=stream(seed, "init", index))


def unit_weights(architecture: Architecture, index: int, seed: int) -> Floats:
    """Return layer ``index``'s initial weights at gain 1, (fan_in, fan_out): scale · standard draws."""
    layer = architecture.layers[index]
    return initial_weights(INITIALIZERS[layer.initializer], draws_of(architecture, index, seed), 1.0)


def unit_parameters(architecture: Architecture, seed: int) -> Floats:
    """Return the flat vector (P,) of :func:`unit_weights`; biases and α are 0."""
    flat = np.zeros(architecture.size)
    for index, layer in enumerate(architecture.layers):
        flat[layer.weights] = unit_weights(architecture, index, seed).ravel()
    return flat


def initial_parameters(architecture: Architecture, seed: int) -> Floats:
    """Return the initial flat vector (P,): gain · unit weights, biases (usually 0), and each layer's initial α.

    Layer l draws from its own stream ``init/l``, so changing one layer does not change the others' draws.
    """
    return scaled_parameters(architecture, unit_parameters(architecture, seed))


def scaled_parameters(architecture: Architecture, units: Floats) -> Floats:
    """Return the initial flat vector (P,) from the :func:`unit_parameters` of a seed."""
    flat = units.copy()
    for layer in architecture.layers:
        flat[layer.weights] *= layer.gain
        flat[layer.bias] = architecture.initial_bias
        flat[layer.alpha_index] = layer.alpha
    return flat


def corresponding_layers(old: Architecture, new: Architecture) -> list[tuple[int, int]]:
    """Return (old, new) index pairs of corresponding layers.

    With equal depth, layers correspond by position. Otherwise layers with the same width and settings (if there are none,
    with the same width) are matched from the front, then from the back; the rest were inserted or removed. The two
    output layers always correspond.
    """
    last = (len(old.layers) - 1, len(new.layers) - 1)
    if len(old.layers) == len(new.layers):
        return [(i, i) for i in range(len(new.layers))]
    by_settings = _matches([_settings(layer) for layer in old.layers[:-1]], [_settings(x) for x in new.layers[:-1]])
    by_width = _matches([layer.fan_out for layer in old.layers[:-1]], [layer.fan_out for layer in new.layers[:-1]])
    return [*(by_settings or by_width), last]


def _settings(layer: Layer) -> tuple[object, ...]:
    return (layer.fan_out, layer.activation, layer.alpha, layer.initializer, layer.gain, layer.dropout)


def _matches(before: Sequence[object], after: Sequence[object]) -> list[tuple[int, int]]:
    """Return (before, after) positions of the equal entries at both ends."""
    shorter = min(len(before), len(after))
    front = 0
    while front < shorter and before[front] == after[front]:
        front += 1
    back = 0
    while back < shorter - front and before[-1 - back] == after[-1 - back]:
        back += 1
    pairs = [(i, i) for i in range(front)]
    pairs += [(len(before) - back + i, len(after) - back + i) for i in range(back)]
    return pairs


def carry_over(old: Architecture, new: Architecture, inputs: Pairs, source: Values, target: Values) -> None:
    """Copy the kept parameters of ``source`` (P of ``old``) to where they belong in ``target`` (P of ``new``).

    A weight is kept if both its neurons are, a bias if its neuron is. A layer that changes its width keeps its first
    neurons.

    Args:
        old: architecture before the change.
        new: architecture after the change.
        inputs: (old, new) columns of the kept features.
        source: a value of each parameter before the change.
        target: the same after the change; modified in place.
    """
    for a, b, rows in _kept_layers(old, new, inputs):
        width = min(a.fan_out, b.fan_out)
        if rows:
            before, after = np.array(rows, dtype=np.int64).T
            target[b.weights].reshape(b.shape)[after, :width] = source[a.weights].reshape(a.shape)[before, :width]
        target[b.bias][:width] = source[a.bias][:width]
        if a.activation == b.activation:
            target[b.alpha_index] = source[a.alpha_index]


def added_units(old: Architecture, new: Architecture, inputs: Pairs, seed: int) -> Floats:
    """Return the :func:`unit_parameters` of ``new`` (P,), with 0 in layers of which :func:`carry_over` keeps all weights."""
    kept = _kept_layers(old, new, inputs)
    whole = {id(b) for a, b, rows in kept if len(rows) == b.fan_in and a.fan_out >= b.fan_out}
    flat = np.zeros(new.size)
    for index, layer in enumerate(new.layers):
        if id(layer) not in whole:
            flat[layer.weights] = unit_weights(new, index, seed).ravel()
    return flat


def _kept_layers(old: Architecture, new: Architecture, inputs: Pairs) -> list[tuple[Layer, Layer, Pairs]]:
    """Return each kept layer before and after, with the (old, new) rows of its kept weights."""
    matched = dict(corresponding_layers(old, new))
    kept = []
    for before, after in matched.items():
        a, b = old.layers[before], new.layers[after]
        kept.append((a, b, inputs if before == after == 0 else _kept_rows(a, b, matched, before, after)))
    return kept


def _kept_rows(a: Layer, b: Layer, matched: dict[int, int], before: int, after: int) -> Pairs:
    if before == 0 or after == 0 or matched.get(before - 1) != after - 1:
        return ()
    return [(row, row) for row in range(min(a.fan_in, b.fan_in))]
