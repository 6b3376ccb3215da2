"""LaTeX formulas as pictures, typeset beside the window's thread and kept."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.style.formula_svg import formula_svg
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.worker.background import Advance, Background

TYPE_SIZE: Final = 14.0
"""Size of the formulas' type in pixels at scale 1."""

_PARTS: Final = re.compile(r",?\s*\\quad\s*")
"""Where a formula may be broken into lines."""

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
        self._asked: set[str] = set()
        self._held: list[str] | None = None
        self._jobs = Background("formulas", self, keep="all")
        self._jobs.succeeded.connect(self.ready.emit)
        self._jobs.failed.connect(_raise)

    def hold(self) -> None:
        """Typeset nothing until :meth:`release`: loading the typesetter takes a quarter of a second from the window."""
        self._held = []

    def release(self) -> None:
        """Typeset what has been asked for meanwhile, and from now on at once."""
        held, self._held = self._held or [], None
        for latex in held:
            self._typeset(latex)

    def drawing(self, latex: str) -> bytes | None:
        """Return the formula as SVG, or ``None`` while it is being typeset."""
        known = self._drawings.get(latex)
        if known is None and latex and latex not in self._asked:
            self._asked.add(latex)
            if self._held is None:
                self._typeset(latex)
            else:
                self._held.append(latex)
        return known

    def wait(self) -> None:
        """Block until everything asked for is typeset."""
        self._jobs.wait()

    def _typeset(self, latex: str) -> None:
        def job(_advance: Advance) -> str:
            self._drawings[latex] = formula_svg(latex, TYPE_SIZE, _INK)
            return latex

        self._jobs.submit(job)


def _raise(error: Exception) -> None:
    raise error


class FormulaView(QWidget):
    """Shows a formula in the ink of the theme: its parts below one another, made smaller where there is no room."""

    def __init__(self, store: FormulaStore, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._style = style
        self._parts: tuple[str, ...] = ()
        self._renderers: list[QSvgRenderer] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        store.ready.connect(self._arrived)

    @property
    def is_drawn(self) -> bool:
        """Whether the whole picture is there."""
        return bool(self._parts) and len(self._renderers) == len(self._parts)

    def set_latex(self, latex: str) -> None:
        """Show another formula."""
        parts = tuple(_PARTS.split(latex))
        if parts != self._parts:
            self._parts = parts
            self.setAccessibleName(latex)
            self._take()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._take()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the height of all parts at their full size."""
        if not self.is_drawn:
            return QSize(0, round(self._style.px(24)))
        return QSize(0, round(sum(self._size(renderer).height() + self._gap for renderer in self._renderers)))

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts at the left, each at most as wide as the widget."""
        if not self.is_drawn:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for renderer in self._renderers:
            size = self._size(renderer)
            factor = min(1.0, self.width() / max(size.width(), 1.0))
            height = size.height() * factor
            slack = (size.height() - height) / 2
            renderer.render(painter, QRectF(0, top + slack, size.width() * factor, height))
            top += size.height() + self._gap
        painter.end()

    @property
    def _gap(self) -> float:
        return self._style.px(3)

    def _size(self, renderer: QSvgRenderer) -> QSizeF:
        return renderer.viewBoxF().size() * self._style.scale

    def _arrived(self, latex: str) -> None:
        if latex in self._parts and not self.is_drawn:
            self._take()

    def _take(self) -> None:
        drawings = [self._store.drawing(part) for part in self._parts]
        ink = self._style.theme.ink.encode()
        self._renderers = [
            QSvgRenderer(QByteArray(drawing.replace(_INK.encode(), ink))) for drawing in drawings if drawing is not None
        ]
        self.updateGeometry()
        self.update()
