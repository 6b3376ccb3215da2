"""What the person has clicked in the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["neuron", "weight", "bias", "feature"]


@dataclass(frozen=True, slots=True)
class Selection:
    """One neuron, weight, bias or feature.

    Attributes:
        kind: which of them.
        layer: index of the layer of weights it belongs to: 0 is the first hidden layer (or the output, when there is
            none); features have −1.
        neuron: the neuron in that layer, or the feature; of a weight, the neuron it leads to.
        source: of a weight, the neuron (or feature) of the layer before that it comes from.
    """

    kind: Kind
    layer: int
    neuron: int
    source: int = -1
