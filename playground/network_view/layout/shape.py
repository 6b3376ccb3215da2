"""The structure of the picture: columns of features and neurons with their names, from an Experiment and its data."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.analysis.plane import has_plane
from core.data.prepared_data import PreparedData
from core.experiment import AUTO, Experiment
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.features import FEATURES, feature_keys
from core.formulas.initializers import INITIALIZERS
from core.training.snapshot import Snapshot
from playground.session.selection import Names

IMAGE_SIDE: Final = 8
"""Side of samples drawn as a square image: data with IMAGE_SIDE² inputs and no plane."""


MAX_FOR_COMPUTED: Final = 2
"""Largest number of inputs for which computed features are offered."""


class Shape(Struct, frozen=True):
    """The columns of the picture, from the features (column 0) over the hidden layers to the output (last).

    Attributes:
        counts: features, neurons of each hidden layer, outputs.
        names: header of each column.
        captions: line below the name, such as ``tanh · Xavier``; empty for the features.
        activations: label of each column's activation; empty for the features.
        feature_keys: keys of the active features.
        feature_labels: labels of the active features.
        output_labels: label beside each output; empty for a single one.
        spare_features: (key, label) of the inactive features.
        image: whether the features are the pixels of one square image.
        chooses_features: whether features can be added and removed.
        numbered: whether neurons have consecutive numbers, which are written beside them.
    """

    counts: tuple[int, ...]
    names: tuple[str, ...]
    captions: tuple[str, ...]
    activations: tuple[str, ...]
    feature_keys: tuple[str, ...]
    feature_labels: tuple[str, ...]
    output_labels: tuple[str, ...]
    spare_features: tuple[tuple[str, str], ...]
    image: bool
    chooses_features: bool = False
    numbered: bool = False

    @property
    def called(self) -> Names:
        """Names of features and neurons."""
        return Names(self.counts, self.feature_labels, self.output_labels, self.numbered)

    @property
    def columns(self) -> int:
        """Number of columns: hidden layers + 2."""
        return len(self.counts)

    @property
    def sentence(self) -> str:
        """Architecture in words, for screen readers."""
        features = f"{self.counts[0]} feature{'s' if self.counts[0] != 1 else ''}"
        hidden = [f"hidden {n} {a}" for n, a in zip(self.counts[1:-1], self.activations[1:-1], strict=True)]
        outputs = f"{self.counts[-1]} output{'s' if self.counts[-1] != 1 else ''} {self.activations[-1]}"
        return ", ".join([features, *hidden, outputs.strip()])

    def short_name(self, column: int) -> str:
        """Return the name of ``column`` for narrow columns."""
        if column == 0:
            return "In"
        return "Out" if column == self.columns - 1 else f"H {column}"


def shape_of(experiment: Experiment, snapshot: Snapshot | None) -> Shape:
    """Return the shape of ``experiment``, with the features and outputs of the data of ``snapshot``."""
    data = snapshot.data if snapshot is not None else None
    settings = experiment.network
    keys, labels = _features(experiment, data)
    outputs = snapshot.network.architecture.outputs if snapshot is not None else 1
    output_activation = settings.output_activation
    if output_activation == AUTO:
        output_activation = snapshot.network.architecture.layers[-1].activation if snapshot is not None else ""
    layers = [(layer.activation, layer.initializer, layer.dropout) for layer in settings.hidden]
    layers.append((output_activation, settings.output_initializer, 0.0))
    several = outputs > 1 and data is not None and len(data.class_names) == outputs
    return Shape(
        counts=(len(keys), *(layer.units for layer in settings.hidden), outputs),
        names=("Features", *(f"Hidden {i + 1}" for i in range(len(settings.hidden))), "Output"),
        captions=("", *(_caption(*layer) for layer in layers)),
        activations=("", *(_activation(layer[0]) for layer in layers)),
        feature_keys=keys,
        feature_labels=labels,
        output_labels=data.class_names if several and data is not None else ("",) * outputs,
        spare_features=_spare(data, keys),
        image=data is not None and not has_plane(data) and len(keys) == IMAGE_SIDE**2 == len(data.input_names),
        chooses_features=data is not None and has_plane(data),
        numbered=settings.notation == "numbered",
    )


def initializer_label(key: str) -> str:
    """Return the initializer's name without its distribution: ``Xavier uniform`` → ``Xavier``."""
    return INITIALIZERS[key].label.split()[0].rstrip(",")


def _activation(key: str) -> str:
    return OUTPUT_ACTIVATIONS[key].label if key else ""


def _caption(activation: str, initializer: str, dropout: float) -> str:
    parts = [_activation(activation), initializer_label(initializer)]
    if dropout:
        parts.append(f"p {dropout:.2g}")
    return " · ".join(part for part in parts if part)


def _features(experiment: Experiment, data: PreparedData | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    chosen = experiment.data.features
    if data is not None and (chosen is None or chosen == data.feature_keys or len(chosen) == len(data.feature_keys)):
        return data.feature_keys, data.feature_names
    keys = chosen or ("x1", "x2")
    return keys, tuple(_label(key, data) for key in keys)


def _spare(data: PreparedData | None, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if data is None or not has_plane(data):
        return ()
    every = feature_keys(len(data.input_names))
    if len(data.input_names) > MAX_FOR_COMPUTED:
        # x₁², x₁·x₂ … of two columns out of many would be an arbitrary choice.
        every = every[: len(data.input_names)]
    possible = [key for key in every if key not in data.input_names or key in keys]
    active = set(keys)
    # A table's column may be given by its name or by its number.
    active |= {f"x{column + 1}" for column, name in enumerate(data.input_names) if name in active}
    return tuple((key, _label(key, data)) for key in possible if key not in active)


def _label(key: str, data: PreparedData | None) -> str:
    if data is not None and key[1:].isdigit() and int(key[1:]) <= len(data.input_names):
        return data.input_names[int(key[1:]) - 1]
    return FEATURES[key].label if key in FEATURES else key
