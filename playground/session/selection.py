"""What the user has clicked in the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.experiment import Experiment

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

    def exists_in(self, experiment: Experiment) -> bool:
        """Return whether this still points at something; the output layer's size is checked by the views."""
        hidden = experiment.network.hidden
        if self.layer > len(hidden):
            return False
        if 0 <= self.layer < len(hidden) and self.neuron >= hidden[self.layer].units:
            return False
        return not (self.kind == "weight" and self.layer >= 1 and self.source >= hidden[self.layer - 1].units)
