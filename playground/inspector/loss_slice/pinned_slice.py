"""The loss of the compared pinned run along the same parameter, over the range of the current slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from core.analysis.landscape import weight_slice
from playground.inspector.loss_slice.slice_numbers import POINTS, PinnedSlice, ShownSlice
from playground.session.selection import Selection, index_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats
    from playground.inspector.loss_slice.limit_label import LimitMark
    from playground.inspector.pinned_numbers import PinnedNumbers

DASHED: Final = "dashed"
"""How the loss of a pinned run is drawn."""

STRETCH: Final = 2.0
"""Room for the loss of a pinned run beyond each end of the axis, relative to the range of the current losses."""


class PinnedSlices:
    """Computes the loss of a pinned run, and again only for another range, parameter or run."""

    def __init__(self) -> None:
        self._key: object = None
        self._losses: Floats = np.zeros(0)

    def beside(self, shown: ShownSlice, pinned: PinnedNumbers | None, selection: Selection) -> ShownSlice:
        """Return ``shown`` with the slice of ``pinned`` along the parameter ``selection``, if it has that."""
        index = None if pinned is None else index_of(pinned.snapshot.network.architecture, selection)
        if pinned is None or index is None:
            return shown
        network, data = pinned.snapshot.network, pinned.snapshot.data
        X, Y = data.x_train[: shown.samples], data.y_train[: shown.samples]
        key = (pinned.snapshot, index, shown.range, shown.samples)  # snapshots are equal only to themselves
        if key != self._key:
            half, centre = shown.range.half_width, shown.range.centre
            self._key, self._losses = key, weight_slice(network, X, Y, index, half, POINTS, centre=centre).losses
        here = float(network.parameters[index])
        return replace(shown, pinned=PinnedSlice(pinned.name, pinned.colour, self._losses, here, pinned.differences))


def slice_sentences(
    whole: str, pinned: PinnedSlice | None, low: float, high: float, *, is_titled: bool
) -> tuple[str, ...]:
    """Return the sentence ``whole`` with the name of the ``pinned`` run and where its loss is, longest form first.

    Below a picture with a title, which is the sentence, only the pinned run is named.
    """
    part = whole.partition(":")[0]
    if pinned is None:
        return ("", "") if is_titled else (whole, part)
    where = beyond(pinned.losses, low, high)
    named = f"{pinned.name}: {where or DASHED}"
    if is_titled:
        return named, where or DASHED
    short = (f"{part} ({named})",) if where else ()  # a dashed curve is also named by the strip of pins
    return f"{whole} ({named})", *short, whole, part


def with_notes(sentences: Sequence[str], marks: Sequence[LimitMark]) -> tuple[str, ...]:
    """Return the forms of a sentence with what the ``marks`` say that have no label in the plot, longest first.

    In the last forms, only the marks are left.
    """
    if not marks or not any(sentences):  # without a sentence, there is no line for them
        return tuple(sentences)
    notes = ["; ".join(each) for each in zip(*(mark.notes for mark in marks), strict=True)]
    return (*(f"{sentence}; {note}" for sentence in sentences if sentence for note in notes), *notes)


def beyond(losses: Floats, low: float, high: float) -> str:
    """Return ``above`` or ``below`` if all finite ``losses`` are beyond an axis from ``low`` to ``high``, else nothing."""
    known = losses[np.isfinite(losses)]
    if not len(known) or (known.min() <= high and known.max() >= low):
        return ""
    return "above" if known.min() > high else "below"


def all_within(losses: Floats, own: Floats) -> Floats:
    """Return the ``losses`` of a pinned run, or none if all are beyond what :func:`within_reach` shows."""
    shown = within_reach(losses, own)
    return shown if np.any(shown == losses) else losses[:0]


def within_reach(losses: Floats, own: Floats) -> Floats:
    """Return the ``losses`` of a pinned run as far as an axis shows them that leaves the ``own`` curve readable."""
    known = own[np.isfinite(own)]
    if not len(known):
        return losses
    room = STRETCH * float(np.ptp(known))
    return np.clip(losses, float(known.min()) - room, float(known.max()) + room)
