"""A computed card whose data take a few milliseconds, so that every frame has new ones."""

from __future__ import annotations

import time
from typing import Final

from typing_extensions import override

from playground.plotting.captions import same_words
from playground.plotting.computed_card import PAUSE_FACTOR, ComputedCard
from playground.plotting.ghosts import Data

QUICK_PAUSE_FACTOR: Final = 1.0
QUICK_SECONDS: Final = 0.01
"""The pause factor while a job takes less than this processor time; wide networks take more."""

INSTANT_SECONDS: Final = 0.004
"""While its data take less processor time than this, the card computes them in its frame.

A thread would hand the GIL over many times and deliver a frame or two later: at 50 layers × 16, a job of half a millisecond
took 20 ms by the clock.
"""


class QuickCard(ComputedCard[Data]):
    """Follows training frame by frame, as long as its sentence keeps its words.

    The first data of an experiment are computed on the thread, which also measures what they cost.
    """

    is_partial = True
    _worked = float("inf")  # processor time of the last data

    @override
    def _submit_when_due(self) -> None:
        snapshot = self._waiting
        if snapshot is None or not snapshot.playing or not self._is_instant(snapshot.generation):
            super()._submit_when_due()
        elif time.perf_counter() >= self._paused_until:
            started, before = time.thread_time(), self.sentence
            try:
                data = self.work(snapshot)(lambda _done, _every: True)
            except Exception as error:  # noqa: BLE001 - said in the card, as after a job on the thread
                self._fail(error)
                return
            self._worked = time.thread_time() - started
            self._submitted = snapshot
            if data is not None:
                self._show(snapshot, data)
                self._paused_until = time.perf_counter() + self._reading_seconds(before)

    def _is_instant(self, generation: int) -> bool:
        """Return whether data of ``generation`` can be computed in the frame."""
        is_known = self._data is not None and generation == self._generation
        return is_known and self._worked < INSTANT_SECONDS and self._arrived is None and self._jobs.is_idle

    @override
    def _pause_after(self, seconds: float, worked: float) -> float:
        self._worked = worked
        # By the clock, a quick job mostly waits for other threads.
        return worked * (QUICK_PAUSE_FACTOR if worked < QUICK_SECONDS else PAUSE_FACTOR)

    @override
    def _reading_seconds(self, before: str) -> float:
        return 0.0 if same_words(before, self.sentence) else super()._reading_seconds(before)
