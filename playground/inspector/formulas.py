"""LaTeX formulas as pictures, typeset beside the window's thread and kept."""

from __future__ import annotations

import threading
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.theme import Style

TYPE_SIZE: Final = 14.0
"""Size of the formulas' type in pixels at scale 1."""

_INK: Final = "#123456"
"""Stands in the kept drawings for the colour they are shown in."""


class FormulaStore(QObject):
    """Typesets formulas, each once; a formula takes 10 to 50 ms, so a thread of its own does it.

    Signals:
        ready: the LaTeX text whose drawing has come.
    """

    ready = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: dict[str, bytes] = {}
        self._waiting: list[str] = []
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self.destroyed.connect(self._waiting.clear)

    def drawing(self, latex: str) -> bytes | None:
        """Return the formula as SVG, or ``None`` while it is being typeset."""
        known = self._drawings.get(latex)
        if known is not None or not latex:
            return known
        with self._lock:
            if latex not in self._waiting:
                self._waiting.append(latex)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="formulas", daemon=True)
                self._worker.start()
        return None

    def wait(self) -> None:
        """Wait until everything asked for is typeset."""
        worker = self._worker
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        from ziamath.zmath import Latex  # takes a quarter of a second

        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                latex = self._waiting[0]
            self._drawings[latex] = Latex(latex, size=TYPE_SIZE, color=_INK).svg().encode()
            with self._lock:
                if latex in self._waiting:
                    self._waiting.remove(latex)
            try:
                self.ready.emit(latex)
            except RuntimeError:  # the window was closed meanwhile
                return


class FormulaView(QWidget):
    """Shows one formula in the ink of the theme, made smaller where the panel is too narrow."""

    def __init__(self, store: FormulaStore, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._style = style
        self._latex = ""
        self._renderer: QSvgRenderer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(round(style.px(24)))
        store.ready.connect(self._arrived)

    @property
    def latex(self) -> str:
        """The formula."""
        return self._latex

    @property
    def is_drawn(self) -> bool:
        """Whether the picture is there."""
        return self._renderer is not None

    def set_latex(self, latex: str) -> None:
        """Show another formula."""
        if latex != self._latex:
            self._latex = latex
            self.setAccessibleName(latex)
            self._take()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._take()

    @override
    def sizeHint(self) -> QSize:
        """Return the height of the formula at its full size."""
        if self._renderer is None:
            return QSize(0, round(self._style.px(24)))
        return self._renderer.defaultSize() * self._style.scale

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the formula at the left, at most as wide as the widget."""
        if self._renderer is None:
            return
        size = self._renderer.defaultSize() * self._style.scale
        factor = min(1.0, self.width() / max(size.width(), 1))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = size.height() * factor
        self._renderer.render(painter, QRectF(0, (self.height() - height) / 2, size.width() * factor, height))
        painter.end()

    def _arrived(self, latex: str) -> None:
        if latex == self._latex and self._renderer is None:
            self._take()

    def _take(self) -> None:
        drawing = self._store.drawing(self._latex)
        self._renderer = None
        if drawing is not None:
            coloured = drawing.replace(_INK.encode(), self._style.theme.ink.encode())
            self._renderer = QSvgRenderer(QByteArray(coloured))
            self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.updateGeometry()
        self.update()
