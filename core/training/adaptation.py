"""Adapt the vectors of a run to a changed network, keeping as many weights as possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from core.arrays import Booleans, Floats
from core.network.architecture import Architecture, Layer
from core.network.parameters import Spot, added_units, carry_over, corresponding_layers, scaled_parameters, unit_weights


class RunVectors(Struct, frozen=True):
    """The flat vectors that training changes, each (P,).

    Attributes:
        parameters: weights, biases and α.
        drawn: the draws behind the initial weights, at gain 1.
        first_state: the optimizer's first state vector.
        second_state: the optimizer's second state vector.
    """

    parameters: Floats
    drawn: Floats
    first_state: Floats
    second_state: Floats


def adapt(
    vectors: RunVectors,
    old: Architecture,
    new: Architecture,
    inputs: Sequence[tuple[int, int]] | None,
    seed: int,
    spot: Spot | None = None,
) -> tuple[RunVectors, Booleans]:
    """Return the vectors for the architecture ``new``, and a mask (P,) of the parameters whose optimizer state must restart.

    A new gain rescales the part of each weight that came from the initial draw; a new initializer redraws the layer; a new
    activation or α sets α.

    Args:
        vectors: the vectors for ``old``; not modified, but those that remain the same are shared with the result.
        old: the previous architecture.
        new: the new architecture.
        inputs: columns (old, new) of the features that both have, or ``None`` if the flat layout is the same.
        seed: seed of the initial weights.
        spot: where a layer or a neuron was added or removed, if known.
    """
    pairs = corresponding_layers(old, new, spot)
    vectors = _rescaled(vectors, [(old.layers[i].weights, old.layers[i].gain, new.layers[k].gain) for i, k in pairs])
    restarts = np.zeros(new.size, dtype=np.bool_)
    if inputs is not None:
        vectors, restarts = _carried_over(vectors, old, new, inputs, seed, spot)
    redrawn = [after for before, after in pairs if new.layers[after].initializer != old.layers[before].initializer]
    others = [new.layers[b] for a, b in pairs if _alpha_of(new.layers[b]) != _alpha_of(old.layers[a])]
    # Without a change the vectors remain the same objects, which saves memory and time in a large network.
    parameters = vectors.parameters.copy() if redrawn or others else vectors.parameters
    drawn = vectors.drawn.copy() if redrawn else vectors.drawn
    for after in redrawn:
        layer = new.layers[after]
        drawn[layer.weights] = unit_weights(new, after, seed).ravel()
        parameters[layer.weights] = layer.gain * drawn[layer.weights]
        parameters[layer.bias] = new.initial_bias
        restarts[layer.start : layer.bias.stop] = True
    for layer in others:
        parameters[layer.alpha_index] = layer.alpha
        restarts[layer.alpha_index] |= layer.learns_alpha
    # Old moments would keep moving an α that is no longer learned.
    unlearned = [layer.alpha_index for layer in new.layers if not layer.learns_alpha]
    first, second = (_zeroed(each, unlearned) for each in (vectors.first_state, vectors.second_state))
    return RunVectors(parameters, drawn, first, second), restarts


def without_redrawn(update: Floats, old: Architecture, new: Architecture) -> Floats:
    """Return ``update`` (P,) with 0 for the layers of ``new`` with another initializer than in ``old``, which are redrawn."""
    pairs = zip(old.layers, new.layers, strict=True)
    redrawn = [layer for before, layer in pairs if layer.initializer != before.initializer]
    result = update.copy() if redrawn else update
    for layer in redrawn:
        result[layer.start : layer.bias.stop] = 0.0
    return result


def _alpha_of(layer: Layer) -> tuple[str, float]:
    return layer.activation, layer.alpha


def _zeroed(state: Floats, places: list[int]) -> Floats:
    if not len(state) or not state[places].view(np.int64).any():  # −0 is set to 0 as well
        return state
    result = state.copy()
    result[places] = 0.0
    return result


def _rescaled(vectors: RunVectors, gains: Sequence[tuple[slice, float, float]]) -> RunVectors:
    """Return ``vectors`` after a change of gains (weights of a layer, old gain, new gain); what training added is kept."""
    changed = [(weights, old, new) for weights, old, new in gains if new != old]
    parameters = vectors.parameters.copy() if changed else vectors.parameters
    for weights, old, new in changed:
        learned = parameters[weights] - old * vectors.drawn[weights]
        parameters[weights] = learned + new * vectors.drawn[weights]
    return RunVectors(parameters, vectors.drawn, vectors.first_state, vectors.second_state)


def _carried_over(
    vectors: RunVectors,
    old: Architecture,
    new: Architecture,
    inputs: Sequence[tuple[int, int]],
    seed: int,
    spot: Spot | None,
) -> tuple[RunVectors, Booleans]:
    """Return the vectors in the layout of ``new``, with initial values for added parameters, and the mask of these."""

    def around_kept(fresh: Floats, kept: Floats) -> Floats:
        carry_over(old, new, inputs, kept, fresh, spot)
        return fresh

    added = np.ones(new.size, dtype=np.bool_)
    carry_over(old, new, inputs, np.zeros(old.size, dtype=np.bool_), added, spot)
    added[[layer.alpha_index for layer in new.layers if not layer.learns_alpha]] = False
    units = added_units(old, new, inputs, seed, spot)
    return RunVectors(
        around_kept(scaled_parameters(new, units), vectors.parameters),
        around_kept(units, vectors.drawn),
        around_kept(np.zeros(new.size), vectors.first_state),
        around_kept(np.zeros(new.size), vectors.second_state),
    ), added
