"""The pictures of the inspector without a window, where nothing is selected: of the first weight and the first neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.data.sample import Sample
from playground.inspector.pages.registry import PAGES, SLICE
from playground.inspector.pinned_numbers import pinned_numbers
from playground.session.selection import Names

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.plotting.drawing.formula_store import FormulaStore
    from playground.session.pins import Pins
    from playground.widgets.figure import Figure


def rendered_keys(snapshot: Snapshot) -> frozenset[str]:
    """Return the keys of :func:`rendered_pages`, without computing the loss along a weight."""
    if not Sample(0).exists_in(snapshot.data):
        return frozenset()
    counts = Names.of(snapshot.network.architecture, snapshot.data).counts
    entries = [entry for entry in PAGES.values() if entry.rendered is not None and entry.rendered.exists_in(counts)]
    along = [SLICE for entry in entries if entry is PAGES["weight"]]
    return frozenset((*(entry.key for entry in entries), *along))


def rendered_pages(snapshot: Snapshot, formulas: FormulaStore, pins: Pins) -> tuple[Figure, ...]:
    """Return each page with the selection of its entry, for the first sample, and the loss along the first weight."""
    from playground.inspector.figure import PageFigure, SliceFigure  # not needed for the first frame
    from playground.inspector.loss_slice.pinned_slice import PinnedSlices
    from playground.inspector.loss_slice.slice_numbers import slice_of

    names = Names.of(snapshot.network.architecture, snapshot.data)
    first = Sample(0)
    if not first.exists_in(snapshot.data):
        return ()
    pages: list[Figure] = []
    for entry in dict.fromkeys(PAGES.values()):
        selection = entry.rendered
        if selection is not None and selection.exists_in(names.counts):
            title = f"{names.title(selection)} · {first.name}"
            pages.append(
                PageFigure(
                    figure_title=title,
                    entry=entry,
                    formulas=formulas,
                    snapshot=snapshot,
                    selection=selection,
                    sample=first,
                    pinned=pinned_numbers(pins, snapshot, selection, first),
                )
            )
    weight = PAGES["weight"].rendered
    if weight is not None and weight.exists_in(names.counts):
        index = snapshot.network.architecture.layers[weight.layer].weight_index(weight.source, weight.neuron)
        pinned = pinned_numbers(pins, snapshot, weight, None)
        shown = PinnedSlices().beside(slice_of(snapshot, weight.layer, index, "w"), pinned, weight)
        pages.append(
            SliceFigure(figure_title=f"Loss · {names.title(weight)}", shown=shown, pinned=pinned, selection=weight)
        )
    return tuple(pages)
