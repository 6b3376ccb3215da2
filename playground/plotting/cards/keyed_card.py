"""A plot card that knows what its data depend on, and never reveals a picture of another experiment."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.pins.ghosts import Data
from playground.style.theme import Style

if TYPE_CHECKING:
    from playground.session import Session


class KeyedCard(PlotCard[Data]):
    """A plot card with data of one snapshot, which are outdated once another experiment replaces that of the snapshot."""

    is_partial = True

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        super().__init__(title, name, session, style, parent, short=short)
        self._data: Data | None = None
        self._key: Hashable = None
        self._drawn_for: Hashable = None
        self._stays = 0

    @abstractmethod
    def _show_nothing(self, reason: str) -> None:
        """Clear the picture and say ``reason``."""

    def key_of(self, snapshot: Snapshot) -> Hashable:  # noqa: ARG002 - for subclasses
        """Return what the data of ``snapshot`` depend on; while it stays equal, nothing is computed again.

        ``None`` if every snapshot has different data.
        """
        return None

    @override
    def shown(self) -> Data | None:
        return self._data

    def _note_drawn(self, snapshot: Snapshot) -> None:
        """Remember what the data of ``snapshot``, which are being drawn, depend on."""
        self._drawn_for = snapshot.generation if self._key is None else self._key

    def _drop_outdated(self) -> None:
        """Clear what was drawn before the experiment changed, and show the newest snapshot instead.

        On a visible card the picture before an edit stays until the next one is computed, because it would flicker. A card that
        was hidden meanwhile would reveal a picture that belongs to nothing else in the window.
        """
        newest = self._session.snapshot
        if newest is None or self._data is None or self._stays:
            return
        key = self.key_of(newest)
        if self._drawn_for != (newest.generation if key is None else key):
            self._show_nothing(" ")
            self.show_snapshot(newest)
