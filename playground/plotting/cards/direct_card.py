"""A computed card that computes cheap data at once, on the GUI thread."""

from __future__ import annotations

import time
from abc import abstractmethod

from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plotting.cards.computed_card import ComputedCard
from playground.plotting.pins.ghosts import Data


class DirectCard(ComputedCard[Data]):
    """Computes on its thread, except data that take a few milliseconds.

    A thread hands the GIL over many times and delivers a frame or two later: beside training, a job of half a millisecond took
    20 ms of wall-clock time.
    """

    is_partial = True

    @abstractmethod
    def is_cheap(self, snapshot: Snapshot, *, edited: bool) -> bool:
        """Return whether the data of ``snapshot`` take a few milliseconds at most.

        Args:
            snapshot: the state of training.
            edited: whether it shows the effect of an edit, or nothing is drawn yet.
        """

    @override
    def _submit(self, snapshot: Snapshot, *, edited: bool) -> None:
        if not self.isVisible() or not self.is_cheap(snapshot, edited=edited):
            super()._submit(snapshot, edited=edited)
            return
        self._cancel()  # an older result must not be drawn later
        started, worked, before = time.perf_counter(), time.thread_time(), self.sentence
        try:
            data = self.work(snapshot)(lambda _done, _every: True)
        except Exception as error:  # noqa: BLE001 - said in the card, as after a job on the thread
            self._fail(error)
            return
        ended, worked = time.perf_counter(), time.thread_time() - worked
        self._pause_after(ended - started, worked)
        if data is not None:
            self._show(snapshot, data)
            self._paused_until = time.perf_counter() + self._reading_seconds(before)
