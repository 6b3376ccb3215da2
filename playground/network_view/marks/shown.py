"""The marks of neurons in terms of the picture: which shown nodes are dead, saturated, clones or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.analysis.neuron_marks import NeuronMarks
from core.arrays import Booleans, Integers
from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Column, Layout
from playground.network_view.picture import ColumnMarks
from playground.style.numbers import percent

if TYPE_CHECKING:
    from core.training.phases import PhaseStep

MarkKind: TypeAlias = Literal["dead", "saturated", "clones", "dropped"]

Dropped: TypeAlias = tuple[Booleans | None, ...]
"""For the features and each hidden layer which are dropped, ``None`` without dropout."""


class LegendEntry(Struct, frozen=True):
    """One mark that occurs in the picture.

    Attributes:
        kind: the mark.
        text: its name with the number of neurons.
        tip: its meaning, one sentence.
    """

    kind: MarkKind
    text: str
    tip: str


def shown_marks(marks: NeuronMarks | None, layout: Layout) -> tuple[ColumnMarks | None, ...]:
    """Return the marks of each column; ``None`` if unknown (the features, a network of another shape)."""
    return tuple(_of_column(marks, column) for column in layout.columns)


def _of_column(marks: NeuronMarks | None, column: Column) -> ColumnMarks | None:
    layer = column.index - 1
    if marks is None or not 0 <= layer < len(marks.dead) or len(marks.dead[layer]) != column.count:
        return None
    shown = slice(column.first, column.first + column.shown)
    distinct = marks.distinct(layer)
    clones: tuple[tuple[int, ...], ...] = ()
    if distinct < column.count:
        clones = _clones(marks.groups[layer][shown], marks.cloned(layer)[shown])
    return ColumnMarks(marks.dead[layer][shown], marks.saturated(layer)[shown], clones, distinct, column.count)


def _clones(groups: Integers, cloned: Booleans) -> tuple[tuple[int, ...], ...]:
    """Return the shown rows of each group that has several members."""
    return tuple(tuple(np.flatnonzero(groups == leader).tolist()) for leader in np.unique(groups[cloned]).tolist())


def legend_of(marks: NeuronMarks | None) -> tuple[LegendEntry, ...]:
    """Return which of ``marks`` occur anywhere in the network, with their numbers."""
    entries = []
    if marks is not None:
        layers = range(len(marks.dead))
        dead = sum(int(each.sum()) for each in marks.dead)
        saturated = sum(int(marks.saturated(layer).sum()) for layer in layers)
        spare = sum(len(marks.groups[layer]) - marks.distinct(layer) for layer in layers)
        if dead:
            entries.append(
                LegendEntry("dead", f"{dead} dead", "Crossed out: φ′ = 0 on every sample, so the neuron cannot learn.")
            )
        if saturated:
            tip = "Hatched: φ′ ≈ 0 on at least three quarters of the samples, so the neuron hardly learns."
            entries.append(LegendEntry("saturated", f"{saturated} saturated", tip))
        if spare:
            tip = "Joined, in the same colour: equal incoming weights and bias, so these neurons compute the same."
            entries.append(LegendEntry("clones", f"{spare} {'clone' if spare == 1 else 'clones'}", tip))
    return tuple(entries)


def dropped_in(snapshot: Snapshot | None, step: PhaseStep | None, sample: Sample | None = None) -> Dropped:
    """Return what is dropped in ``step``, or else in the last one, for the features and each layer.

    Of a step with several samples it is what ``sample`` is without if that is one of them, else the last one.
    """
    if step is None:
        return () if snapshot is None else snapshot.dropped
    masks = step.masks_of(sample) or step.trace.masks
    return tuple(None if isinstance(mask, float) else np.asarray(mask)[-1] == 0.0 for mask in masks)


def legend_of_dropped(
    dropped: Dropped, *, step: PhaseStep | None = None, sample: Sample | None = None
) -> tuple[LegendEntry, ...]:
    """Return the entry of the ``dropped`` neurons, if there are any; of ``step`` if one is shown phase by phase."""
    count = sum(int(each.sum()) for each in dropped if each is not None)
    if count:
        uses = sample is not None and step is not None and step.masks_of(sample) is not None
        whose = "this sample" if uses else "the last sample"
        which = "the last step" if step is None else "this step"
        tip = f"Grey and dashed, with their edges: dropped for {whose} of {which}."
        return (LegendEntry("dropped", f"{count} dropped", tip),)
    return ()


def marks_in_words(marks: NeuronMarks | None, layer: int, neuron: int, name_of: Callable[[int], str]) -> list[str]:
    """Return the meaning of each mark of one neuron as a line.

    Args:
        marks: the marks of the network.
        layer: the neuron's layer.
        neuron: its number.
        name_of: returns the name of a neuron of the layer.
    """
    if marks is None or not 0 <= layer < len(marks.dead) or neuron >= len(marks.dead[layer]):
        return []
    lines = []
    if marks.dead[layer][neuron]:
        lines.append("dead: φ′ = 0 on every sample")
    elif marks.saturated(layer)[neuron]:
        share = float(marks.saturated_shares[layer][neuron])
        lines.append(f"saturated: φ′ ≈ 0 on {percent(share, 0)} of the samples")
    first = int(marks.groups[layer][neuron])
    if first != neuron:
        lines.append(f"clone of {name_of(first)}")
    return lines


def shown_dropped(dropped: Dropped, layout: Layout) -> tuple[Booleans | None, ...]:
    """Return which shown neurons are ``dropped``, column by column."""
    result: list[Booleans | None] = []
    for column in layout.columns:
        found = dropped[column.index] if column.index < len(dropped) and not column.image else None
        if found is not None and len(found) == column.count:
            result.append(found[column.first : column.first + column.shown])
        else:
            result.append(None)
    return tuple(result)
