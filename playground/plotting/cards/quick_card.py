"""A computed card whose data take a few milliseconds, so that every frame has new ones."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plotting.canvas.captions import same_words
from playground.plotting.cards.computed_card import PAUSE_FACTOR
from playground.plotting.cards.direct_card import DirectCard
from playground.plotting.pins.ghosts import Data

QUICK_PAUSE_FACTOR: Final = 1.0
QUICK_SECONDS: Final = 0.01
"""The pause factor while a job takes less than this processor time; wide networks take more."""

INSTANT_SECONDS: Final = 0.004
"""While its data take less processor time than this, the card computes them in its frame."""


class QuickCard(DirectCard[Data]):
    """Follows training frame by frame, as long as only the numbers in its sentence change.

    The first data of an experiment are computed on the thread, which also measures what they cost.
    """

    is_partial = True
    _worked = float("inf")  # processor time of the last data

    @override
    def is_cheap(self, snapshot: Snapshot, *, edited: bool) -> bool:
        return not edited and self._data is not None and self._worked < INSTANT_SECONDS

    @override
    def _pause_after(self, seconds: float, worked: float) -> float:
        self._worked = worked
        # Not wall-clock time: a quick job spends most of it waiting for other threads.
        return worked * (QUICK_PAUSE_FACTOR if worked < QUICK_SECONDS else PAUSE_FACTOR)

    @override
    def _reading_seconds(self, before: str) -> float:
        return 0.0 if same_words(before, self.sentence) else super()._reading_seconds(before)
