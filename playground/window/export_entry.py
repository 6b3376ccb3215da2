"""Open the export dialog with the figures of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.window.parts import WindowParts


def open_export(parts: WindowParts, chosen: object = None) -> None:
    """Show the export dialog with the figure of ``chosen``, one of the window's cards, ticked."""
    from playground.export.dialog import ExportDialog  # imported late: not needed for the first frame
    from playground.export.origin import origin_of

    figures = parts.exportable()
    keys = [figure.figure_key for figure in chosen.figures[:1]] if isinstance(chosen, LiveCard) else []
    session = parts.session
    dialog = ExportDialog(
        figures,
        parts.appearance.style,
        parts.window,
        chosen=next((figure for figure in figures if figure.figure_key in keys), None),
        subject=session.subject,
        compares=session.pins.compared is not None,
        origin=lambda: None if session.snapshot is None else origin_of(session.snapshot, session.folder),
    )
    dialog.exec()
    dialog.deleteLater()
