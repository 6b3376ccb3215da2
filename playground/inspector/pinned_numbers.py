"""The numbers of the compared pinned run for the inspector's selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from playground.session.selection import Names

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.training.snapshot import Snapshot
    from playground.session.pins import Pins
    from playground.session.selection import Selection


class PinnedNumbers(Struct, frozen=True, eq=False):
    """A pinned run in which the selected element exists.

    Attributes:
        name: name of the pin.
        snapshot: its state.
        colour: index of its colour and dash pattern.
        differences: how its settings differ from those of the current run.
        current: what the current run is called beside it.
        heading: title of a comparison, and the text below it.
    """

    name: str
    snapshot: Snapshot
    colour: int = 0
    differences: str = ""
    current: str = ""
    heading: tuple[str, str] = ("", "")


def pinned_numbers(
    pins: Pins, snapshot: Snapshot, selection: Selection | None, sample: Sample | None
) -> PinnedNumbers | None:
    """Return the compared pinned run, or ``None`` if it lacks the ``selection`` or ``sample`` of ``snapshot``."""
    pin = pins.compared
    if pin is None:
        return None
    other = pin.run.snapshot
    names = Names.of(other.network.architecture, other.data)
    if other.experiment.data.features != snapshot.experiment.data.features:
        return None
    if selection is not None and not selection.exists_in(names.counts):
        return None
    if sample is not None and (not sample.exists_in(other.data) or not _has_same_row(snapshot, other, sample)):
        return None
    return PinnedNumbers(
        pins.name(pin), other, pin.colour, pins.differences_in_words(pin), pins.current_name(pin), pins.heading(pin)
    )


def _has_same_row(snapshot: Snapshot, other: Snapshot, sample: Sample) -> bool:
    mine, theirs = (sample.rows(each.data) for each in (snapshot, other))
    return all(a.tolist() == b.tolist() for a, b in zip(mine, theirs, strict=True))
