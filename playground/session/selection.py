"""The selected element of the network: whether it exists, its parameter index, and its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from core.data.prepared_data import PreparedData
from core.experiment import Experiment
from core.network.architecture import Architecture
from playground.session.symbols import Symbols, feature_name, lowered, neuron_number

if TYPE_CHECKING:
    from core.analysis.chain_rule import Path

Kind: TypeAlias = Literal["neuron", "weight", "bias", "feature"]


class Selection(Struct, frozen=True):
    """One neuron, weight, bias or feature.

    Attributes:
        kind: the kind of element.
        layer: index of its layer: 0 is the first hidden layer (or the output if there is none); features have −1.
        neuron: the neuron in that layer, or the feature; for a weight, the target neuron.
        source: for a weight, the source neuron (or feature) in the previous layer.
    """

    kind: Kind
    layer: int
    neuron: int
    source: int = -1

    def exists_in(self, counts: Sequence[int | None]) -> bool:
        """Return whether this exists in a network of these widths, which may have changed since.

        Args:
            counts: features, neurons of each hidden layer, outputs; ``None`` for unknown widths.
        """
        column = self.layer + 1
        if not 0 <= column < len(counts) or (self.kind == "feature") != (column == 0):
            return False
        inside = _is_below(self.neuron, counts[column])
        return inside and (self.kind != "weight" or _is_below(self.source, counts[column - 1]))


class HoveredLayer(Struct, frozen=True):
    """A layer under the mouse, to be highlighted in every view.

    Attributes:
        layer: its index: 0 is the first hidden layer (or the output if there is none).
    """

    layer: int

    def neurons_in(self, counts: Sequence[int]) -> tuple[Selection, ...]:
        """Return its neurons in a network of these widths (features, neurons of each hidden layer, outputs)."""
        if not 0 <= self.layer < len(counts) - 1:
            return ()
        return tuple(Selection("neuron", self.layer, neuron) for neuron in range(counts[self.layer + 1]))


Hovered: TypeAlias = Selection | HoveredLayer | tuple[Selection, ...] | None
"""What is under the mouse in some view: an element, a layer, the weights of a path, or nothing."""


def layer_of(hovered: Hovered) -> int | None:
    """Return the layer that ``hovered`` belongs to; ``None`` for features, paths and nothing."""
    if hovered is None or isinstance(hovered, tuple) or hovered.layer < 0:
        return None
    return hovered.layer


def _is_below(index: int, count: int | None) -> bool:
    return index >= 0 and (count is None or index < count)


def known_counts(experiment: Experiment) -> tuple[int | None, ...]:
    """Return the widths known from ``experiment`` alone; features and outputs depend on its data."""
    return (None, *(layer.units for layer in experiment.network.hidden), None)


# -- parameters ------------------------------------------------------------------------------------------------------


def selection_of(architecture: Architecture, index: int) -> Selection | None:
    """Return the selection for the parameter at flat ``index``; ``None`` for an activation's α."""
    from core.analysis.gradient_check import place_of  # imported late: not needed for the first frame

    number, source, target = place_of(architecture, index)
    if source == -2:
        return None
    return Selection("bias", number, target) if source == -1 else Selection("weight", number, target, source)


def index_of(architecture: Architecture, selection: Selection | None) -> int | None:
    """Return the flat index of ``selection``'s parameter (the bias for a neuron); ``None`` for features."""
    if selection is None or not 0 <= selection.layer < len(architecture.layers):
        return None
    layer = architecture.layers[selection.layer]
    if selection.neuron >= layer.fan_out or selection.source >= layer.fan_in:
        return None
    if selection.kind == "weight":
        return layer.weight_index(selection.source, selection.neuron)
    return layer.bias_index(selection.neuron)


def selections_of(path: Path, weight: Selection) -> tuple[Selection, ...]:
    """Return the weights on ``path``, ``weight`` first, for other views to highlight."""
    later = zip(path.neurons, path.neurons[1:], strict=False)
    return (weight, *(Selection("weight", weight.layer + step, b, a) for step, (a, b) in enumerate(later, start=1)))


# -- names -----------------------------------------------------------------------------------------------------------


class Names(Struct, frozen=True):
    """Names of features, neurons and parameters, shared by all views.

    Attributes:
        counts: features, neurons of each hidden layer, outputs.
        features: names of the features; unnamed ones are numbered.
        outputs: names of several outputs, such as classes.
        numbered: whether neurons have consecutive numbers, z₁, z₂, …, instead of names by layer.
    """

    counts: tuple[int, ...]
    features: tuple[str, ...]
    outputs: tuple[str, ...]
    numbered: bool = False

    @classmethod
    def of(cls, architecture: Architecture, data: PreparedData) -> Names:
        """Return the names in a network of ``architecture`` on ``data``."""
        counts = (architecture.inputs, *(layer.fan_out for layer in architecture.layers))
        return cls(counts, data.feature_names, data.class_names, architecture.numbered)

    @property
    def symbols(self) -> Symbols:
        """The symbols of equations in this network."""
        return Symbols(self.counts, self.features, self.numbered)

    def of_neuron(self, column: int, neuron: int) -> str:
        """Return the name of a feature (column 0) or neuron: ``x₁``, ``hidden 1 · 3``, ``output · setosa``, ``output``."""
        if column == 0:
            return feature_name(self.features, neuron)
        if self.numbered:
            return f"z{lowered(neuron_number(self.counts, column, neuron))}"
        if column < len(self.counts) - 1:
            return f"hidden {column} · {neuron + 1}"
        if self.counts[-1] == 1:
            return "output"
        name = self.outputs[neuron] if neuron < len(self.outputs) else ""
        return f"output · {name or neuron + 1}"

    def symbol_of(self, selection: Selection) -> str:
        """Return the symbol of the selected weight, or of the bias of the selected neuron."""
        if selection.kind == "weight":
            return self.symbols.weight(selection.layer, selection.source, selection.neuron)
        return self.symbols.bias(selection.layer, selection.neuron)

    def of_parameter(self, selection: Selection) -> str:
        """Return ``Weight from x₁ to hidden 1 · 2`` or ``Bias of hidden 1 · 2``; a neuron means its bias."""
        target = self.of_neuron(selection.layer + 1, selection.neuron)
        if selection.kind == "weight":
            symbol = f" {self.symbol_of(selection)}" if self.numbered else ""
            return f"Weight{symbol} from {self.of_neuron(selection.layer, selection.source)} to {target}"
        return f"Bias of {target}"

    def title(self, selection: Selection) -> str:
        """Return the heading for ``selection``."""
        if selection.kind in ("weight", "bias"):
            return self.of_parameter(selection)
        name = self.of_neuron(selection.layer + 1, selection.neuron)
        if self.numbered and selection.kind == "neuron":
            return f"Neuron {name}"
        return f"Feature {name}" if selection.kind == "feature" else capitalized(name)

    def short_titles(self, selection: Selection) -> tuple[str, ...]:
        """Return shorter headings for ``selection``, longest first; none where the usual one is short."""
        if selection.kind not in ("weight", "bias"):
            return self._short_names(selection)
        symbol = self.symbol_of(selection)
        target = self.of_neuron(selection.layer + 1, selection.neuron)
        if selection.kind == "bias":
            return f"Bias {symbol}", symbol
        source = self.of_neuron(selection.layer, selection.source)
        name = f"Weight {symbol}"
        return f"{name if self.numbered else 'Weight'} {source} → {target}", name, symbol

    def _short_names(self, selection: Selection) -> tuple[str, ...]:
        """Return shorter headings for a neuron or feature, such as ``H 1 · 2`` for the second neuron of hidden layer 1."""
        name = self.of_neuron(selection.layer + 1, selection.neuron)
        if self.numbered or selection.kind == "feature":
            return (name,)
        if selection.layer < len(self.counts) - 2:
            return (f"H {selection.layer + 1} · {selection.neuron + 1}",)
        return (name.removeprefix("output · "),) if self.counts[-1] > 1 else ()

    def of_route(self, first: int, neurons: Sequence[int]) -> str:
        """Return the later neurons of a path from layer ``first``: ``via hidden 3 · 1``."""
        last = len(self.counts) - 2
        between = [
            self.of_neuron(first + step + 1, n) for step, n in enumerate(neurons) if step and first + step < last
        ]
        several = self.counts[-1] > 1 and first < last
        route = " → ".join(between + ([self.of_neuron(last + 1, neurons[-1])] if several else []))
        if not route:
            return "direct path"
        return f"via {route}" if between else f"to {route}"


def capitalized(name: str) -> str:
    """Return ``name`` with a capital first letter and the rest, such as a class name, unchanged."""
    return name[:1].upper() + name[1:]
