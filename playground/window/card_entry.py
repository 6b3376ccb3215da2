"""An entry of the table of cards."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard

Make: TypeAlias = "Callable[[Session, Style, QWidget | None], LiveCard]"

# Maximum redraw rates in hertz: for curves and maps, for quick computed plots, for others, and for slow or
# textual content.
STEADY: Final = 40.0
BRISK: Final = 30.0
LIVELY: Final = 25.0
CALM: Final = 12.0
READABLE: Final = 4.0


class CardEntry(Struct, frozen=True, kw_only=True):
    """One card.

    Attributes:
        key: name in arrangements and on the command line, such as ``"loss"``.
        make: creates it, given session, style and parent.
        rate: maximum redraw rate in hertz.
        word: label in the switch of a shared place.
        short_word: the same in a crowded title line, a whole word, too; or empty for ``word``.
        tooltip: one sentence on what it shows.
        applies: returns whether it has something to show; ``None`` for always.
        help: three sentences: what it shows, how to read it, what to try; or empty.
        keys: legend of its marks and further details for the explanation, separated by `` · ``, or empty.
        formula: its formula in LaTeX, or empty.
        pictures: keys of the pictures that it has without a window, each with a sentence on what it shows; ``None`` for one
            with the card's own key and tooltip.
    """

    key: str
    make: Make
    rate: float
    word: str
    tooltip: str
    applies: Callable[[Snapshot], bool] | None = None
    short_word: str = ""
    help: str = ""
    keys: str = ""
    formula: str = ""
    pictures: Mapping[str, str] | None = None

    @property
    def rendered(self) -> Mapping[str, str]:
        """Keys of the pictures that it has without a window, each with a sentence on what it shows."""
        return {self.key: self.tooltip} if self.pictures is None else self.pictures

    def applies_to(self, snapshot: Snapshot | None) -> bool:
        """Return whether the card applies to ``snapshot``."""
        return self.applies is None or (snapshot is not None and self.applies(snapshot))


def late(module: str, name: str) -> Make:
    """Return what builds the card class ``name`` of ``module``, which is imported when the card is built."""

    def make(session: Session, style: Style, parent: QWidget | None) -> LiveCard:
        kind: Make = getattr(importlib.import_module(f"playground.{module}"), name)
        return kind(session, style, parent)

    return make


def table_of(*entries: CardEntry) -> Mapping[str, CardEntry]:
    """Return ``entries`` by key, in order."""
    return MappingProxyType({entry.key: entry for entry in entries})
