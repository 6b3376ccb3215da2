"""The cards of a run without a window, inside a holder that is never shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyqtgraph as pg
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from core.training.pins.pinned_run import PinnedRun
from playground.commandline.picture_names import Choice
from playground.commandline.shown_run import train_shown
from playground.session import Session
from playground.style.theme import THEMES, Style
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from core.training.trainer import Trainer
    from core.training.training_run import Advance
    from playground.commandline.resuming import Ending
    from playground.widgets.figure import Figure

VIEW_SIZE: Final = QSize(960, 540)


def offscreen_application() -> QApplication:
    """Return the application, by default (without ``QT_QPA_PLATFORM``) on the offscreen platform."""
    from playground.style.resources import application_font, load_fonts
    from playground.style.theme import TEXT_CONTROL

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(application_font(TEXT_CONTROL))
    pg.setConfigOptions(antialias=False, imageAxisOrder="row-major", useOpenGL=False)
    return application


class HeadlessCards(Struct, frozen=True):
    """The chosen cards of one session.

    Attributes:
        session: the session.
        cards: the cards by key.
        choice: their chosen pictures.
    """

    session: Session
    cards: dict[str, LiveCard]
    choice: Choice

    def figures(self, snapshot: Snapshot) -> list[Figure]:
        """Return the chosen pictures that apply to ``snapshot``, which the cards show."""
        applying = [(key, card) for key, card in self.cards.items() if CARDS[key].applies_to(snapshot)]
        return [figure for key, card in applying for figure in self.choice.of(key, card)]

    def left_out(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return the keys of the cards that do not apply to ``snapshot``."""
        return tuple(key for key in self.cards if not CARDS[key].applies_to(snapshot))


@contextmanager
def headless_cards(trainer: Trainer, choice: Choice, compared: PinnedRun | None = None) -> Iterator[HeadlessCards]:
    """Build the cards that ``choice`` needs for the experiment of ``trainer``, with ``compared`` as a pinned run."""
    holder = QWidget()
    try:
        session = Session(trainer.experiment, parent=holder)
        session.is_reproducible = True
        style = Style(THEMES["light"])  # of the cards; that of the pictures is in their look
        cards = {key: CARDS[key].make(session, style, holder) for key in choice.cards}
        for card in cards.values():
            card.resize(VIEW_SIZE)
        if compared is not None:
            session.pins.add(compared, name=compared.experiment.name)
        yield HeadlessCards(session, {key: card for key, card in cards.items() if card.has_figures}, choice)
    finally:
        holder.deleteLater()
        QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)


def compared_run(
    trainer: Trainer, epochs: int, advance: Advance | None = None, ending: Ending | None = None
) -> PinnedRun:
    """Train ``trainer`` for ``epochs`` epochs, and return the run as it ends, by default where training does."""
    with headless_cards(trainer, Choice({})) as built:
        _, last = train_shown(trainer, epochs, built.session, (), (), advance=advance, ending=ending)
    return PinnedRun(replace(last, playing=False, state=None), trainer.state())
