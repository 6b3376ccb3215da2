"""Initial parameters, and which parameters are kept when the network's shape changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Floats, Integers
from core.formulas.initializers import INITIALIZERS, initial_weights, standard_draws
from core.formulas.tf_playground import MAX_DRAWS, weight_draws
from core.network.architecture import Architecture, Layer
from core.random_streams import stream

Pairs: TypeAlias = Sequence[tuple[int, int]]
"""(old, new) positions of kept items."""

Values: TypeAlias = npt.NDArray[Any]
"""A value of each parameter, (P,)."""


class Spot(Struct, frozen=True):
    """Where a hidden layer, or a neuron in one, was added or removed; without a Spot, the last ones are assumed to be.

    Attributes:
        layer: index of the hidden layer.
        neuron: index of the neuron in it; ``None`` for the whole layer.
    """

    layer: int
    neuron: int | None = None


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


def corresponding_layers(old: Architecture, new: Architecture, spot: Spot | None = None) -> list[tuple[int, int]]:
    """Return (old, new) index pairs of corresponding layers.

    With equal depth, layers correspond by position. If ``spot`` says which layer was added or removed, all others
    correspond in order. Otherwise layers with the same width and settings (or, if there are none, with the same width) are
    matched from the front, then from the back; the rest were inserted or removed. The two output layers always correspond.
    """
    last = (len(old.layers) - 1, len(new.layers) - 1)
    if len(old.layers) == len(new.layers):
        return [(i, i) for i in range(len(new.layers))]
    if spot is not None and spot.neuron is None and abs(len(old.layers) - len(new.layers)) == 1:
        before, after = _around(len(old.layers), len(new.layers), spot.layer)
        return list(zip(before.tolist(), after.tolist(), strict=True))
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


def _around(old: int, new: int, place: int) -> tuple[Integers, Integers]:
    """Return the positions in lists of ``old`` and ``new`` items, of which the longer one has one more, at ``place``."""
    longer, shorter = np.delete(np.arange(max(old, new)), place), np.arange(min(old, new))
    return (longer, shorter) if old > new else (shorter, longer)


def _kept_neurons(a: Layer, b: Layer, index: int, spot: Spot | None) -> tuple[Integers, Integers]:
    """Return the old and the new neurons that layers ``a`` and ``b``, of index ``index``, have in common."""
    if spot is not None and spot.neuron is not None and spot.layer == index and abs(a.fan_out - b.fan_out) == 1:
        return _around(a.fan_out, b.fan_out, spot.neuron)
    neurons = np.arange(min(a.fan_out, b.fan_out))
    return neurons, neurons


def carry_over(
    old: Architecture, new: Architecture, inputs: Pairs, source: Values, target: Values, spot: Spot | None = None
) -> None:
    """Copy the kept parameters of ``source`` (P of ``old``) to where they belong in ``target`` (P of ``new``).

    A weight is kept if both its neurons are, a bias if its neuron is. A layer that changes its width keeps its first
    neurons, or all but the one that was added or removed at ``spot``.

    Args:
        old: architecture before the change.
        new: architecture after the change.
        inputs: (old, new) columns of the kept features.
        source: a value of each parameter before the change.
        target: the same after the change; modified in place.
        spot: where a layer or a neuron was added or removed, if known.
    """
    for kept in _kept_layers(old, new, inputs, spot):
        a, b = kept.old, kept.new
        (before, after), (left, right) = kept.rows, kept.neurons
        if len(before):
            block = source[a.weights].reshape(a.shape)[_block(before, left)]
            target[b.weights].reshape(b.shape)[_block(after, right)] = block
        target[b.bias][right] = source[a.bias][left]
        if a.activation == b.activation:
            target[b.alpha_index] = source[a.alpha_index]


def _block(rows: Integers, columns: Integers) -> tuple[Any, Any]:
    """Return the index of a block of a matrix; slices, where possible, take a fifth of the time of indices."""
    first, second = _sliced(rows), _sliced(columns)
    if isinstance(first, slice) or isinstance(second, slice):
        return first, second
    return rows[:, np.newaxis], columns


def _sliced(indices: Integers) -> slice | Integers:
    is_run = len(indices) > 0 and bool((np.diff(indices) == 1).all())
    return slice(int(indices[0]), int(indices[-1]) + 1) if is_run else indices


def added_units(old: Architecture, new: Architecture, inputs: Pairs, seed: int, spot: Spot | None = None) -> Floats:
    """Return the :func:`unit_parameters` of ``new`` (P,), with 0 in layers of which :func:`carry_over` keeps all weights."""
    kept = _kept_layers(old, new, inputs, spot)
    whole = {id(each.new) for each in kept if each.new.shape == (len(each.rows[1]), len(each.neurons[1]))}
    flat = np.zeros(new.size)
    for index, layer in enumerate(new.layers):
        if id(layer) not in whole:
            flat[layer.weights] = unit_weights(new, index, seed).ravel()
    return flat


class _KeptLayer(Struct, frozen=True, eq=False):
    """A kept layer before and after, and which of its rows and neurons (old, new) are kept."""

    old: Layer
    new: Layer
    rows: tuple[Integers, Integers]
    neurons: tuple[Integers, Integers]


def _kept_layers(old: Architecture, new: Architecture, inputs: Pairs, spot: Spot | None) -> list[_KeptLayer]:
    """Return the kept layers; the rows of a layer are the neurons of the previous one."""
    matched = dict(corresponding_layers(old, new, spot))
    neurons = {
        index: _kept_neurons(old.layers[index], new.layers[place], index, spot) for index, place in matched.items()
    }
    kept = []
    for before, after in matched.items():
        nothing = np.zeros(0, dtype=np.int64)
        rows = (nothing, nothing)
        if before == after == 0:
            pairs = np.array(inputs, dtype=np.int64).reshape(-1, 2)
            rows = pairs[:, 0], pairs[:, 1]
        elif before > 0 and after > 0 and matched.get(before - 1) == after - 1:
            rows = neurons[before - 1]
        kept.append(_KeptLayer(old.layers[before], new.layers[after], rows, neurons[before]))
    return kept
