"""Share the normal ranges of diagnostics between views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from core.analysis.normal_ranges import Ranges
    from core.experiment import Experiment

REMEMBERED: Final = 8
"""Number of network shapes and data sets whose ranges are kept."""


class SharedRanges(QObject):
    """Shares the ranges computed by one view with other views.

    It computes nothing itself; ranges that no view has computed yet are unknown.

    Signals:
        changed: ranges were added or replaced.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_key: dict[object, Ranges] = {}
        self._found: tuple[Experiment | None, Ranges | None] = (None, None)

    def add(self, key: object, ranges: Ranges) -> None:
        """Store the ``ranges`` of all experiments with the reference key ``key``."""
        self._by_key.pop(key, None)
        self._by_key[key] = ranges
        while len(self._by_key) > REMEMBERED:
            del self._by_key[next(iter(self._by_key))]
        self._found = (None, None)
        self.changed.emit()

    def of(self, experiment: Experiment) -> Ranges | None:
        """Return the ranges for networks like that of ``experiment``; ``None`` if they are unknown."""
        if not self._by_key:
            return None
        if self._found[0] is not experiment:
            from core.training.many_runs.reference_runs import (
                reference_key,  # imported late: not needed for the first frame
            )

            self._found = (experiment, self._by_key.get(reference_key(experiment)))
        return self._found[1]
