"""The menu entries for PowerPoint decks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from core.training.origins.shown_runs import ShownRuns
    from playground.window.parts import WindowParts

REFRESH_HINT = "Redraw the figures of a deck that was exported earlier; your own slides and edits are kept."

STORYBOARD_HINT = "Show pinned moments side by side, as a deck or on one page, with what changed between them."


class DeckEntries:
    """Opens the dialogs for decks; they are imported then, because the first frame does not need them.

    Args:
        parts: the parts of the window.
    """

    def __init__(self, parts: WindowParts) -> None:
        self._parts = parts

    def add_entries(self, menu: QMenu) -> None:
        """Add the entries to ``menu``."""
        refresh = Entry("refreshDeckAction", "Re&fresh deck…", self.open_refresh, None, REFRESH_HINT)
        storyboard = Entry("storyboardAction", "Story&board…", self.open_storyboard, "Ctrl+Shift+B", STORYBOARD_HINT)
        for entry in (storyboard, refresh):
            add_entry(self._parts.window, menu, entry)

    def open_storyboard(self) -> None:
        """Show the dialog that puts pinned moments side by side."""
        from playground.export.storyboard.dialog import StoryboardDialog
        from playground.export.storyboard.pictures import Shot
        from playground.window.export.deck_views import views_of
        from playground.window.export.moment_cards import MomentCards

        parts, drawing = self._parts, MomentCards()
        views = views_of(parts.cards(), parts.session)
        shots = [
            Shot(figure.figure_key, figure.figure_title, views[figure.figure_key])
            for figure in parts.exportable()
            if figure.figure_key in views
        ]
        dialog = StoryboardDialog(parts.session, shots, drawing, parts.appearance.style, parts.window)
        dialog.exec()
        dialog.deleteLater()
        drawing.close()

    def open_refresh(self) -> None:
        """Show the dialog that refreshes a deck."""
        from playground.export.deck.refresh_dialog import RefreshDialog
        from playground.window.export.hidden_cards import HiddenCards

        parts, drawing = self._parts, HiddenCards()
        dialog = RefreshDialog(
            drawing, self._present, parts.appearance.style, parts.window, gate=parts.session.jobs.gate
        )
        dialog.exec()
        dialog.deleteLater()
        drawing.close()

    def _present(self) -> ShownRuns | None:
        """Return the runs that the window shows."""
        from playground.export.origin import deck_origin

        origin = deck_origin(self._parts.session, {})
        return None if origin is None else origin.runs
