"""Open the export dialog with the figures of a window, and export with the last choices there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings

from playground.widgets.live_card import LiveCard
from playground.window.export.current_card import current_card

LOADING: Final = "The data is still loading; try again in a moment."

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from playground.export.hidden_view import Look
    from playground.session import Session
    from playground.window.parts import WindowParts


def open_export(parts: WindowParts, chosen: object = None) -> None:
    """Show the export dialog with the figure of ``chosen``, one of the window's cards, ticked.

    By default it is the card with the focus, or else the network. Before the first snapshot there is nothing to export.
    """
    from playground.export.dialog.dialog import ExportDialog  # imported late: not needed for the first frame
    from playground.export.origin import deck_origin
    from playground.window.export.deck_views import views_of

    if parts.session.snapshot is None:
        parts.session.message.emit(LOADING, "warning")
        return
    card = chosen if isinstance(chosen, LiveCard) else current_card(parts.workspace)
    figures = parts.exportable()
    keys = [] if card is None else [figure.figure_key for figure in card.figures[:1]]
    session = parts.session
    dialog = ExportDialog(
        figures,
        parts.appearance.style,
        parts.window,
        chosen=next((figure for figure in figures if figure.figure_key in keys), None),
        subject=session.subject,
        compares=session.pins.compared is not None,
        origin=lambda: deck_origin(session, views_of(parts.cards(), session)),
        gate=session.jobs.gate,
    )
    dialog.exec()
    dialog.deleteLater()


def stored_look(parts: WindowParts, settings: QSettings | None = None) -> Look:
    """Return the look last chosen in the export dialog, with text as outlines, which look alike in every program."""
    from dataclasses import replace

    from playground.export.dialog.options import LookOptions

    options = LookOptions(lambda: _origin(parts.session), parts.appearance.style.theme.name)
    options.recall(QSettings() if settings is None else settings)
    look = options.look()
    options.deleteLater()
    return replace(look, text="outlines")


def _origin(session: Session) -> Origin | None:
    from playground.export.origin import origin_of, with_history

    snapshot = session.snapshot
    return None if snapshot is None else with_history(origin_of(snapshot, session.folder), snapshot)
