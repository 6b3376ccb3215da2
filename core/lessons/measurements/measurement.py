"""A measurement that lessons can check or show: its arguments, its unit, and the function that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, Protocol, TypeAlias

import numpy as np

from core.analysis.diagnosis.words import count, number, share
from core.lessons.blocks import Layer, Measure
from core.registry import Entry
from core.training.snapshot import Snapshot

Argument: TypeAlias = Literal["layer", "from", "to", "neuron"]
Unit: TypeAlias = Literal["", "share", "count", "text", "epochs", "decades", "yes or no"]
Value: TypeAlias = float | str

ARGUMENTS: Final[tuple[Argument, ...]] = ("layer", "from", "to", "neuron")
"""Every argument that a measurement can have."""


class HasLabel(Protocol):
    """An entry with a label."""

    @property
    def label(self) -> str:
        """The short text in menus."""


class Measurement(Entry, frozen=True, kw_only=True):
    """A quantity that a lesson can check, show in its text, or ask for.

    Attributes:
        compute: called with a snapshot and an index from 0 for each argument; returns NaN if it does not apply.
        arguments: its arguments: a layer of weights, two of them (``from``, ``to``), a neuron.
        unit: how it is formatted: as a plain number, a share from 0 to 1 (as a percentage), a count, text, ….
        hidden_only: whether the output layer does not have it.
        named_in: the registry whose keys it returns; the label of the entry is shown.
    """

    compute: Callable[..., Value]
    arguments: tuple[Argument, ...] = ()
    unit: Unit = ""
    hidden_only: bool = False
    named_in: Mapping[str, HasLabel] | None = None

    @property
    def is_text(self) -> bool:
        """Whether its value is a text, such as the key of an activation."""
        return self.unit == "text"

    def of(self, snapshot: Snapshot, measure: Measure) -> Value:
        """Compute the value with the arguments of ``measure``; NaN (or an empty text) if there is no such layer or neuron."""
        indices: list[int] = []
        for argument in self.arguments:
            index = self._index(snapshot, argument, measure, indices)
            if index is None:
                return "" if self.is_text else math.nan
            indices.append(index)
        with np.errstate(all="ignore"):
            return self.compute(snapshot, *indices)

    def _index(self, snapshot: Snapshot, argument: Argument, measure: Measure, indices: list[int]) -> int | None:
        given = argument_of(measure, argument)
        layers = snapshot.network.architecture.layers
        if argument == "neuron":
            width = layers[indices[0]].fan_out if indices else 0
            return given - 1 if isinstance(given, int) and given <= width else None
        layer_count = len(layers) - 1 if self.hidden_only else len(layers)
        return layer_index(given, layer_count)


def argument_of(measure: Measure, argument: Argument) -> Layer | None:
    """Return the value of ``argument`` in ``measure``, or ``None``."""
    given: Any = measure.from_ if argument == "from" else getattr(measure, argument)
    return given  # type: ignore[no-any-return]


def layer_index(layer: Layer | None, layers: int) -> int | None:
    """Return the index from 0 of ``layer`` among the first ``layers`` layers; ``None`` if there is no such layer."""
    if layer is None or layers == 0:
        return None
    if isinstance(layer, str):
        return 0 if layer == "first" else layers - 1
    return layer - 1 if layer <= layers else None


def value_in_words(value: Value, measurement: Measurement) -> str:
    """Format a ``value`` of ``measurement`` for a sentence: ``0.031``, ``98 %``, ``3·10⁻⁷``, ``ReLU``."""
    if isinstance(value, str):
        named = (measurement.named_in or {}).get(value)
        return (value if named is None else named.label) or "–"
    if math.isnan(value):
        return "–"
    if not math.isfinite(value):
        return number(value)
    match measurement.unit:
        case "share":
            return f"{100.0 * value:.1f}\u2009%" if 0.0 < abs(value) < 0.0095 or 0.99 < value < 1.0 else share(value)
        case "count":
            return count(round(value)) if abs(value) < 1e15 else number(value)
        case "yes or no":
            return "yes" if value else "no"
        case "decades":
            return f"{value:+.1f}".replace("-", "−")
        case "epochs":
            return count(int(value)) if value >= 10.0 else number(value)
        case _:
            return number(value)
