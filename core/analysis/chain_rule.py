"""The chain rule written out: ∂L/∂w as the sum over all paths from a weight to the loss of products of local derivatives.

For the weight w from input i to neuron j of layer l, a path runs through one neuron of each later layer to an output:

    ∂z/∂w · φ′(z_j) · w · φ′ · … · w · φ′(z_out) · ∂L/∂ŷ,   ∂L/∂w = Σ over all paths (Rumelhart et al., 1986).

There are as many paths as the product of the later layers' widths. Where the loss takes pre-activations, or the output
is a softmax, the last factor is ∂L/∂z of that output. Where dropout scales a neuron, its mask is a factor, too.
"""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.formulas.activations import OUTPUT_ACTIVATIONS, softmax_backward
from core.formulas.losses import LOSSES
from core.network import Network, Trace

FactorKind: TypeAlias = Literal["input", "slope", "weight", "dropout", "loss", "mean"]

MAX_ENUMERATED: Final = 20_000
"""Enumerate all paths up to this count; beyond it, find only the largest."""

MAX_PRODUCTS: Final = 20_000_000
"""Up to this number of paths × samples, the mean over a batch is computed path by path."""

_CHUNK: Final = 1_000_000


class Weight(Struct, frozen=True):
    """The weight from input ``source`` to neuron ``target`` of ``layer``.

    ``source`` −1 means the bias, with ∂z/∂b = 1.
    """

    layer: int
    source: int
    target: int


class Factor(Struct, frozen=True):
    """One local derivative.

    Attributes:
        name: such as ``φ′(z) of Hidden 2 · 1``.
        value: its value.
        kind: ``input`` ∂z/∂w, ``slope`` φ′(z), ``weight`` w, ``dropout``, ``loss`` ∂L/∂ŷ or ∂L/∂z; ``mean`` is the mean
            over the samples of the product of all factors that differ from sample to sample.
        layer: the layer of the neuron it belongs to; −1 for ``mean``.
        neuron: the neuron; for ``input`` and ``weight`` the target.
        source: for ``input`` and ``weight`` the source in the previous layer, −1 for a bias.
    """

    name: str
    value: float
    kind: FactorKind
    layer: int = -1
    neuron: int = -1
    source: int = -1


class Path(Struct, frozen=True):
    """One path from the weight to the loss.

    Attributes:
        neurons: its neuron in the weight's layer, in the next layer, …, in the output.
        factors: its local derivatives from the weight to the loss; their product is ``value``.
        value: its contribution to ∂L/∂w.
        slopes: Π|φ′| along the path; over a batch the geometric mean, weighted by each sample's contribution.
        weights: Π|w| along the path.
    """

    neurons: tuple[int, ...]
    factors: tuple[Factor, ...]
    value: float
    slopes: float
    weights: float


class Ledger(Struct, frozen=True):
    """The decomposition of one weight's gradient into paths.

    Attributes:
        weight: the weight.
        sample: the sample whose loss is differentiated; ``None`` for the mean over the batch.
        paths: the paths with the largest absolute values, largest first.
        others: contribution of all other paths: ``sum`` − Σ ``paths``.
        count: number of paths.
        sum: the sum over all paths.
        backprop: ∂L/∂w from backpropagation.
        complete: whether ``paths`` are guaranteed to be the largest. The mean of a path does not factorize; if there are
            too many paths to compute each, those listed are the largest for the sample with the largest gradient (with
            their true means).
    """

    weight: Weight
    sample: int | None
    paths: tuple[Path, ...]
    others: float
    count: int
    sum: float
    backprop: float
    complete: bool

    @property
    def agrees(self) -> bool:
        """Whether the sum equals backpropagation to 1e-10 relative, or to 1e-12 of the largest path if paths cancel."""
        largest = abs(self.paths[0].value) if self.paths else 0.0
        return math.isclose(
            self.sum, self.backprop, rel_tol=1e-10, abs_tol=1e-12 * largest if math.isfinite(largest) else 0.0
        )

    def split(self) -> tuple[float, float]:
        """Return (Π|φ′|, Π|w|), geometric means over the listed paths, weighted by their contributions."""
        sizes = np.array([abs(path.value) for path in self.paths])
        slopes = np.array([path.slopes for path in self.paths])
        weights = np.array([path.weights for path in self.paths])
        return _geometric_mean(slopes, sizes), _geometric_mean(weights, sizes)


def path_count(network: Network, layer: int) -> int:
    """Return the number of paths from one weight of ``layer`` to the loss: the product of the later widths."""
    return math.prod(later.fan_out for later in network.architecture.layers[layer + 1 :])


def path_ledger(
    network: Network,
    trace: Trace,
    Y: Floats,
    weight: Weight,
    *,
    sample: int | None = None,
    max_paths: int = 6,
    backprop: float | None = None,
) -> Ledger:
    """Decompose ∂L/∂w into paths.

    Args:
        network: the network.
        trace: a forward pass of it, with or without dropout.
        Y: targets, (B, K).
        weight: the weight.
        sample: row of the trace; ``None`` uses the mean loss over all rows.
        max_paths: maximum number of paths to list.
        backprop: ∂L/∂w from :meth:`Network.backward` if known; computed by default.
    """
    if sample is not None:
        trace, Y = trace.rows(slice(sample, sample + 1)), Y[sample : sample + 1]
    count = path_count(network, weight.layer)
    few = count <= MAX_ENUMERATED and count * len(Y) <= MAX_PRODUCTS
    with np.errstate(all="ignore"):
        chain = _Chain(network, trace, Y, weight)
        if backprop is None:
            backprop = _backpropagated(network, trace, Y, weight)
        if few:
            values = chain.all_values()
            # A stable sort keeps equal paths in the order of their neurons.
            largest = np.argsort(-np.abs(values), kind="stable")[:max_paths]
            routes = [tuple(int(n) for n in np.unravel_index(index, chain.widths)) for index in largest]
            total = _sum(values)
        else:
            contributions = chain.contributions()
            routes = chain.largest_routes(int(np.argmax(np.abs(contributions))), max_paths)
            total = float(contributions.mean())
        paths = tuple(sorted((chain.path(route) for route in routes), key=lambda path: -abs(path.value)))
        others = 0.0 if len(paths) == count else total - _sum(np.array([path.value for path in paths]))
    return Ledger(weight, sample, paths, others, count, total, backprop, few or len(Y) == 1)


def _backpropagated(network: Network, trace: Trace, Y: Floats, weight: Weight) -> float:
    layer = network.architecture.layers[weight.layer]
    flat = network.backward(trace, Y).flat
    if weight.source < 0:
        return float(flat[layer.bias_index(weight.target)])
    return float(flat[layer.weight_index(weight.source, weight.target)])


class _Chain:
    """The local derivatives from one weight to the loss, for all samples.

    Attributes:
        widths: number of neurons that a path can take in the weight's layer (one), in the next, …, in the output.
    """

    def __init__(self, network: Network, trace: Trace, Y: Floats, weight: Weight) -> None:
        layers = network.architecture.layers
        first, last = weight.layer, len(layers) - 1
        self._weight = weight
        self._names = [layer.name for layer in layers[first:]]
        self._matrices = [network.weights(index) for index in range(first + 1, last + 1)]
        if self._matrices:
            self._matrices[0] = self._matrices[0][weight.target : weight.target + 1]
        samples = len(Y)
        own = np.array([weight.target])
        self._input = np.ones(samples) if weight.source < 0 else trace.inputs[first][:, weight.source]
        self._slopes: list[Floats | None] = []
        self._dropout: list[Floats | None] = []
        for index in range(first, last):
            picked = own if index == first else slice(None)
            entry = OUTPUT_ACTIVATIONS[layers[index].activation]
            Z = trace.pre_activations[index]
            self._slopes.append(entry.derivative(Z, network.alpha(index))[:, picked])
            mask = trace.masks[index + 1]
            scales = not (isinstance(mask, float) and mask == 1.0)
            self._dropout.append(np.broadcast_to(mask, Z.shape)[:, picked] if scales else None)
        loss, slope, self._loss_name = _end(network, trace, Y)
        picked = own if first == last else slice(None)
        self._loss = loss[:, picked]
        self._slopes.append(None if slope is None else slope[:, picked])
        self._dropout.append(None)
        self.widths = (1, *(layer.fan_out for layer in layers[first + 1 :]))

    def _gate(self, step: int) -> Floats:
        """Return φ′ times mask (times ∂L at the output) of the neurons ``step`` layers later, (B, width)."""
        gate = np.ones((len(self._input), self.widths[step]))
        for part in (self._slopes[step], self._dropout[step]):
            if part is not None:
                gate = gate * part
        return gate * self._loss if step == len(self.widths) - 1 else gate

    def all_values(self) -> Floats:
        """Return every path's value, averaged over the samples, in the order of the neurons (last layer fastest)."""
        samples = len(self._input)
        gates = [self._gate(step) for step in range(len(self.widths))]
        rows = max(1, _CHUNK // math.prod(self.widths))
        total = np.zeros(math.prod(self.widths))
        for start in range(0, samples, rows):
            chosen = slice(start, start + rows)
            products = self._input[chosen, np.newaxis] * gates[0][chosen]
            for step, W in enumerate(self._matrices, start=1):
                ends = products.reshape(len(products), -1, self.widths[step - 1], 1)
                products = (ends * W * gates[step][chosen, np.newaxis, np.newaxis, :]).reshape(len(products), -1)
            total += products.sum(axis=0)
        return total / samples

    def contributions(self) -> Floats:
        """Return each sample's own ∂L/∂w, (B,), summed over all paths layer by layer."""
        reach = self._input[:, np.newaxis] * self._gate(0)
        for step, W in enumerate(self._matrices, start=1):
            reach = (reach @ W) * self._gate(step)
        return np.asarray(reach.sum(axis=1))

    def largest_routes(self, sample: int, max_paths: int) -> list[tuple[int, ...]]:
        """Return the neurons of the ``max_paths`` paths with the largest product for ``sample``, by dynamic programming.

        From the output back, each neuron keeps the ``max_paths`` largest paths from it to the loss: a path can only be among
        the largest if its remainder is.
        """
        best: Floats = np.abs(self._gate(len(self.widths) - 1)[sample])[:, np.newaxis]
        choices: list[tuple[Integers, Integers]] = []
        for step in reversed(range(len(self._matrices))):
            W, gate = np.abs(self._matrices[step]), np.abs(self._gate(step)[sample])
            products = (W[:, :, np.newaxis] * best).reshape(len(W), -1)
            kept = np.argsort(-products, axis=1, kind="stable")[:, :max_paths].astype(np.int64)
            choices.append((kept // best.shape[1], kept % best.shape[1]))
            best = np.take_along_axis(products, kept, axis=1) * gate[:, np.newaxis]
            top = float(best.max(initial=0.0))
            # Only the order matters; scaling to 1 keeps deep products from underflow and overflow.
            if np.isfinite(top) and top > 0.0:
                best = best / top
        choices.reverse()
        return [self._follow(choices, rank) for rank in range(best.shape[1])]

    @staticmethod
    def _follow(choices: list[tuple[Integers, Integers]], rank: int) -> tuple[int, ...]:
        neuron, route = 0, [0]
        for following, ranks in choices:
            neuron, rank = int(following[neuron, rank]), int(ranks[neuron, rank])
            route.append(neuron)
        return tuple(route)

    def path(self, route: tuple[int, ...]) -> Path:
        """Return the path through ``route`` (indices within ``widths``) with its factors."""
        neurons = (self._weight.target, *route[1:])
        parts: list[tuple[str, Floats | float, FactorKind]] = []
        locations: list[tuple[int, int, int]] = []
        first, name = self._weight.layer, ""
        parts.append(("∂z/∂w" if self._weight.source >= 0 else "∂z/∂b", self._input, "input"))
        locations.append((first, neurons[0], self._weight.source))
        for step, column in enumerate(route):
            name, at = f"{self._names[step]} · {neurons[step] + 1}", (first + step, neurons[step])
            if step:
                parts.append((f"w to {name}", float(self._matrices[step - 1][route[step - 1], column]), "weight"))
                locations.append((*at, neurons[step - 1]))
            slope, dropout = self._slopes[step], self._dropout[step]
            if slope is not None:
                parts.append((f"φ′(z) of {name}", slope[:, column], "slope"))
                locations.append((*at, -1))
            if dropout is not None:
                parts.append((f"dropout of {name}", dropout[:, column], "dropout"))
                locations.append((*at, -1))
        parts.append((f"{self._loss_name} of {name}", self._loss[:, column], "loss"))
        locations.append((first + len(route) - 1, neurons[-1], -1))
        varying = [values for _, values, _ in parts if not isinstance(values, float)]
        per_sample = np.prod(varying, axis=0)
        weights = math.prod(values for _, values, _ in parts if isinstance(values, float))
        slopes = np.prod([np.abs(values) for _, values, kind in parts if kind == "slope"], axis=0) * np.ones_like(
            per_sample
        )
        mean = float(per_sample.mean())
        factors = tuple(
            Factor(n, v if isinstance(v, float) else float(v[0]), k, *at)
            for (n, v, k), at in zip(parts, locations, strict=True)
        )
        if len(per_sample) > 1:
            fixed = tuple(factor for factor in factors if factor.kind == "weight")
            factors = (*fixed, Factor("mean over the samples of ∂z/∂w · φ′ · ∂L/∂ŷ", mean, "mean"))
        return Path(neurons, factors, weights * mean, _geometric_mean(slopes, np.abs(per_sample)), abs(weights))


def _end(network: Network, trace: Trace, Y: Floats) -> tuple[Floats, Floats | None, str]:
    """Return (∂L/∂ŷ, φ′(z_out), name), or (∂L/∂z, None, name) if that is the last local derivative."""
    architecture = network.architecture
    entry = LOSSES[architecture.loss]
    last = len(architecture.layers) - 1
    activation = architecture.layers[last].activation
    Z = trace.pre_activations[last]
    if entry.takes == "pre_activation":
        return entry.derivative(Z, Y), None, "∂L/∂z"
    dA = entry.derivative(trace.prediction, Y)
    if OUTPUT_ACTIVATIONS[activation].row_wise:
        return softmax_backward(trace.prediction, dA), None, "∂L/∂z"
    return dA, OUTPUT_ACTIVATIONS[activation].derivative(Z, network.alpha(last)), "∂L/∂ŷ"


def _sum(values: Floats) -> float:
    """Return Σ ``values``, correctly rounded if no value overflows."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):
        return float(np.sum(values))


def _geometric_mean(values: Floats, heaviness: Floats) -> float:
    """Return exp(Σ h·ln v / Σ h) with weights h (all equal if all are 0); 0 if a value with weight is 0."""
    if not len(values):
        return math.nan
    heaviest = float(heaviness.max())
    if math.isinf(heaviest):
        usable = np.isinf(heaviness).astype(np.float64)
    else:
        # Scaled first, because a sum of weights near the largest float overflows.
        usable = heaviness / heaviest if heaviest > 0.0 else np.ones_like(heaviness)
    heavy = usable > 0.0
    if (values[heavy] == 0.0).any():
        return 0.0
    return float(np.exp(np.average(np.log(values[heavy]), weights=usable[heavy])))
