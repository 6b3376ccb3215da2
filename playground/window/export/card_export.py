"""Copy the picture or the data of a card, drag it into another program, or show it in the export dialog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel

from playground.widgets.live_card import LiveCard
from playground.window.export.card_drag import CardDrags
from playground.window.export.current_card import current_card
from playground.window.export.export_entry import LOADING
from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from playground.export.animation.dialog import AnimationDialog
    from playground.export.export import ClipboardContent
    from playground.export.export_queue import ExportQueue
    from playground.export.formats import Format
    from playground.export.hidden_view import Look
    from playground.window.parts import WindowParts

PICTURE_HINT = "Copy the card with the focus, or the network, as picture and SVG, to paste into a slide."
DATA_HINT = "Copy the data of the card with the focus, or of the network, to paste into a spreadsheet."


class CardExport(QObject):
    """Copies, drags and exports cards; only recording them runs on the GUI thread, pictures are built on another.

    Args:
        parts: the parts of the window.

    Attributes:
        drags: starts drags.
    """

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self.drags = CardDrags(parts)
        self._queue: ExportQueue | None = None
        self._animation: AnimationDialog | None = None
        self._what = ""

    def add_entries(self, menu: QMenu) -> None:
        """Add the entries to ``menu``."""
        for name, text, run, keys, hint in (
            ("copyPictureAction", "&Copy picture", self.copy_picture, "Ctrl+C", PICTURE_HINT),
            ("copyDataAction", "Copy &data", self.copy_data, "Ctrl+Shift+C", DATA_HINT),
        ):
            add_entry(self._parts.window, menu, Entry(name, text, run, keys, hint))

    def copy_picture(self, card: LiveCard | None = None) -> None:
        """Copy ``card`` as a picture and as SVG; by default the selected text of a label, or else the current card."""
        if card is None and _copy_selected_text():
            return
        from playground.window.export.export_entry import stored_look  # imported late: not needed for the first frame

        look = stored_look(self._parts)
        self._copy(card, "png", look, f"picture ({look.size[0]} × {look.size[1]}) and SVG")

    def copy_data(self, card: LiveCard | None = None) -> None:
        """Copy the data of ``card``, by default the current one."""
        from playground.window.export.export_entry import stored_look

        self._copy(card, "csv", stored_look(self._parts), "data, as a table")

    def settle(self, card: LiveCard) -> None:
        """Let the user drag ``card`` by its title, and let a click choose it for Ctrl+C and Ctrl+E."""
        if card.has_figures:
            card.set_draggable()
            card.drag_requested.connect(partial(self.drags.start, card))
            card.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def stop(self) -> None:
        """Cancel what is being copied or animated, and delete dragged files: the window closes."""
        if self._queue is not None:
            self._queue.cancel()
        self.drags.stop()
        if self._animation is not None:
            self._animation.stop()

    def export(self, card: object = None) -> None:
        """Show the export dialog with the figure of ``card``, by default the current one, ticked."""
        from playground.window.export.export_entry import open_export

        open_export(self._parts, card)

    def animate(self, card: LiveCard | None = None) -> AnimationDialog | None:
        """Show the dialog that exports an animation of ``card``, by default the current one; the window stays usable."""
        from playground.window.export.animation_entry import animation_dialog

        if self._animation is None or not self._animation.is_busy:
            if self._animation is not None:
                self._animation.close()
                self._animation.deleteLater()
            self._animation = animation_dialog(self._parts, card)
        dialog = self._animation
        if dialog is None:
            self._parts.session.message.emit(LOADING, "warning")
            return None
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _copy(self, card: LiveCard | None, kind: Format, look: Look, what: str) -> None:
        card = current_card(self._parts.workspace) if card is None else card
        snapshot = self._parts.session.snapshot
        if card is None or snapshot is None:
            self._parts.session.message.emit(LOADING, "warning")
            return
        if not card.isVisible():
            card.show_snapshot(snapshot)
        figure = card.figure
        if figure is None:
            text = f"{card.title}: there is nothing to copy yet."
            self._parts.session.message.emit(text, "warning")
            return
        self._what = f"Copied {figure.figure_title}: {what}."
        queue = self._ready_queue()
        queue.cancel()
        queue.copy(figure, kind, look)

    def _ready_queue(self) -> ExportQueue:
        if self._queue is None:
            from playground.export.export_queue import ExportQueue

            self._queue = ExportQueue(self, self._parts.session.jobs.gate)
            self._queue.copied.connect(self._put)
            self._queue.failed.connect(partial(self._say, "error"))
        return self._queue

    def _put(self, copied: ClipboardContent) -> None:
        copied.put()
        self._say("info", self._what)

    def _say(self, kind: str, sentence: str) -> None:
        self._parts.session.message.emit(sentence, kind)


def _copy_selected_text() -> bool:
    """Copy the text selected in the label with the focus, which has no shortcut of its own; return whether there is any."""
    label = QApplication.focusWidget()
    if not isinstance(label, QLabel) or not label.hasSelectedText():
        return False
    QApplication.clipboard().setText(label.selectedText())
    return True
