"""A computed card that shares its data with other cards that show the same, so that they are computed once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plotting.cards.direct_card import DirectCard
from playground.plotting.pins.ghosts import Data
from playground.style.theme import Style
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from playground.session import Session


class SharedCard(DirectCard[Data]):
    """A computed card of which several show the same data.

    The first visible one computes them, also for the others. A card that is exported computes its own.
    """

    is_partial = True

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        super().__init__(title, name, session, style, parent, short=short)
        self._is_preparing = False
        session.jobs.delivered.connect(self._on_delivered)
        session.jobs.released.connect(self._on_released)

    @abstractmethod
    def shared_key(self, snapshot: Snapshot) -> Hashable:
        """Return a key of everything that the data of ``snapshot`` depend on besides the snapshot."""

    @abstractmethod
    def is_last(self, snapshot: Snapshot, data: Data) -> bool:
        """Return whether ``data`` are the final result for ``snapshot``."""

    @property
    def _shares(self) -> bool:
        """Whether it shares data; not while it is exported, because a figure shows one snapshot in full quality."""
        return self.isVisible() and not self._stays and not self._is_preparing

    @override
    def _submit_when_due(self) -> None:
        """Submit the newest snapshot, unless another card computes the same."""
        jobs, snapshot = self._session.jobs, self._waiting
        if snapshot is None:
            return
        if not self._shares:
            jobs.release(self)
        elif not jobs.claim(self.shared_key(snapshot), self):
            if self._data is None:
                self._empty.wait_for(self.computing)
            self._adopt(jobs.newest(self.shared_key(snapshot)))
            return
        super()._submit_when_due()

    def _adopt(self, result: object) -> None:
        """Draw the ``result`` of another card if it belongs to this experiment and is not drawn yet."""
        newest = self._waiting or self._submitted
        if result is None or newest is None:
            return
        snapshot, data = cast("tuple[Snapshot, Data]", result)
        if snapshot.generation != newest.generation or snapshot.step > newest.step:
            return
        if data is not self._data:
            self._is_urgent = self._generation != snapshot.generation  # it shows the effect of an edit
            self._submitted, self._generation = snapshot, snapshot.generation
            self._take((snapshot, data, 0.0))
        elif snapshot is self._waiting and self.is_last(snapshot, data):
            self._waiting = None

    def _on_delivered(self, key: Hashable, result: object) -> None:
        newest = self._waiting or self._submitted
        if newest is not None and self._shares and self.shared_key(newest) == key:
            self._adopt(result)

    def _on_released(self, key: Hashable) -> None:
        """Compute the data that another card no longer computes."""
        if self._waiting is not None and self._shares and self.shared_key(self._waiting) == key:
            self._submitted = None
            self._submit_when_due()

    @override
    def _show(self, snapshot: Snapshot, data: Data) -> None:
        super()._show(snapshot, data)
        self._session.jobs.deliver(self, (snapshot, data))

    @override
    def _fail(self, error: Exception) -> None:
        super()._fail(error)
        self._session.jobs.release(self)

    @override
    def stay(self) -> None:
        self._session.jobs.release(self)
        super().stay()

    @override
    def prepare(self, *, paired: bool = False) -> bool:
        self._is_preparing = True
        try:
            return super().prepare(paired=paired)
        finally:
            self._is_preparing = False

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the computation to another card."""
        super().hideEvent(event)
        self._session.jobs.release(self)
