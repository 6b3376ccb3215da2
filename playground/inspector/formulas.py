"""Typeset LaTeX formulas on a background thread, cache them, and show them."""

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
"""Font size of formulas in pixels at scale 1."""

_PARTS: Final = re.compile(r",?\s*\\quad\s*")
"""Separators at which a formula is broken into lines."""

_INK: Final = "#123456"
"""Placeholder colour in cached SVG, replaced by the theme's text colour when drawn."""


class FormulaStore(QObject):
    """Typesets each formula once, on a background thread because one takes 10 to 50 ms.

    Signals:
        ready: the LaTeX source of a formula that is now available.
    """

    ready = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: dict[str, bytes] = {}
        self._requested: set[str] = set()
        self._queued: list[str] | None = None
        self._jobs = Background("formulas", self, keep="all")
        self._jobs.succeeded.connect(self.ready.emit)
        self._jobs.failed.connect(_raise)

    def hold(self) -> None:
        """Queue requests until :meth:`release`, because loading the typesetter would delay the window by 250 ms."""
        self._queued = []

    def release(self) -> None:
        """Typeset the queued requests, and later ones immediately."""
        queued, self._queued = self._queued or [], None
        for latex in queued:
            self._typeset(latex)

    def drawing(self, latex: str) -> bytes | None:
        """Return the formula as SVG, or ``None`` while it is being typeset."""
        known = self._drawings.get(latex)
        if known is None and latex and latex not in self._requested:
            self._requested.add(latex)
            if self._queued is None:
                self._typeset(latex)
            else:
                self._queued.append(latex)
        return known

    def wait(self) -> None:
        """Block until all requested formulas are typeset."""
        self._jobs.wait()

    def _typeset(self, latex: str) -> None:
        def job(_advance: Advance) -> str:
            self._drawings[latex] = formula_svg(latex, TYPE_SIZE, _INK)
            return latex

        self._jobs.submit(job)


def _raise(error: Exception) -> None:
    raise error


class FormulaView(QWidget):
    """Shows a formula in the theme's text colour, one part per line, scaled down where a line does not fit."""

    def __init__(self, store: FormulaStore, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._style = style
        self._parts: tuple[str, ...] = ()
        self._renderers: list[QSvgRenderer] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        store.ready.connect(self._on_ready)

    @property
    def is_drawn(self) -> bool:
        """Whether all parts are typeset."""
        return bool(self._parts) and len(self._renderers) == len(self._parts)

    def set_latex(self, latex: str) -> None:
        """Show the formula ``latex``."""
        parts = tuple(_PARTS.split(latex))
        if parts != self._parts:
            self._parts = parts
            self.setAccessibleName(latex)
            self._reload()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._reload()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the height of all parts at full size."""
        if not self.is_drawn:
            return QSize(0, round(self._style.px(24)))
        return QSize(0, round(sum(self._size(renderer).height() + self._gap for renderer in self._renderers)))

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts left-aligned, each at most as wide as the widget."""
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

    def _on_ready(self, latex: str) -> None:
        if latex in self._parts and not self.is_drawn:
            self._reload()

    def _reload(self) -> None:
        drawings = [self._store.drawing(part) for part in self._parts]
        ink = self._style.theme.ink.encode()
        self._renderers = [
            QSvgRenderer(QByteArray(drawing.replace(_INK.encode(), ink))) for drawing in drawings if drawing is not None
        ]
        self.updateGeometry()
        self.update()
