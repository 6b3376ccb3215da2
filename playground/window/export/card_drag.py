"""Drag a card by its title into another program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QPainter, QPixmap

from core.errors import PlaygroundError
from playground.widgets.later import later

if TYPE_CHECKING:
    from playground.export.drag_folder import DragFolder
    from playground.export.figure_mime import FigureMime
    from playground.export.hidden_view import Look
    from playground.export.readiness import Readiness
    from playground.widgets.figure import Figure
    from playground.widgets.live_card import LiveCard
    from playground.window.parts import WindowParts

PREVIEW: Final = QSize(220, 160)
"""Maximum size of the picture under the pointer, in logical pixels."""


class CardDrags(QObject):
    """Starts drags of cards.

    Args:
        parts: the parts of the window.
    """

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._folder: DragFolder | None = None
        self._mime: FigureMime | None = None
        self._waiting: QEventLoop | None = None
        self._has_waited = False
        parts.controller.clock.first_painted.connect(lambda: later(0, self, self._clean_up))

    def start(self, card: LiveCard) -> None:
        """Drag the figure of ``card`` until it is dropped; with Shift as an SVG file, otherwise as PNG."""
        if self._waiting is not None:  # the pointer moves on while a figure is computed
            return
        as_svg = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        say = self._parts.session.message.emit
        try:
            drag = self.drag_of(card, as_svg=as_svg)
        except PlaygroundError as error:
            say(str(error), "error")
            return
        if drag is None:
            say(f"{card.title}: there is nothing to drag yet.", "warning")
            return
        if self._has_waited and not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            say(f"{card.title} is being computed; drag it again in a moment.", "info")
            return
        mime = self._mime
        dropped = drag.exec(Qt.DropAction.CopyAction) != Qt.DropAction.IgnoreAction
        if dropped and mime is not None and mime.error is not None:
            say(f"The picture was not dropped. {mime.error}", "error")

    def drag_of(self, card: LiveCard, *, as_svg: bool = False) -> QDrag | None:
        """Return a drag of the figure of ``card``, ``None`` without one; its files are built on another thread.

        A figure that is not computed yet is waited for, while the window keeps running.

        Raises:
            PlaygroundError: the figure cannot be drawn or written.
        """
        from playground.export.figure_mime import FigureMime  # imported late: not needed for the first frame
        from playground.export.names import slug
        from playground.export.readiness import Readiness
        from playground.export.recorded_figure import record_figure
        from playground.window.export.export_entry import stored_look

        figure = card.figure
        if figure is None:
            return None
        look = stored_look(self._parts)
        subject = slug(self._parts.session.subject)
        stem = f"{subject}-{figure.figure_key}" if subject else figure.figure_key
        readiness = Readiness()
        try:
            if not self._wait_for(figure, card.title, readiness):
                return None
            preview = _preview(figure, look, card.devicePixelRatioF())
            self._mime = FigureMime(record_figure(figure, look), self._own_folder().next(), stem, as_svg=as_svg)
        finally:
            readiness.release()
        drag = QDrag(card)
        drag.setMimeData(self._mime)
        drag.setPixmap(preview)
        drag.setHotSpot(QPoint(round(preview.deviceIndependentSize().width() / 2), 0))
        return drag

    def _wait_for(self, figure: Figure, title: str, readiness: Readiness) -> bool:
        """Keep the window running until ``figure`` is computed; return ``False`` if the window closes before."""
        loop = QEventLoop()
        readiness.when_ready([figure], loop.quit)
        self._has_waited = readiness.is_waiting
        if self._has_waited:
            self._parts.session.message.emit(f"{title}: computing …", "info")
            self._waiting = loop
            try:
                loop.exec()
            finally:
                self._waiting = None
        return not readiness.is_waiting

    def _clean_up(self) -> None:
        """Delete files that an earlier program could not delete."""
        self._own_folder().remove_left_behind()

    def _own_folder(self) -> DragFolder:
        """Return the one folder of this window: a drag may begin before the first frame, and must keep its files."""
        from playground.export.drag_folder import DragFolder

        if self._folder is None:
            self._folder = DragFolder()
        return self._folder

    def stop(self) -> None:
        """Delete the dragged files: the window closes."""
        if self._waiting is not None:
            self._waiting.quit()
        if self._mime is not None:
            self._mime.wait()
        if self._folder is not None:
            self._folder.remove()


def _preview(figure: Figure, look: Look, ratio: float) -> QPixmap:
    """Return a small picture of ``figure`` for a screen with ``ratio`` pixels per logical pixel."""
    # Imported late: not needed for the first frame.
    from dataclasses import replace

    from playground.export.hidden_view import SIDES, image_of

    size = QSize(*look.size).scaled(PREVIEW * ratio, Qt.AspectRatioMode.KeepAspectRatio)
    small = (max(size.width(), SIDES[0]), max(size.height(), SIDES[0]))
    image = image_of(figure, replace(look, size=small, transparent=False))
    painter = QPainter(image)
    try:
        painter.setPen(QColor(look.theme.line))
        painter.drawRect(0, 0, image.width() - 1, image.height() - 1)
    finally:
        painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)
