"""Check backpropagation: compare every ∂L/∂θ with the central difference (L(θ + h) − L(θ − h)) / 2h.

The difference has two errors: truncation, ⅙h²·L‴, grows with h; rounding, about u·L/h with u = 2⁻⁵³, grows as h shrinks.
Their sum over h is the U-curve of :func:`epsilon_sweep`; its lowest point lies near h = ∛u ≈ 1e-5. Where an activation has a
kink (ReLU at 0) and a sample's z crosses it between the two points, the difference measures neither slope: such
parameters are marked and excluded from the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Booleans, Floats, Integers
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.losses import LOSSES
from core.network import Network, Trace
from core.network.architecture import Architecture, Layer
from core.network.dropout import Masks

TOLERANCE: Final = 1e-5
"""Relative error up to which the two are considered equal."""

ROUNDING_COUNTS_AS: Final = 1e-7
"""Maximum relative error that the rounding of a difference may cause, however small the gradient."""

UNIT_ROUNDOFF: Final = 2.0**-53

_NUMBERS_AT_ONCE: Final = 1_000_000
_NEAR_ZERO: Final = 1e-9

Place: TypeAlias = tuple[int, int, int]
"""(layer, source, target); source −1 means the bias, −2 the activation's α."""


class GradientCheck(Struct, frozen=True, eq=False):
    """The gradient of each parameter by backpropagation and by central differences.

    Attributes:
        indices: indices of the checked parameters in the flat vector, (C,).
        analytic: ∂L/∂θ by backpropagation, (C,).
        numeric: by central differences, (C,).
        relative: |analytic − numeric| / max(|analytic|, |numeric|, floor), (C,); the floor limits the effect
            of rounding to 1e-7.
        kinked: where a kink lies between the two points, so that the difference is meaningless, (C,).
        epsilon: h of a parameter θ is epsilon · max(1, |θ|).
        unresolved: mask of the gradients that are too small to be distinguished from 0 because of rounding, (C,).
        worst: position in ``indices`` of the largest relative error among those without a kink; −1 if there is none.
        worst_name: name of that parameter; empty if there is none.
    """

    indices: Integers
    analytic: Floats
    numeric: Floats
    relative: Floats
    kinked: Booleans
    unresolved: Booleans
    epsilon: float
    worst: int
    worst_name: str

    @property
    def worst_error(self) -> float:
        """The largest relative error among parameters without a kink; 0 if there is none."""
        return float(self.relative[self.worst]) if self.worst >= 0 else 0.0

    @property
    def agrees(self) -> bool:
        """Whether all parameters without a kink agree to 1e-5."""
        return self.worst_error <= TOLERANCE

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        checked = len(self.indices) - int(self.kinked.sum())
        kinks = int(self.kinked.sum())
        beside = f"; {kinks} at a kink, where a difference is not meaningful" if kinks else ""
        if self.worst < 0:
            return f"nothing to compare{beside}"
        if self.unresolved.any():
            beside += f"; {int(self.unresolved.sum())} too small for a difference to distinguish them from 0"
        word = "agree" if self.agrees else "do not agree"
        return f"{checked} gradients {word}: largest error {self.worst_error:.1e}, {self.worst_name}{beside}"


class EpsilonSweep(Struct, frozen=True, eq=False):
    """The error of the central difference for each h.

    Attributes:
        indices: the parameters, (C,).
        epsilons: (E,).
        analytic: ∂L/∂θ by backpropagation, (C,).
        numeric: by central differences, (E, C).
        relative: |numeric − analytic| / |analytic| (absolute where that is 0), (E, C).
        rounding: expected error from rounding alone, u·L / (h·|analytic|), (E, C).
        kinked: where a kink lies between the two points, (E, C).
    """

    indices: Integers
    epsilons: Floats
    analytic: Floats
    numeric: Floats
    relative: Floats
    rounding: Floats
    kinked: Booleans

    @property
    def best(self) -> float:
        """The ε with the smallest median error: the bottom of the U."""
        return float(self.epsilons[np.argmin(np.median(self.relative, axis=1))])


def gradient_check(
    network: Network,
    X: Floats,
    Y: Floats,
    epsilon: float = 1e-6,
    *,
    indices: Sequence[int] | Integers | None = None,
    masks: Masks | None = None,
) -> GradientCheck:
    """Compare backpropagation with central differences for the mean loss over the batch.

    Args:
        network: the network.
        X: samples, (B, D_in).
        Y: targets, (B, K).
        epsilon: relative step size.
        indices: indices of the parameters; by default all trained parameters.
        masks: dropout masks of the pass; ``None`` means evaluation.
    """
    chosen = trainable_indices(network.architecture) if indices is None else np.asarray(indices, dtype=np.int64)
    with np.errstate(all="ignore"):
        trace = network.forward(X, masks)
        gradients = network.backward(trace, Y)
        analytic = gradients.flat[chosen]
        numeric, kinked = _differences(network, trace, Y, chosen, epsilon)
        floor = UNIT_ROUNDOFF * abs(gradients.loss) / epsilon / ROUNDING_COUNTS_AS
        sizes = np.maximum(np.abs(analytic), np.abs(numeric))
        relative = np.abs(analytic - numeric) / np.maximum(sizes, max(floor, np.finfo(float).tiny))
        unresolved = (sizes > 0.0) & (sizes <= TOLERANCE * floor) & ~kinked
    relative = np.where(np.isnan(relative), np.inf, relative)
    judged = np.flatnonzero(~kinked)
    worst = int(judged[np.argmax(relative[judged])]) if len(judged) else -1
    name = parameter_name(network.architecture, int(chosen[worst])) if worst >= 0 else ""
    return GradientCheck(chosen, analytic, numeric, relative, kinked, unresolved, epsilon, worst, name)


def epsilon_sweep(
    network: Network, X: Floats, Y: Floats, indices: Sequence[int] | Integers, epsilons: Floats | None = None
) -> EpsilonSweep:
    """Return the error of the central difference of some parameters for many ε, to show truncation and rounding.

    Args:
        network: the network.
        X: samples, (B, D_in).
        Y: targets, (B, K).
        indices: indices of the parameters in the flat vector.
        epsilons: by default 1e-12 to 1, two per decade.
    """
    chosen = np.asarray(indices, dtype=np.int64)
    steps = np.logspace(-12, 0, 25) if epsilons is None else np.asarray(epsilons, dtype=np.float64)
    with np.errstate(all="ignore"):
        trace = network.forward(X)
        gradients = network.backward(trace, Y)
        analytic = gradients.flat[chosen]
        rows = [_differences(network, trace, Y, chosen, float(epsilon)) for epsilon in steps]
        numeric = np.array([row[0] for row in rows])
        size = np.where(analytic == 0.0, 1.0, np.abs(analytic))
        relative = np.abs(numeric - analytic) / size
        rounding = UNIT_ROUNDOFF * abs(gradients.loss) / (steps[:, np.newaxis] * size)
    return EpsilonSweep(chosen, steps, analytic, numeric, relative, rounding, np.array([row[1] for row in rows]))


def trainable_indices(architecture: Architecture) -> Integers:
    """Return the flat indices of all trained parameters: weights, biases, and α where it is learned."""
    moved = np.ones(architecture.size, dtype=np.bool_)
    for layer in architecture.layers:
        moved[layer.alpha_index] = layer.learns_alpha
    return np.flatnonzero(moved).astype(np.int64)


def place_of(architecture: Architecture, index: int) -> Place:
    """Return the layer, source and target of the parameter at flat ``index``.

    Raises:
        IndexError: the network has fewer parameters.
    """
    for number, layer in enumerate(architecture.layers):
        if layer.start <= index < layer.stop:
            if index < layer.bias.start:
                source, target = divmod(index - layer.start, layer.fan_out)
                return number, source, target
            return (number, -1, index - layer.bias.start) if index < layer.alpha_index else (number, -2, 0)
    raise IndexError(f"parameter {index} of {architecture.size}")


def parameter_name(architecture: Architecture, index: int) -> str:
    """Return the name of the parameter at flat ``index``, such as ``weight from 3 to 1 in Hidden 2``."""
    number, source, target = place_of(architecture, index)
    name = architecture.layers[number].name
    if source == -2:
        return f"α of {name}"
    return f"bias of {target + 1} in {name}" if source == -1 else f"weight from {source + 1} to {target + 1} in {name}"


def _differences(
    network: Network, trace: Trace, Y: Floats, indices: Integers, epsilon: float
) -> tuple[Floats, Booleans]:
    """Return (L(θ + h) − L(θ − h)) / 2h and whether a kink lies between, for each of ``indices``, (C,) and (C,)."""
    architecture = network.architecture
    numeric, kinked = np.zeros(len(indices)), np.zeros(len(indices), dtype=np.bool_)
    places = [place_of(architecture, int(index)) for index in indices]
    widest = max(layer.fan_out for layer in architecture.layers)
    at_once = max(1, _NUMBERS_AT_ONCE // (len(Y) * widest))
    for number in range(len(architecture.layers)):
        here = [position for position, place in enumerate(places) if place[0] == number]
        for start in range(0, len(here), at_once):
            chosen = here[start : start + at_once]
            values = network.parameters[indices[chosen]]
            h = epsilon * np.maximum(1.0, np.abs(values))
            # The differences actually applied, after rounding, are not exactly h.
            up, down = (values + h) - values, values - (values - h)
            nudge = _Nudge(network, trace, number, [places[position][1:] for position in chosen])
            plus, signs_plus = nudge.losses(up, Y)
            minus, signs_minus = nudge.losses(-down, Y)
            # Subtract per sample, so that equal digits cancel before the sum.
            numeric[chosen] = (plus - minus).mean(axis=1) / (up + down)
            kinked[chosen] = np.any(
                [(a != b).any(axis=(1, 2)) for a, b in zip(signs_plus, signs_minus, strict=True)], axis=0
            )
    return numeric, kinked


class _Nudge:
    """Some parameters of one layer, each perturbed in its own copy; only later layers are recomputed."""

    def __init__(self, network: Network, trace: Trace, number: int, sites: Iterable[tuple[int, int]]) -> None:
        self._network = network
        self._trace = trace
        self._number = number
        self._sites = list(sites)

    def losses(self, moves: Floats, Y: Floats) -> tuple[Floats, list[Booleans]]:
        """Return each sample's loss with each parameter moved by its entry of ``moves``, and the side of each kink.

        Returns:
            The losses, (C, B), and for each layer with a kink the mask Z > 0, (C, B, D_out), after one empty entry.
        """
        network, trace, number = self._network, self._trace, self._number
        layers = network.architecture.layers
        count, samples = len(moves), len(Y)
        Z = np.repeat(trace.pre_activations[number][np.newaxis], count, axis=0)
        alphas = np.full(count, network.alpha(number))
        for position, ((source, target), move) in enumerate(zip(self._sites, moves, strict=True)):
            if source == -2:
                alphas[position] += move
            else:
                Z[position, :, target] += move * (trace.inputs[number][:, source] if source >= 0 else 1.0)
        sides: list[Booleans] = [np.zeros((count, 0, 0), dtype=np.bool_)]
        A = Z
        for index in range(number, len(layers)):
            if index > number:
                A = A * trace.masks[index]
                Z = A.reshape(count * samples, -1) @ network.weights(index) + network.bias(index)
                Z = Z.reshape(count, samples, -1)
                alphas = np.full(count, network.alpha(index))
            if has_kink(layers[index], network.alpha(index)):
                sides.append(Z > 0.0)
            A = _activated(layers[index], Z, alphas)
        entry = LOSSES[network.architecture.loss]
        V = A if entry.takes == "activation" else Z
        losses = entry.value(V.reshape(count * samples, -1), np.tile(Y, (count, 1)))
        return losses.reshape(count, samples), sides


def _activated(layer: Layer, Z: Floats, alphas: Floats) -> Floats:
    """Return φ(Z), (C, B, D_out), with one α per copy."""
    function = OUTPUT_ACTIVATIONS[layer.activation].function
    if (alphas == alphas[0]).all():
        flat = function(Z.reshape(-1, Z.shape[2]), float(alphas[0]))
        return flat.reshape(Z.shape)
    return np.stack([function(z, float(alpha)) for z, alpha in zip(Z, alphas, strict=True)])


def has_kink(layer: Layer, alpha: float) -> bool:
    """Return whether φ or φ′ jumps at z = 0."""
    entry = OUTPUT_ACTIVATIONS[layer.activation]
    if entry.row_wise:
        return False
    sides = np.array([-_NEAR_ZERO, _NEAR_ZERO])
    values, slopes = entry.function(sides, alpha), entry.derivative(sides, alpha)
    return bool(max(abs(values[1] - values[0]), abs(slopes[1] - slopes[0])) > 1e3 * _NEAR_ZERO)
