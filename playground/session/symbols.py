"""Mathematical symbols of neurons and weights, such as ``φ′(z₄)`` and ``W₂[3,1]``, shared by all views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from core.analysis.chain_rule import Factor

_LOWERED: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def lowered(number: int) -> str:
    """Return ``number`` in subscript digits."""
    return str(number).translate(_LOWERED)


def neuron_number(counts: tuple[int, ...], column: int, neuron: int) -> int:
    """Return the consecutive number of a neuron, from 1 in the first hidden layer, in a network of ``counts``."""
    return sum(counts[1:column]) + neuron + 1


def numbered_weight(counts: tuple[int, ...], layer: int, source: int, target: int) -> str:
    """Return the numbered name of a weight: ``w₈₀`` leads from source number 8 to the first neuron of the next layer.

    Source 1 is the bias, 2 … D + 1 are the D features, and z_k is source D + 1 + k.
    """
    number = source + 2 if layer == 0 else counts[0] + 1 + neuron_number(counts, layer, source)
    # Without a comma, w₁₂₁ would be ambiguous: from 12 to 1, or from 1 to 21.
    comma = "," if number > 9 or target > 9 else ""
    return f"w{lowered(number)}{comma}{lowered(target)}"


def feature_name(features: tuple[str, ...], number: int) -> str:
    """Return the name of feature ``number`` (from 0)."""
    return features[number] if number < len(features) else f"feature {number + 1}"


class Symbols(Struct, frozen=True):
    """The symbols in one network.

    Attributes:
        counts: features, neurons of each hidden layer, outputs.
        features: names of the features; unnamed ones are numbered.
        numbered: whether the first neuron of the second layer is ``z₄`` or ``z₂[1]``, a weight ``w₈₀`` or ``W₃[1,1]``.
    """

    counts: tuple[int, ...]
    features: tuple[str, ...]
    numbered: bool

    def weight(self, layer: int, source: int, target: int) -> str:
        """Return ``w₈₀`` or ``W₃[1,1]`` (source, target)."""
        if self.numbered:
            return numbered_weight(self.counts, layer, source, target)
        return f"W{lowered(layer + 1)}[{source + 1},{target + 1}]"

    def bias(self, layer: int, neuron: int) -> str:
        """Return ``b₄`` or ``b₂[1]``."""
        return f"b{self._place(layer + 1, neuron)}"

    def pre_activation(self, layer: int, neuron: int) -> str:
        """Return ``z₄`` or ``z₂[1]``."""
        return f"z{self._place(layer + 1, neuron)}"

    def activation(self, column: int, neuron: int) -> str:
        """Return ``a₄`` or ``a₂[1]``; a feature (column 0) has its name."""
        return feature_name(self.features, neuron) if column == 0 else f"a{self._place(column, neuron)}"

    def prediction(self, neuron: int) -> str:
        """Return ``ŷ``, or ``ŷ[2]`` of several outputs."""
        return "ŷ" if self.counts[-1] == 1 else f"ŷ[{neuron + 1}]"

    def factor(self, factor: Factor) -> str:
        """Return the symbol of ``factor`` for an equation."""
        match factor.kind:
            case "input":
                bias = factor.source < 0
                return (
                    f"∂{self.pre_activation(factor.layer, factor.neuron)}/∂b"
                    if bias
                    else self.activation(factor.layer, factor.source)
                )
            case "slope":
                return f"φ′({self.pre_activation(factor.layer, factor.neuron)})"
            case "weight":
                return self.weight(factor.layer, factor.source, factor.neuron)
            case "dropout":
                return f"mask({self.activation(factor.layer + 1, factor.neuron)})"
            case "loss":
                by_z = factor.name.startswith("∂L/∂z")
                end = self.pre_activation(factor.layer, factor.neuron) if by_z else self.prediction(factor.neuron)
                return f"∂L/∂{end}"
            case "mean":
                return "mean of a·φ′·∂L/∂ŷ"

    def _place(self, column: int, neuron: int) -> str:
        if self.numbered:
            return lowered(neuron_number(self.counts, column, neuron))
        return f"{lowered(column)}[{neuron + 1}]"
