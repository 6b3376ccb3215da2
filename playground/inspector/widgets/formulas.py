"""Show typeset LaTeX formulas."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.plotting.drawing.formula_store import INK, FormulaStore
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

_PARTS: Final = re.compile(r",?\s*\\quad\s*")
"""Separators at which a formula is broken into lines."""


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
            QSvgRenderer(QByteArray(drawing.replace(INK.encode(), ink))) for drawing in drawings if drawing is not None
        ]
        self.updateGeometry()
        self.update()
