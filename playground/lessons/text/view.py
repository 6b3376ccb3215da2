"""A text of a lesson, shown at its full height: the panel scrolls, not the text."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget
from typing_extensions import override

from core.lessons.file_format.markdown import parser
from playground.lessons.text.pictures import formula_picture, image_picture
from playground.lessons.text.plain_words import has_formulas, plain_text
from playground.lessons.text.rich_text import LiveNumber, MarkdownWriter, Picture, Sources
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.later import later

INDENT: Final = 18
"""Indentation of lists in pixels at scale 1."""

_NOTHING: Final[object] = None


class TextView(QTextBrowser):
    """Shows Markdown with formulas, live numbers and images.

    Signals:
        link_activated: the address of a link that was clicked.

    Args:
        markdown: the source.
        folder: folder of the lesson's file, for images.
        number: returns the current text of a live number.
        formulas: typesets formulas.
        style: the initial style.
    """

    link_activated = Signal(str)

    def __init__(
        self,
        markdown: str,
        folder: Path | None,
        number: Callable[[str], str],
        formulas: FormulaStore,
        style: Style,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tokens = parser().parse(markdown)
        self._has_formulas = has_formulas(self._tokens)
        self._folder, self._number, self._formulas, self._style = folder, number, formulas, style
        self._numbers: list[LiveNumber] = []
        self._pending_formulas: set[str] = set()
        self._is_fitting = False
        self.setProperty("role", "prose")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.setAccessibleName("Text of the lesson")
        self.anchorClicked.connect(lambda url: self.link_activated.emit(url.toString()))
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        # Formulas become ready in groups; rewrite once per group.
        self._rewrite_timer = QTimer(self)
        self._rewrite_timer.setSingleShot(True)
        self._rewrite_timer.setInterval(30)
        self._rewrite_timer.timeout.connect(self._write)
        formulas.ready.connect(self._on_formula_ready)
        self._write()

    @property
    def live_numbers(self) -> list[str]:
        """The texts of the live numbers, in order."""
        return [number.text for number in self._numbers]

    def show_numbers(self) -> None:
        """Update the live numbers, if there are any."""
        for number in self._numbers:
            number.show(self._number(number.source))
        self._describe()

    def set_number_source(self, number: Callable[[str], str]) -> None:
        """Get the live numbers from ``number`` from now on."""
        self._number = number
        self.show_numbers()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._write()

    def _write(self) -> None:
        self._pending_formulas.clear()
        document = self.document()
        document.clear()
        document.setIndentWidth(self._style.px(INDENT))
        writer = MarkdownWriter(document, self._style, Sources(self._formula, self._image, self._number))
        writer.write(self._tokens)
        self._numbers = writer.numbers
        self._describe()
        self._fit()

    def _describe(self) -> None:
        """Describe a text with formulas in words, because a screen reader would find only pictures."""
        if self._has_formulas:
            self.setAccessibleDescription(plain_text(self._tokens, self._number))

    def _formula(self, latex: str) -> Picture | None:
        drawing = self._formulas.drawing(latex)
        if drawing is None:
            self._pending_formulas.add(latex)
            return None
        return formula_picture(drawing, self._style.theme.ink, self._style.scale)

    def _image(self, address: str) -> Picture | None:
        return image_picture(self._folder, address, self._style, max(self.viewport().width(), 100) - 2)

    def _on_formula_ready(self, latex: str) -> None:
        if latex in self._pending_formulas:
            self._rewrite_timer.start()

    def _fit(self) -> None:
        """Set the height to that of the whole document, which Qt lays out in parts."""
        if self._is_fitting:
            return
        self._is_fitting = True
        height = math.ceil(self.document().size().height()) + 1
        if height != self.height():
            self.setFixedHeight(height)
        self._is_fitting = False

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the lines to the new width."""
        super().resizeEvent(event)
        before = self.height()
        self._fit()
        if self.height() != before:
            # The enclosing layouts are being computed and may have used the old height.
            later(0, self, self.updateGeometry)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()

    @override
    @guarded_or(_NOTHING)
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load nothing: the pictures are in the document, and no address is ever read."""
        return None
