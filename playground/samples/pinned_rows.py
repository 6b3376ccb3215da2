"""The compared pinned run beside the current one in the data table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playground.samples.rows import PinnedRows, SampleRows

if TYPE_CHECKING:
    from core.data.prepared_data import PreparedData
    from core.training.snapshot import Snapshot
    from playground.session.pins import Pin, Pins


class PinnedTable:
    """Provides the compared pinned run if it has the same samples; results are computed once for each pin."""

    def __init__(self, pins: Pins) -> None:
        self._pins = pins
        self._found: tuple[PreparedData, Pin, bool] | None = None
        self._rows: tuple[int, SampleRows] | None = None

    def beside(self, snapshot: Snapshot) -> PinnedRows | None:
        """Return the compared pinned run, or ``None`` if there is none with the samples of ``snapshot``."""
        pin = self._pins.compared
        if pin is None:
            self._found = self._rows = None
            return None
        found, other = self._found, pin.run.snapshot
        if found is None or found[0] is not snapshot.data or found[1].key != pin.key:
            self._found = found = (snapshot.data, pin, has_same_samples(snapshot.data, other.data))
        if not found[2]:
            return None
        if self._rows is None or self._rows[0] != pin.key:
            self._rows = (pin.key, SampleRows(other))
        same_loss = snapshot.network.architecture.loss == other.network.architecture.loss
        same_loss = same_loss and snapshot.data.coding == other.data.coding
        return PinnedRows(self._pins.name(pin), pin.colour, self._rows[1], other, same_loss)


def has_same_samples(a: PreparedData, b: PreparedData) -> bool:
    """Return whether both have the same samples in the same order, whatever their features are."""
    if a is b:
        return True
    pairs = (
        (a.positions_train, b.positions_train),
        (a.positions_test, b.positions_test),
        (a.labels_train, b.labels_train),
        (a.labels_test, b.labels_test),
    )
    return a.class_names == b.class_names and all(np.array_equal(mine, theirs) for mine, theirs in pairs)
